use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("header_param_models.tutorial001", tutorial001::app),
    ("header_param_models.tutorial002", tutorial002::app),
    ("header_param_models.tutorial003", tutorial003::app),
    ("header_param_models.tutorial004", tutorial004::app),
];
