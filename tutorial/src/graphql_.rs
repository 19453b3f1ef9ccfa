use crate::apps::MakeApp;

pub mod tutorial001;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("graphql_.tutorial001", tutorial001::app),
];
