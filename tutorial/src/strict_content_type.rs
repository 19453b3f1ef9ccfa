use crate::apps::MakeApp;

pub mod tutorial001;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("strict_content_type.tutorial001", tutorial001::app),
];
