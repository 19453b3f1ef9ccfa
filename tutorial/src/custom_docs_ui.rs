use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("custom_docs_ui.tutorial001", tutorial001::app),
    ("custom_docs_ui.tutorial002", tutorial002::app),
];
