//! What the function of a WebSocket returns.

use crate::error::{Error, Result};
use crate::http::{Body, Response};
use crate::operation::{Binder, HandlerFuture};

/// What the function of a WebSocket may return: nothing, or a `Result` of nothing.
#[diagnostic::on_unimplemented(
    message = "the function of a WebSocket cannot return `{Self}`",
    label = "return nothing or `Result<()>`; what the client is to get is sent through the socket"
)]
pub trait WebSocketOutcome: Send {
    /// How the conversation went.
    ///
    /// # Errors
    /// What the function failed with.
    fn into_result(self) -> Result<()>;
}

impl WebSocketOutcome for () {
    fn into_result(self) -> Result<()> {
        Ok(())
    }
}

impl<E: Into<Error> + Send> WebSocketOutcome for Result<(), E> {
    fn into_result(self) -> Result<()> {
        self.map_err(Into::into)
    }
}

/// The call of a WebSocket's function as that of any handler.
#[doc(hidden)]
pub fn finish_websocket<R: WebSocketOutcome + 'static>(
    _: &Binder<'_>,
    future: impl Future<Output = R> + Send + 'static,
) -> HandlerFuture {
    Box::pin(async move {
        future.await.into_result()?;
        Ok(Response::new(Body::empty()))
    })
}
