//! Aplomb: FastAPI's contract, in Rust, and it keeps its composure under load.

pub mod http;
pub mod json;
pub mod model;
pub mod openapi;

pub use model::Model;

#[doc(hidden)]
pub mod __private {
    pub use serde_json;
}
