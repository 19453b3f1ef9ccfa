use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial001_02;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;
pub mod tutorial005;
pub mod tutorial006;
pub mod tutorial007;
pub mod tutorial008;
pub mod tutorial008b;
pub mod tutorial008c;
pub mod tutorial008d;
pub mod tutorial008e;
pub mod tutorial010;
pub mod tutorial011;
pub mod tutorial012;
pub mod tutorial013;
pub mod tutorial014;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("dependencies.tutorial001", tutorial001::app),
    ("dependencies.tutorial001_02", tutorial001_02::app),
    ("dependencies.tutorial002", tutorial002::app),
    ("dependencies.tutorial003", tutorial003::app),
    ("dependencies.tutorial004", tutorial004::app),
    ("dependencies.tutorial005", tutorial005::app),
    ("dependencies.tutorial006", tutorial006::app),
    ("dependencies.tutorial007", tutorial007::app),
    ("dependencies.tutorial008", tutorial008::app),
    ("dependencies.tutorial008b", tutorial008b::app),
    ("dependencies.tutorial008c", tutorial008c::app),
    ("dependencies.tutorial008d", tutorial008d::app),
    ("dependencies.tutorial008e", tutorial008e::app),
    ("dependencies.tutorial010", tutorial010::app),
    ("dependencies.tutorial011", tutorial011::app),
    ("dependencies.tutorial012", tutorial012::app),
    ("dependencies.tutorial013", tutorial013::app),
    ("dependencies.tutorial014", tutorial014::app),
];
