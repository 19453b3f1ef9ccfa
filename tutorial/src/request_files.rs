use crate::apps::MakeApp;

mod page;
pub mod tutorial001;
pub mod tutorial001_02;
pub mod tutorial001_03;
pub mod tutorial002;
pub mod tutorial003;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("request_files.tutorial001", tutorial001::app),
    ("request_files.tutorial001_02", tutorial001_02::app),
    ("request_files.tutorial001_03", tutorial001_03::app),
    ("request_files.tutorial002", tutorial002::app),
    ("request_files.tutorial003", tutorial003::app),
];
