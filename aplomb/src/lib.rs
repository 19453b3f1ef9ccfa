#![doc = include_str!("guide.md")]

pub mod app;
pub mod argument;
pub mod background;
pub mod command;
pub mod depends;
mod error;
pub mod http;
pub mod json;
pub mod model;
mod mount;
pub mod openapi;
pub mod operation;
pub mod prelude;
mod program;
mod response_parts;
pub mod route;
pub mod security;
pub mod serve;
mod state;
pub mod testing;

#[doc = include_str!("model/derive.md")]
pub use aplomb_macros::Model;
#[doc = include_str!("operation/attribute.md")]
pub use aplomb_macros::get;
/// Runs `async fn main` on a runtime with a thread for every core.
///
/// Events are written to standard error; `RUST_LOG` says which, `info` unless it is set. An error
/// that `main` returns is printed, and the program ends with code 1.
///
/// ```
/// use aplomb::prelude::*;
///
/// #[aplomb::main]
/// async fn main() -> Result<()> {
///     let service = App::new().title("Shop").build();
///     service.start().await?;
///     Ok(())
/// }
/// ```
pub use aplomb_macros::main;
pub use aplomb_macros::{
    delete, dependency, head, options, patch, post, put, route, security, trace,
};
pub use app::{App, Service};
pub use argument::Argument;
pub use background::BackgroundTasks;
pub use depends::Depends;
pub use error::{Error, HttpException, RequestValidationError, Result};
pub use http::{Request, Response};
pub use json::Value;
pub use model::Model;
pub use operation::{IntoResponse, JsonLines};
pub use response_parts::ResponseParts;
pub use route::{Route, Router};
pub use state::State;

#[doc(hidden)]
pub mod __private {
    pub use crate::operation::expansion::*;
    pub use crate::program::block_on_main;
    pub use serde;
    pub use serde_json;

    pub use crate::model::Choice;
    pub use crate::model::choice;
    pub use crate::model::derived::*;
    pub use crate::model::keys::{Keys, tag};
    pub use crate::model::members::{Members, accept, too_deep};
    pub use crate::model::named::{Named, generic_label};
    pub use crate::model::union;
    pub use crate::model::variants::*;
}

/// Runs the examples of the front page.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct FrontPage;
