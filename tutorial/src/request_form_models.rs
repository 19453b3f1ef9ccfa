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
    ("request_form_models.tutorial001", tutorial001::app),
    ("request_form_models.tutorial002", tutorial002::app),
    ("request_form_models.tutorial003", tutorial003::app),
    ("request_form_models.tutorial004", tutorial004::app),
    ("request_form_models.tutorial005", tutorial005::app),
    ("request_form_models.tutorial006", tutorial006::app),
    ("request_form_models.tutorial007", tutorial007::app),
];
