use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial003b;
pub mod tutorial004;
pub mod tutorial005;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("path_params.tutorial001", tutorial001::app),
    ("path_params.tutorial002", tutorial002::app),
    ("path_params.tutorial003", tutorial003::app),
    ("path_params.tutorial003b", tutorial003b::app),
    ("path_params.tutorial004", tutorial004::app),
    ("path_params.tutorial005", tutorial005::app),
];
