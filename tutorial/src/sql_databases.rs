use crate::apps::MakeApp;

mod database;
mod hero;
pub mod tutorial001;
pub mod tutorial002;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("sql_databases.tutorial001", tutorial001::app),
    ("sql_databases.tutorial002", tutorial002::app),
];
