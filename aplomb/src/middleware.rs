//! What stands around every request: [`Middleware`], and those that come with the framework.
//!
//! A function is a middleware; so are the values of this module, and
//! [`App::layer`](crate::App::layer) takes any tower layer. The one added last stands outermost.
//! Middleware stands around everything: pages of the documentation, mounts, 404s, and the answers
//! to exceptions. An error that nobody handles passes through it as an `Err`, and is answered with
//! 500 outside of it.

mod cors;
mod gzip;
mod https_redirect;
mod layer;
mod request_id;
mod sessions;
mod stage;
mod trace;
mod trusted_host;
mod vary;

pub use cors::Cors;
pub use gzip::{Gzip, GzipRequest};
pub use https_redirect::HttpsRedirect;
pub use layer::NextService;
pub(crate) use request_id::Id;
pub use request_id::RequestId;
pub use sessions::{Session, Sessions};
pub use stage::Next;
pub(crate) use stage::{Answer, Layered, Stage};
pub use trace::{Trace, TraceContext};
pub(crate) use trusted_host::HostIsTrusted;
pub use trusted_host::TrustedHost;

use crate::error::Result;
use crate::http::{Request, Response};
use crate::operation::{IntoResponse, ResponseSettings};

/// Something that stands around requests: any `async fn(Request, Next) -> Result<Response>`, or a
/// value with settings.
///
/// ```
/// use std::time::Instant;
/// use aplomb::middleware::Next;
/// use aplomb::prelude::*;
///
/// async fn add_process_time(request: Request, next: Next) -> Result<Response> {
///     let start = Instant::now();
///     let response = next.run(request).await?;
///     let seconds = start.elapsed().as_secs_f64();
///     Ok(response.header("x-process-time", seconds.to_string()))
/// }
///
/// let app = App::new().middleware(add_process_time);
/// let client = aplomb::testing::TestClient::new(app);
/// assert!(client.get("/docs").send().header("x-process-time").is_some());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a middleware",
    label = "expected `async fn(Request, Next) -> Result<Response>`",
    note = "a tower layer is added with `.layer(…)`"
)]
pub trait Middleware: Send + Sync + 'static {
    /// Answers one request, usually with what `next` answers.
    ///
    /// # Errors
    /// What `next` failed with, or an [`HttpException`](crate::HttpException) of its own, which is
    /// answered as one of a handler is. Any other error is answered with 500.
    fn handle(&self, request: Request, next: Next)
    -> impl Future<Output = Result<Response>> + Send;

    /// Whether it stands around the handshakes of WebSockets too, which it otherwise never sees.
    /// Functions do not, as FastAPI's `@app.middleware("http")`.
    fn handles_websockets(&self) -> bool {
        false
    }
}

impl<F, R> Middleware for F
where
    F: Fn(Request, Next) -> R + Send + Sync + 'static,
    R: Future<Output: IntoResponse> + Send,
{
    async fn handle(&self, request: Request, next: Next) -> Result<Response> {
        let answer = self(request, next).await;
        answer.into_response(&ResponseSettings::default())
    }
}
