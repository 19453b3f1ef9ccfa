use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("body.tutorial001", tutorial001::app),
    ("body.tutorial002", tutorial002::app),
    ("body.tutorial003", tutorial003::app),
    ("body.tutorial004", tutorial004::app),
];
