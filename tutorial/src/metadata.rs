use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial001_1;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("metadata.tutorial001", tutorial001::app),
    ("metadata.tutorial001_1", tutorial001_1::app),
    ("metadata.tutorial002", tutorial002::app),
    ("metadata.tutorial003", tutorial003::app),
    ("metadata.tutorial004", tutorial004::app),
];
