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
    ("path_operation_advanced_configuration.tutorial001", tutorial001::app),
    ("path_operation_advanced_configuration.tutorial002", tutorial002::app),
    ("path_operation_advanced_configuration.tutorial003", tutorial003::app),
    ("path_operation_advanced_configuration.tutorial004", tutorial004::app),
    ("path_operation_advanced_configuration.tutorial005", tutorial005::app),
    ("path_operation_advanced_configuration.tutorial006", tutorial006::app),
    ("path_operation_advanced_configuration.tutorial007", tutorial007::app),
];
