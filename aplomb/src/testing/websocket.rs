//! [`TestWebSocket`]: a WebSocket without a port.

mod open;

use std::fmt;
use std::ops::Deref;
use std::time::Duration;

use bytes::Bytes;

use super::{AsyncTestClient, TestClient, TestRequest, TestResponse};
use crate::json::{self, Value};
use crate::websocket::{Message, NORMAL_CLOSURE, WebSocketDisconnect};
use open::Open;

/// How long a function may go on after its client has left before the client stops waiting.
const PATIENCE: Duration = Duration::from_secs(5);

/// A WebSocket before it is opened; made by the `websocket` methods of
/// [`TestClient`] and [`AsyncTestClient`].
#[derive(Clone, Debug)]
#[must_use = "a WebSocket does nothing until it is opened"]
pub struct WebSocketRequest<'c, C>(TestRequest<'c, C>);

impl<'c, C> WebSocketRequest<'c, C> {
    pub(super) fn new(request: TestRequest<'c, C>) -> Self {
        Self(request)
    }

    /// Adds a header.
    ///
    /// # Panics
    /// When HTTP does not allow the name or the value.
    #[track_caller]
    pub fn header(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        Self(self.0.header(name, value))
    }

    /// Adds names and values to the query.
    pub fn query<K: ToString, V: ToString>(self, pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        Self(self.0.query(pairs))
    }

    /// Sends a cookie with the handshake.
    pub fn cookie(self, name: &str, value: &str) -> Self {
        Self(self.0.cookie(name, value))
    }

    /// Offers protocols, the one the client likes best first.
    #[track_caller]
    pub fn subprotocols(self, names: &[&str]) -> Self {
        self.header("sec-websocket-protocol", names.join(", "))
    }
}

/// How a handshake was refused: the answer to it, which this is a handle on, and the code and
/// reason of a close before `accept`, which a client over a network does not see.
#[derive(Clone, Debug)]
pub struct WebSocketRefusal {
    response: TestResponse,
    close: Option<WebSocketDisconnect>,
}

impl WebSocketRefusal {
    /// Code and reason, where the connection was closed before it was accepted.
    pub fn close(&self) -> Option<&WebSocketDisconnect> {
        self.close.as_ref()
    }
}

impl Deref for WebSocketRefusal {
    type Target = TestResponse;

    fn deref(&self) -> &TestResponse {
        &self.response
    }
}

impl fmt::Display for WebSocketRefusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the handshake was answered {}",
            self.response.status()
        )?;
        match &self.close {
            Some(close) => write!(formatter, ": {close}"),
            None => write!(formatter, ": {}", self.response.text()),
        }
    }
}

/// An open WebSocket of a test client; dropping it closes it.
///
/// The methods of one from [`TestClient`] wait, those of one from [`AsyncTestClient`] are async.
///
/// ```
/// use aplomb::prelude::*;
/// use aplomb::testing::AsyncTestClient;
///
/// #[websocket("/hello")]
/// async fn hello(socket: WebSocket) -> Result<()> {
///     socket.accept().await?;
///     socket.send_json(&json!({"hello": "world"})).await?;
///     Ok(())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let client = AsyncTestClient::new(App::new().routes(routes![hello]));
/// let mut socket = client.websocket("/hello").connect().await;
/// assert_eq!(socket.receive_json().await, json!({"hello": "world"}));
/// assert_eq!(socket.receive_close().await.code, 1000);
/// # }
/// ```
pub struct TestWebSocket<'c, C> {
    client: &'c C,
    open: Open,
}

impl<C> TestWebSocket<'_, C> {
    /// The protocol the service chose.
    pub fn accepted_subprotocol(&self) -> Option<&str> {
        self.open.header("sec-websocket-protocol")
    }

    /// The first header of this name in the answer to the handshake, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.open.header(name)
    }
}

impl<C> fmt::Debug for TestWebSocket<'_, C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TestWebSocket")
    }
}

/// Text of a message, or a panic.
#[track_caller]
fn text(message: Message) -> String {
    match message {
        Message::Text(text) => text,
        Message::Bytes(bytes) => panic!("expected text, and these bytes came: {bytes:?}"),
    }
}

#[track_caller]
fn bytes(message: Message) -> Bytes {
    match message {
        Message::Bytes(bytes) => bytes,
        Message::Text(text) => panic!("expected bytes, and this text came: {text:?}"),
    }
}

#[track_caller]
fn json_of(message: &Message) -> Value {
    match json::parse(message.as_bytes()) {
        Ok(value) => value,
        Err(error) => panic!("expected JSON, and this came: {message:?} ({error:?})"),
    }
}

#[track_caller]
fn next(message: Result<Message, WebSocketDisconnect>) -> Message {
    match message {
        Ok(message) => message,
        Err(disconnect) => panic!("expected a message, and {disconnect}"),
    }
}

#[track_caller]
fn end(message: Result<Message, WebSocketDisconnect>) -> WebSocketDisconnect {
    match message {
        Err(disconnect) => disconnect,
        Ok(message) => panic!("expected the connection to close, and this came: {message:?}"),
    }
}

