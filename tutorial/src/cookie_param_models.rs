use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("cookie_param_models.tutorial001", tutorial001::app),
    ("cookie_param_models.tutorial002", tutorial002::app),
    ("cookie_param_models.tutorial003", tutorial003::app),
];
