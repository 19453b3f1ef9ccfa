//! Routes, routers and how a path finds its route.

mod definition;
mod endpoint;
mod inherited;
mod limits;
mod names;
mod pattern;
mod router;
mod table;

pub use definition::{AnswerStatus, Route};
pub(crate) use endpoint::Endpoint;
pub(crate) use inherited::{Inherited, ResponseObject};
pub(crate) use limits::RequestLimits;
pub use names::NoMatchFound;
pub(crate) use names::{Names, UrlBase};
pub(crate) use pattern::{PATH, Pattern};
pub(crate) use router::Entry;
pub use router::{Mount, Router};
pub(crate) use table::{Match, Table, Target};