/// The methods of both kinds of sockets.
macro_rules! methods {
    ($client:ty, $run:ident, $(#[$caller:meta])? $([$async:tt $await:tt])?) => {
        impl<'c> WebSocketRequest<'c, $client> {
            /// Opens the WebSocket.
            ///
            /// # Errors
            /// How the service refused it.
            ///
            /// # Panics
            /// When the service fails in a way that nobody handles.
            $(#[$caller])?
            pub $($async)? fn try_connect(self) -> Result<TestWebSocket<'c, $client>, WebSocketRefusal> {
                let (client, message) = self.0.into_parts();
                let opening = Open::open(&client.exchange, message);
                match $run!(client, opening) {
                    Ok(Ok(open)) => Ok(TestWebSocket { client, open }),
                    Ok(Err(refusal)) => Err(*refusal),
                    Err(failure) => panic!("{failure}"),
                }
            }

            /// Opens the WebSocket.
            ///
            /// # Panics
            /// When the service refuses it, or fails in a way that nobody handles.
            $(#[$caller])?
            pub $($async)? fn connect(self) -> TestWebSocket<'c, $client> {
                match self.try_connect()$(.$await)? {
                    Ok(socket) => socket,
                    Err(refusal) => panic!("{refusal}"),
                }
            }

            /// Asks for the WebSocket, which the service refuses.
            ///
            /// # Panics
            /// When the service accepts it, or fails in a way that nobody handles.
            $(#[$caller])?
            pub $($async)? fn refused(self) -> WebSocketRefusal {
                match self.try_connect()$(.$await)? {
                    Err(refusal) => refusal,
                    Ok(_) => panic!("the WebSocket was to be refused, and is accepted"),
                }
            }
        }

        impl TestWebSocket<'_, $client> {
            /// Sends a message; nothing happens when the connection is over.
            pub $($async)? fn send(&mut self, message: impl Into<Message>) {
                let sending = self.open.send(message.into());
                $run!(self.client, sending);
            }

            /// Sends text; nothing happens when the connection is over.
            pub $($async)? fn send_text(&mut self, text: impl Into<String>) {
                self.send(text.into())$(.$await)?;
            }

            /// Sends bytes; nothing happens when the connection is over.
            pub $($async)? fn send_bytes(&mut self, bytes: impl Into<Bytes>) {
                self.send(bytes.into())$(.$await)?;
            }

            /// Sends JSON as text; nothing happens when the connection is over.
            pub $($async)? fn send_json(&mut self, value: &Value) {
                self.send(value.to_string())$(.$await)?;
            }

            /// The next message, or how the connection ended.
            ///
            /// # Errors
            /// The code and reason of the close.
            ///
            /// # Panics
            /// When the service failed in a way that nobody handles, unless the client is told
            /// otherwise with `raise_server_exceptions`.
            $(#[$caller])?
            pub $($async)? fn try_receive(&mut self) -> Result<Message, WebSocketDisconnect> {
                let raise = self.client.exchange.settings.raise;
                let receiving = self.open.receive();
                let message = $run!(self.client, receiving);
                if raise && message.is_err()
                    && let Some(error) = self.open.error()
                {
                    panic!("the WebSocket failed with an error that nobody handles: {error}\n{error:?}");
                }
                message
            }

            /// The next message.
            ///
            /// # Panics
            /// When the connection is over.
            $(#[$caller])?
            pub $($async)? fn receive(&mut self) -> Message {
                next(self.try_receive()$(.$await)?)
            }

            /// The next message, which is text.
            ///
            /// # Panics
            /// When it is not, or the connection is over.
            $(#[$caller])?
            pub $($async)? fn receive_text(&mut self) -> String {
                text(next(self.try_receive()$(.$await)?))
            }

            /// The next message, which is bytes.
            ///
            /// # Panics
            /// When it is not, or the connection is over.
            $(#[$caller])?
            pub $($async)? fn receive_bytes(&mut self) -> Bytes {
                bytes(next(self.try_receive()$(.$await)?))
            }

            /// The next message, which is JSON.
            ///
            /// # Panics
            /// When it is not, or the connection is over.
            $(#[$caller])?
            pub $($async)? fn receive_json(&mut self) -> Value {
                json_of(&next(self.try_receive()$(.$await)?))
            }

            /// How the service closed the connection.
            ///
            /// # Panics
            /// When a message comes first.
            $(#[$caller])?
            pub $($async)? fn receive_close(&mut self) -> WebSocketDisconnect {
                end(self.try_receive()$(.$await)?)
            }

            /// Closes the connection with code 1000, and waits until the function has ended.
            ///
            /// # Panics
            /// When the service failed in a way that nobody handles, unless the client is told
            /// otherwise with `raise_server_exceptions`.
            $(#[$caller])?
            pub $($async)? fn close(self) {
                self.close_with(NORMAL_CLOSURE, "")$(.$await)?;
            }

            /// Closes the connection with a code and a reason, and waits until the function has
            /// ended.
            ///
            /// # Panics
            /// As with [`close`](Self::close).
            $(#[$caller])?
            pub $($async)? fn close_with(mut self, code: u16, reason: &str) {
                let raise = self.client.exchange.settings.raise;
                let closing = self.open.close(WebSocketDisconnect::new(code, reason));
                $run!(self.client, closing);
                if raise && let Some(error) = self.open.error() {
                    panic!("the WebSocket failed with an error that nobody handles: {error}\n{error:?}");
                }
            }
        }
    };
}

macro_rules! wait {
    ($client:expr, $future:expr) => {
        $client.wait($future)
    };
}

macro_rules! poll {
    ($client:expr, $future:expr) => {
        $future.await
    };
}

methods!(TestClient, wait, #[track_caller]);
methods!(AsyncTestClient, poll, [async await]);

impl<C> Drop for TestWebSocket<'_, C> {
    fn drop(&mut self) {
        self.open.hang_up();
    }
}
