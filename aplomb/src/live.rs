//! Looks into the running service: logs, metrics and snapshots on demand.
//!
//! A probe sits at a point of one or more routes. Requests of routes without probes read one number
//! and go on; those of others take note of what the probes want, by the models' own writers, and
//! leave what was captured in a queue. Everything else happens on the thread of the management
//! listener.
//!
//! A level decides what events and spans of some callsites give out. It is a probe by its id, its end
//! and its counts, and sits at the filter of a subscriber.

mod access;
mod api;
mod armed;
mod arming;
mod asked;
mod audit;
mod bounds;
mod budget;
mod catalog;
mod console;
mod conversation;
mod definition;
mod event;
mod expression;
mod figures;
mod hub;
mod level;
mod metric;
mod moment;
mod point;
mod probe;
mod profile;
mod rates;
mod refusal;
mod registry;
mod secrecy;
mod seen;
mod spans;
mod tally;
mod target;
mod vocabulary;
mod watch;

#[cfg(test)]
mod tests;

pub(crate) use access::{Access, MISLED, Rights};
pub(crate) use api::service;
pub(crate) use console::page;
pub(crate) use conversation::{Conversation, PassedMessage};
pub use level::LiveFilter;
pub(crate) use level::{Hiding, is_any as is_any_level_set};
pub(crate) use moment::EndedTask;
pub(crate) use point::Point;
pub(crate) use registry::{Live, LiveRoute};
pub(crate) use secrecy::{Secrecy, tells};
pub(crate) use seen::Seen;
pub use spans::LiveSpans;
pub(crate) use tally::Tally;
pub(crate) use watch::{Watch, WatchCell};
