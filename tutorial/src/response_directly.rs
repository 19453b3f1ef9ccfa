use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("response_directly.tutorial001", tutorial001::app),
    ("response_directly.tutorial002", tutorial002::app),
];
