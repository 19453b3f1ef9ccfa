#![doc = include_str!("guide.md")]

mod admission;
pub mod app;
pub mod argument;
pub mod background;
pub mod command;
pub mod database;
pub mod deadline;
pub mod depends;
mod error;
pub mod frontend;
mod generate;
mod health;
pub mod http;
pub mod json;
mod live;
pub mod middleware;
pub mod model;
mod mount;
pub mod observe;
pub mod openapi;
pub mod operation;
pub mod prelude;
mod program;
mod response_parts;
pub mod route;
pub mod security;
pub mod serve;
pub mod settings;
mod state;
mod static_files;
#[cfg(feature = "templates")]
pub mod templates;
pub mod testing;
pub mod types;
pub mod websocket;

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
    delete, dependency, head, options, patch, post, put, route, security, trace, websocket,
};
pub use app::{App, Service};
pub use argument::Argument;
pub use background::BackgroundTasks;
#[doc(inline)]
pub use deadline::Deadline;
pub use depends::Depends;
pub use error::{Error, Exception, HttpException, RequestValidationError, Result};
pub use frontend::Frontend;
/// The trait of streams, for `impl Stream<Item = T>`.
pub use futures_core::Stream;
pub use generate::{Output, generate, try_generate};
pub use http::{FileResponse, Request, Response, ServerSentEvent, UploadFile};
pub use json::Value;
pub use model::Model;
pub use mount::Mountable;
pub use operation::{
    EventStream, IntoResponse, JsonArray, JsonLines, JsonResponse, ResponseClass, StreamingResponse,
};
pub use response_parts::ResponseParts;
pub use route::{NoMatchFound, Route, Router};
pub use state::State;
pub use static_files::StaticFiles;
pub use websocket::{WebSocket, WebSocketSettings};

#[doc(hidden)]
pub mod __private {
    pub use crate::depends::{Look, LookAtModel, LookAtOther};
    pub use crate::operation::expansion::*;
    pub use crate::program::block_on_main;
    pub use crate::websocket::finish_websocket;
    pub use serde;
    pub use serde_json;

    pub use crate::model::Choice;
    pub use crate::model::choice;
    pub use crate::model::derived::*;
    pub use crate::model::form::members as form_members;
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

/// Runs the examples of the page for those who carry a service over.
#[cfg(doctest)]
#[doc = include_str!("../../docs/porting.md")]
struct Porting;
