use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;
pub mod tutorial005;
pub mod tutorial006;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("frontend.tutorial001", tutorial001::app),
    ("frontend.tutorial002", tutorial002::app),
    ("frontend.tutorial003", tutorial003::app),
    ("frontend.tutorial004", tutorial004::app),
    ("frontend.tutorial005", tutorial005::app),
    ("frontend.tutorial006", tutorial006::app),
];
