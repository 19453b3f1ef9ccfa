//! The two directions of a WebSocket.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use super::{Message, WebSocket, WebSocketError};
use crate::model::Model;

/// The direction to the client; clones may send from several tasks.
#[derive(Clone, Debug)]
pub struct WebSocketSender(WebSocket);

impl WebSocketSender {
    pub(super) fn new(socket: WebSocket) -> Self {
        Self(socket)
    }

    /// Sends a message; see [`WebSocket::send_message`].
    ///
    /// # Errors
    /// [`WebSocketError::Disconnect`] when the connection is over.
    pub async fn send_message(&self, message: impl Into<Message>) -> Result<(), WebSocketError> {
        self.0.send_message(message).await
    }

    /// Sends text; see [`WebSocket::send_text`].
    ///
    /// # Errors
    /// [`WebSocketError::Disconnect`] when the connection is over.
    pub async fn send_text(&self, text: impl Into<String>) -> Result<(), WebSocketError> {
        self.0.send_text(text).await
    }

    /// Sends bytes; see [`WebSocket::send_bytes`].
    ///
    /// # Errors
    /// [`WebSocketError::Disconnect`] when the connection is over.
    pub async fn send_bytes(&self, bytes: impl Into<Bytes>) -> Result<(), WebSocketError> {
        self.0.send_bytes(bytes).await
    }

    /// Sends a model or any JSON value; see [`WebSocket::send_json`].
    ///
    /// # Errors
    /// [`WebSocketError::Disconnect`] when the connection is over.
    pub async fn send_json<T: Model>(&self, value: &T) -> Result<(), WebSocketError> {
        self.0.send_json(value).await
    }

    /// Closes the connection; see [`WebSocket::close`].
    ///
    /// # Errors
    /// [`WebSocketError::Disconnect`] when the connection is over already.
    pub async fn close(&self, code: u16, reason: impl Into<String>) -> Result<(), WebSocketError> {
        self.0.close(code, reason).await
    }
}

/// The direction from the client: a stream of messages, which ends with the connection.
///
/// ```
/// use aplomb::prelude::*;
/// use aplomb::testing::TestClient;
/// use futures_util::StreamExt as _;
///
/// #[websocket("/count")]
/// async fn count(socket: WebSocket) -> Result<()> {
///     socket.accept().await?;
///     let (sender, receiver) = socket.split();
///     let mut numbered = receiver.enumerate();
///     while let Some((number, _)) = numbered.next().await {
///         sender.send_text((number + 1).to_string()).await?;
///     }
///     Ok(())
/// }
///
/// let client = TestClient::new(App::new().routes(routes![count]));
/// let mut socket = client.websocket("/count").connect();
/// socket.send_text("a");
/// socket.send_bytes(b"b".as_slice());
/// assert_eq!((socket.receive_text(), socket.receive_text()), ("1".into(), "2".into()));
/// ```
pub struct WebSocketReceiver {
    socket: WebSocket,
}

impl WebSocketReceiver {
    pub(super) fn new(socket: WebSocket) -> Self {
        Self { socket }
    }

    /// The socket, for its other ways to receive.
    pub fn socket(&self) -> &WebSocket {
        &self.socket
    }
}

impl Stream for WebSocketReceiver {
    type Item = Message;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Message>> {
        self.socket.poll_receive(context).map(Result::ok)
    }
}

impl fmt::Debug for WebSocketReceiver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("WebSocketReceiver")
            .field(&self.socket)
            .finish()
    }
}
