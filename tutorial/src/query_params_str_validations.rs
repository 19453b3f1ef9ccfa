use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;
pub mod tutorial005;
pub mod tutorial006;
pub mod tutorial006c;
pub mod tutorial007;
pub mod tutorial008;
pub mod tutorial009;
pub mod tutorial010;
pub mod tutorial011;
pub mod tutorial012;
pub mod tutorial013;
pub mod tutorial014;
pub mod tutorial015;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("query_params_str_validations.tutorial001", tutorial001::app),
    ("query_params_str_validations.tutorial002", tutorial002::app),
    ("query_params_str_validations.tutorial003", tutorial003::app),
    ("query_params_str_validations.tutorial004", tutorial004::app),
    ("query_params_str_validations.tutorial005", tutorial005::app),
    ("query_params_str_validations.tutorial006", tutorial006::app),
    ("query_params_str_validations.tutorial006c", tutorial006c::app),
    ("query_params_str_validations.tutorial007", tutorial007::app),
    ("query_params_str_validations.tutorial008", tutorial008::app),
    ("query_params_str_validations.tutorial009", tutorial009::app),
    ("query_params_str_validations.tutorial010", tutorial010::app),
    ("query_params_str_validations.tutorial011", tutorial011::app),
    ("query_params_str_validations.tutorial012", tutorial012::app),
    ("query_params_str_validations.tutorial013", tutorial013::app),
    ("query_params_str_validations.tutorial014", tutorial014::app),
    ("query_params_str_validations.tutorial015", tutorial015::app),
];
