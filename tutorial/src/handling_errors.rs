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
    ("handling_errors.tutorial001", tutorial001::app),
    ("handling_errors.tutorial002", tutorial002::app),
    ("handling_errors.tutorial003", tutorial003::app),
    ("handling_errors.tutorial004", tutorial004::app),
    ("handling_errors.tutorial005", tutorial005::app),
    ("handling_errors.tutorial006", tutorial006::app),
];
