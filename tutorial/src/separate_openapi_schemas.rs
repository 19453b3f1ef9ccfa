use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("separate_openapi_schemas.tutorial001", tutorial001::app),
    ("separate_openapi_schemas.tutorial002", tutorial002::app),
];
