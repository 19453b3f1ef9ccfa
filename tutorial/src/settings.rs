use crate::apps::MakeApp;

pub mod app01;
pub mod app02;
pub mod app03;
mod config;
pub mod tutorial001;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("settings.app01.main", app01::app),
    ("settings.app02.main", app02::app),
    ("settings.app03.main", app03::app),
    ("settings.tutorial001", tutorial001::app),
];
