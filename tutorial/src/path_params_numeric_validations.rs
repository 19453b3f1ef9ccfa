use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;
pub mod tutorial005;
pub mod tutorial006;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("path_params_numeric_validations.tutorial001", tutorial001::app),
    ("path_params_numeric_validations.tutorial002", tutorial002::app),
    ("path_params_numeric_validations.tutorial003", tutorial003::app),
    ("path_params_numeric_validations.tutorial004", tutorial004::app),
    ("path_params_numeric_validations.tutorial005", tutorial005::app),
    ("path_params_numeric_validations.tutorial006", tutorial006::app),
];
