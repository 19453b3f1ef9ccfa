use crate::apps::MakeApp;

pub mod app_a;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("async_tests.app_a.main", app_a::app),
];
