use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;
pub mod tutorial005;
pub mod tutorial006;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("query_params.tutorial001", tutorial001::app),
    ("query_params.tutorial002", tutorial002::app),
    ("query_params.tutorial003", tutorial003::app),
    ("query_params.tutorial004", tutorial004::app),
    ("query_params.tutorial005", tutorial005::app),
    ("query_params.tutorial006", tutorial006::app),
];
