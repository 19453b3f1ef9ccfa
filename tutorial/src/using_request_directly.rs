use crate::apps::MakeApp;

pub mod tutorial001;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("using_request_directly.tutorial001", tutorial001::app),
];
