use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("header_params.tutorial001", tutorial001::app),
    ("header_params.tutorial002", tutorial002::app),
    ("header_params.tutorial003", tutorial003::app),
];
