use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("generate_clients.tutorial001", tutorial001::app),
    ("generate_clients.tutorial002", tutorial002::app),
    ("generate_clients.tutorial003", tutorial003::app),
];
