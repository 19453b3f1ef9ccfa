use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;
pub mod tutorial005;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("schema_extra_example.tutorial001", tutorial001::app),
    ("schema_extra_example.tutorial002", tutorial002::app),
    ("schema_extra_example.tutorial003", tutorial003::app),
    ("schema_extra_example.tutorial004", tutorial004::app),
    ("schema_extra_example.tutorial005", tutorial005::app),
];
