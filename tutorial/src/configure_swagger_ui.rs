use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("configure_swagger_ui.tutorial001", tutorial001::app),
    ("configure_swagger_ui.tutorial002", tutorial002::app),
    ("configure_swagger_ui.tutorial003", tutorial003::app),
];
