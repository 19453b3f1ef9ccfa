use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial001_01;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial003_01;
pub mod tutorial003_02;
pub mod tutorial003_03;
pub mod tutorial003_05;
pub mod tutorial004;
pub mod tutorial005;
pub mod tutorial006;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("response_model.tutorial001", tutorial001::app),
    ("response_model.tutorial001_01", tutorial001_01::app),
    ("response_model.tutorial002", tutorial002::app),
    ("response_model.tutorial003", tutorial003::app),
    ("response_model.tutorial003_01", tutorial003_01::app),
    ("response_model.tutorial003_02", tutorial003_02::app),
    ("response_model.tutorial003_03", tutorial003_03::app),
    ("response_model.tutorial003_05", tutorial003_05::app),
    ("response_model.tutorial004", tutorial004::app),
    ("response_model.tutorial005", tutorial005::app),
    ("response_model.tutorial006", tutorial006::app),
];
