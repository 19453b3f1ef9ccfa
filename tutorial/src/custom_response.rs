use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial001b;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;
pub mod tutorial005;
pub mod tutorial006;
pub mod tutorial006b;
pub mod tutorial006c;
pub mod tutorial007;
pub mod tutorial008;
pub mod tutorial009;
pub mod tutorial009b;
pub mod tutorial009c;
pub mod tutorial010;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("custom_response.tutorial001", tutorial001::app),
    ("custom_response.tutorial001b", tutorial001b::app),
    ("custom_response.tutorial002", tutorial002::app),
    ("custom_response.tutorial003", tutorial003::app),
    ("custom_response.tutorial004", tutorial004::app),
    ("custom_response.tutorial005", tutorial005::app),
    ("custom_response.tutorial006", tutorial006::app),
    ("custom_response.tutorial006b", tutorial006b::app),
    ("custom_response.tutorial006c", tutorial006c::app),
    ("custom_response.tutorial007", tutorial007::app),
    ("custom_response.tutorial008", tutorial008::app),
    ("custom_response.tutorial009", tutorial009::app),
    ("custom_response.tutorial009b", tutorial009b::app),
    ("custom_response.tutorial009c", tutorial009c::app),
    ("custom_response.tutorial010", tutorial010::app),
];
