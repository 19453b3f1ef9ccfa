use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;
pub mod tutorial005;
pub mod tutorial006;
pub mod tutorial007;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("security.tutorial001", tutorial001::app),
    ("security.tutorial002", tutorial002::app),
    ("security.tutorial003", tutorial003::app),
    ("security.tutorial004", tutorial004::app),
    ("security.tutorial005", tutorial005::app),
    ("security.tutorial006", tutorial006::app),
    ("security.tutorial007", tutorial007::app),
];
