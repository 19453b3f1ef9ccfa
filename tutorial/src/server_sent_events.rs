use crate::apps::MakeApp;

pub mod tutorial001;
pub mod tutorial002;
pub mod tutorial003;
pub mod tutorial004;
pub mod tutorial005;

/// The apps of this topic by name.
#[rustfmt::skip]
pub const APPS: &[(&str, MakeApp)] = &[
    ("server_sent_events.tutorial001", tutorial001::app),
    ("server_sent_events.tutorial002", tutorial002::app),
    ("server_sent_events.tutorial003", tutorial003::app),
    ("server_sent_events.tutorial004", tutorial004::app),
    ("server_sent_events.tutorial005", tutorial005::app),
];
