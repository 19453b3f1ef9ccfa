use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;
pub mod tutorial005;
pub mod tutorial006;
pub mod tutorial007;
pub mod tutorial008;
pub mod tutorial009;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("body_nested_models.tutorial001", tutorial001::app),
    ("body_nested_models.tutorial002", tutorial002::app),
    ("body_nested_models.tutorial003", tutorial003::app),
    ("body_nested_models.tutorial004", tutorial004::app),
    ("body_nested_models.tutorial005", tutorial005::app),
    ("body_nested_models.tutorial006", tutorial006::app),
    ("body_nested_models.tutorial007", tutorial007::app),
    ("body_nested_models.tutorial008", tutorial008::app),
    ("body_nested_models.tutorial009", tutorial009::app),
];
