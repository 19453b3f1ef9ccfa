//! The functions that decide how errors end a WebSocket.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use super::{WebSocket, WebSocketOutcome};
use crate::app::Raised;
use crate::error::{ByType, Error, Exception, Result};

type Ending = Pin<Box<dyn Future<Output = Result<()>> + Send>>;
type Handler = Arc<dyn Fn(WebSocket, Error) -> Ending + Send + Sync>;

/// The functions that decide how errors end a WebSocket, by type.
#[derive(Clone, Default)]
pub struct WebSocketHandlers(ByType<Handler>);

impl WebSocketHandlers {
    pub(crate) fn insert<E, F, R>(&mut self, handler: F)
    where
        E: Exception,
        F: Fn(WebSocket, Raised<E>) -> R + Send + Sync + 'static,
        R: Future<Output: WebSocketOutcome> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |socket, error| {
            let ending = handler(socket, Raised::new(error));
            Box::pin(async move { ending.await.into_result() })
        });
        self.0.insert::<E>(handler);
    }

    /// The handler's call for this error, if it has one.
    pub(super) fn call(&self, socket: &WebSocket, error: &Error) -> Option<Ending> {
        let handler = self.0.get(error)?;
        Some(handler(socket.clone(), error.clone()))
    }
}

impl fmt::Debug for WebSocketHandlers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        formatter
            .debug_tuple("WebSocketHandlers")
            .field(&count)
            .finish()
    }
}
