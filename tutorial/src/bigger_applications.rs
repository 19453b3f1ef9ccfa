use crate::apps::MakeApp;

pub mod app;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("bigger_applications.app.main", app::main::app),
];
