use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("additional_responses.tutorial001", tutorial001::app),
    ("additional_responses.tutorial002", tutorial002::app),
    ("additional_responses.tutorial003", tutorial003::app),
    ("additional_responses.tutorial004", tutorial004::app),
];
