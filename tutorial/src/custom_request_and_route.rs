use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("custom_request_and_route.tutorial001", tutorial001::app),
    ("custom_request_and_route.tutorial002", tutorial002::app),
    ("custom_request_and_route.tutorial003", tutorial003::app),
];
