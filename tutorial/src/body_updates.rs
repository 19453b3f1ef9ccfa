use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("body_updates.tutorial001", tutorial001::app),
    ("body_updates.tutorial002", tutorial002::app),
];
