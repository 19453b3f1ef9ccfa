use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("request_body_limits.tutorial001", tutorial001::app),
    ("request_body_limits.tutorial002", tutorial002::app),
];
