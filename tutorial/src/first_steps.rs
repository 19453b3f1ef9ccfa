use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial003;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("first_steps.tutorial001", tutorial001::app),
    ("first_steps.tutorial003", tutorial003::app),
];
