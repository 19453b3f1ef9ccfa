use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("stream_data.tutorial001", tutorial001::app),
    ("stream_data.tutorial002", tutorial002::app),
];
