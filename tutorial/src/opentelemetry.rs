use crate::apps::MakeApp;

pub mod tutorial001;

/// The apps of this topic by name; they differ in what exports their spans, which is no part of them.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("opentelemetry.tutorial001", tutorial001::app),
    ("opentelemetry.tutorial002", tutorial001::app),
    ("opentelemetry.tutorial003", tutorial001::app),
];
