//! Routes, routers and how a path finds its route.

mod endpoint;
mod pattern;
mod router;
mod table;

pub(crate) use endpoint::Endpoint;
pub(crate) use pattern::Pattern;
pub use router::{AnswerStatus, Mount, Route, Router};
pub(crate) use router::{Entry, Inherited};
pub(crate) use table::{Match, Table, Target};
