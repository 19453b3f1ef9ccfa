use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial001_01;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("behind_a_proxy.tutorial001", tutorial001::app),
    ("behind_a_proxy.tutorial001_01", tutorial001_01::app),
    ("behind_a_proxy.tutorial002", tutorial002::app),
    ("behind_a_proxy.tutorial003", tutorial003::app),
    ("behind_a_proxy.tutorial004", tutorial004::app),
];
