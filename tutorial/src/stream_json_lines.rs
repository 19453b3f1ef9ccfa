use crate::apps::MakeApp;

pub mod tutorial001;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("stream_json_lines.tutorial001", tutorial001::app),
];
