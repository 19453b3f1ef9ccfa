//! What answers the errors that nobody else does.

use super::{App, Raised};
use crate::error::Exception;
use crate::http::Request;
use crate::operation::IntoResponse;
use crate::websocket::{WebSocket, WebSocketOutcome};

impl App {
    /// Answers errors of type `E`, raised anywhere, by this function.
    ///
    /// `E` may be [`HttpException`](crate::HttpException) or
    /// [`RequestValidationError`](crate::RequestValidationError), whose answers this replaces, or any
    /// error, also one of a tower layer.
    #[must_use]
    pub fn exception_handler<E, F, R>(mut self, handler: F) -> Self
    where
        E: Exception,
        F: Fn(Request, Raised<E>) -> R + Send + Sync + 'static,
        R: Future<Output: IntoResponse> + Send + 'static,
    {
        self.exceptions.by_type(handler);
        self
    }

    /// Answers every error of this status by this function, those of the router (404, 405) and
    /// unexpected ones (500) too, which are logged as well. A panic is no error: the server answers it,
    /// without this function.
    #[must_use]
    pub fn status_handler<F, R>(mut self, status: u16, handler: F) -> Self
    where
        F: Fn(Request, crate::Error) -> R + Send + Sync + 'static,
        R: Future<Output: IntoResponse> + Send + 'static,
    {
        self.exceptions.by_status(status, handler);
        self
    }

    /// Ends WebSockets that failed with an error of type `E` by this function; one that is not
    /// accepted yet may still be.
    ///
    /// Without one, an error that has an [`exception_handler`](Self::exception_handler) is
    /// answered by that, as long as the handshake is open.
    ///
    /// ```
    /// use aplomb::prelude::*;
    /// use aplomb::app::Raised;
    /// use aplomb::testing::TestClient;
    ///
    /// #[derive(Debug)]
    /// struct RoomIsFull;
    ///
    /// impl std::fmt::Display for RoomIsFull {
    ///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    ///         f.write_str("the room is full")
    ///     }
    /// }
    ///
    /// impl std::error::Error for RoomIsFull {}
    ///
    /// #[websocket("/room")]
    /// async fn enter(socket: WebSocket) -> Result<()> {
    ///     socket.accept().await?;
    ///     Err(RoomIsFull.into())
    /// }
    ///
    /// let app = App::new().routes(routes![enter]).websocket_exception_handler(
    ///     |socket: WebSocket, error: Raised<RoomIsFull>| async move {
    ///         socket.close(4000, error.to_string()).await
    ///     },
    /// );
    /// let client = TestClient::new(app);
    /// let mut socket = client.websocket("/room").connect();
    /// assert_eq!(socket.receive_close().reason, "the room is full");
    /// ```
    #[must_use]
    pub fn websocket_exception_handler<E, F, R>(mut self, handler: F) -> Self
    where
        E: Exception,
        F: Fn(WebSocket, Raised<E>) -> R + Send + Sync + 'static,
        R: Future<Output: WebSocketOutcome> + Send + 'static,
    {
        self.websocket_handlers.insert(handler);
        self
    }
}
