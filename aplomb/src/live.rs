//! Looks into the running service: logs, metrics and snapshots on demand.
//!
//! A probe sits at a point of one or more routes. Requests of routes without probes read one number
//! and go on; those of others take note of what the probes want, by the models' own writers, and
//! leave what was captured in a queue. Everything else happens on the thread of the management
//! listener.

mod access;
mod api;
mod armed;
mod arming;
mod audit;
mod bounds;
mod budget;
mod catalog;
mod definition;
mod event;
mod expression;
mod hub;
mod metric;
mod moment;
mod point;
mod probe;
mod registry;
mod secrecy;
mod seen;
mod target;
mod vocabulary;
mod watch;

pub(crate) use access::Access;
pub(crate) use api::service;
pub(crate) use moment::EndedTask;
pub(crate) use registry::{Live, LiveRoute};
pub(crate) use secrecy::Secrecy;
pub(crate) use seen::Seen;
pub(crate) use watch::WatchCell;
