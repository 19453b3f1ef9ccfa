//! The OpenAPI 3.1 document and its pages.

mod document;
mod pages;
mod schemas;
pub(crate) mod title;

pub(crate) use document::DocumentedRoute;
pub(crate) use pages::pages;
pub use schemas::{Mode, Schemas, Settled};
