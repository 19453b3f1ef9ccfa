use crate::apps::MakeApp;
use crate::events;

pub mod app_b;
pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial004;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("app_testing.app_a.main", tutorial001::app),
    ("app_testing.app_b.main", app_b::app),
    ("app_testing.tutorial001", tutorial001::app),
    ("app_testing.tutorial002", tutorial002::app),
    ("app_testing.tutorial003", events::tutorial001::app),
    ("app_testing.tutorial004", tutorial004::app),
];
