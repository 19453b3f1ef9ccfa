use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;
pub mod tutorial005;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("body_multiple_params.tutorial001", tutorial001::app),
    ("body_multiple_params.tutorial002", tutorial002::app),
    ("body_multiple_params.tutorial003", tutorial003::app),
    ("body_multiple_params.tutorial004", tutorial004::app),
    ("body_multiple_params.tutorial005", tutorial005::app),
];
