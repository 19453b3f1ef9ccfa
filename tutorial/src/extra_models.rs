use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;
pub mod tutorial005;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("extra_models.tutorial001", tutorial001::app),
    ("extra_models.tutorial002", tutorial002::app),
    ("extra_models.tutorial003", tutorial003::app),
    ("extra_models.tutorial004", tutorial004::app),
    ("extra_models.tutorial005", tutorial005::app),
];
