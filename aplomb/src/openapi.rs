//! The OpenAPI 3.1 document and its pages.

mod schemas;

pub use schemas::{Mode, Schemas, Settled};
