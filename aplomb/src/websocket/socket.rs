//! [`WebSocket`]: one conversation, as a handler has it.

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

use ::http::{HeaderMap, HeaderName, HeaderValue};
use bytes::Bytes;

use super::link::Connection;
use super::{
    Message, NORMAL_CLOSURE, WebSocketDisconnect, WebSocketError, WebSocketReceiver,
    WebSocketSender,
};
use crate::argument::{Argument, Requirement, Source};
use crate::error::Error;
use crate::http::{Client, PathParams, Request, Response};
use crate::json::{self, Value, Writer};
use crate::live::PassedMessage;
use crate::model::{Constraints, Model, Problems};
use crate::operation::{Binder, Parameter};

/// One conversation with a client: FastAPI's `WebSocket`.
///
/// It is a handle: cloning it is cheap, and another task may send through a clone, as a chat room
/// does. Two handles are equal when they are of the same connection. The methods that wait may be
/// dropped while they do (as `tokio::select!` does) without losing a message.
///
/// ```
/// use aplomb::prelude::*;
/// use aplomb::testing::TestClient;
///
/// #[derive(Model)]
/// struct Move { x: i64, y: i64 }
///
/// #[websocket("/game")]
/// async fn play(socket: WebSocket) -> Result<()> {
///     socket.accept().await?;
///     while let Ok(turn) = socket.receive::<Move>().await {
///         socket.send_json(&json!({"to": [turn.x, turn.y]})).await?;
///     }
///     socket.close(3000, "Game over").await?;
///     Ok(())
/// }
///
/// let client = TestClient::new(App::new().routes(routes![play]));
/// let mut socket = client.websocket("/game").connect();
/// socket.send_json(&json!({"x": 1, "y": "2"}));
/// assert_eq!(socket.receive_json(), json!({"to": [1, 2]}));
/// socket.send_json(&json!("I give up"));
/// assert_eq!(socket.receive_close().reason, "Game over");
/// ```
#[derive(Clone)]
pub struct WebSocket {
    request: Request,
    connection: Arc<Connection>,
}

impl WebSocket {
    pub(crate) fn new(request: Request, connection: Arc<Connection>) -> Self {
        Self {
            request,
            connection,
        }
    }

    /// Accepts the connection.
    ///
    /// # Errors
    /// When the handshake is decided already, or the client has left.
    pub async fn accept(&self) -> Result<(), WebSocketError> {
        self.decide(None, HeaderMap::new())
    }

    /// Accepts the connection with one of the protocols the client [offers](Self::subprotocols),
    /// and with further headers.
    ///
    /// # Errors
    /// When the handshake is decided already, the client has left, or HTTP does not allow a header.
    pub async fn accept_with<'h>(
        &self,
        subprotocol: Option<&str>,
        headers: impl IntoIterator<Item = (&'h str, &'h str)> + Send,
    ) -> Result<(), WebSocketError> {
        const NO_HEADER: WebSocketError = WebSocketError::OutOfTurn("HTTP allows no such header");
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| NO_HEADER)?;
            let value = HeaderValue::from_str(value).map_err(|_| NO_HEADER)?;
            map.append(name, value);
        }
        if subprotocol.is_some_and(|name| HeaderValue::from_str(name).is_err()) {
            return Err(NO_HEADER);
        }
        self.decide(subprotocol.map(str::to_owned), map)
    }

    fn decide(
        &self,
        subprotocol: Option<String>,
        headers: HeaderMap,
    ) -> Result<(), WebSocketError> {
        self.connection.accept(subprotocol, headers)?;
        self.connection.live.opened(&self.request);
        Ok(())
    }

    /// Answers the handshake with a response instead of accepting it.
    ///
    /// # Errors
    /// When the handshake is decided already, or the client has left.
    pub async fn deny(&self, response: Response) -> Result<(), WebSocketError> {
        self.connection.deny(response)
    }

    /// The next message, of either kind.
    ///
    /// # Errors
    /// [`WebSocketError::Disconnect`] when the connection is over.
    pub async fn receive_message(&self) -> Result<Message, WebSocketError> {
        self.receive_any().await
    }

    pub(super) fn poll_receive(
        &self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Message, WebSocketError>> {
        let received = self.connection.poll_receive(context);
        if let Poll::Ready(Ok(message)) = &received {
            self.passes(PassedMessage::received(message));
        }
        received
    }

    async fn receive_any(&self) -> Result<Message, WebSocketError> {
        poll_fn(|context| self.poll_receive(context)).await
    }

    async fn send_any(&self, message: Message) -> Result<(), WebSocketError> {
        let sent = PassedMessage::sent(&message);
        self.connection.send(message).await?;
        self.passes(sent);
        Ok(())
    }

    /// Live probes may look at a message.
    fn passes(&self, message: PassedMessage) {
        self.connection.live.passes(&self.request, message);
    }

    /// The next message, which is text.
    ///
    /// # Errors
    /// [`WebSocketError::Disconnect`] when the connection is over, and when the message is bytes.
    pub async fn receive_text(&self) -> Result<String, WebSocketError> {
        match self.receive_any().await? {
            Message::Text(text) => Ok(text),
            Message::Bytes(_) => Err(WebSocketError::Unexpected("text")),
        }
    }

    /// The next message, which is bytes.
    ///
    /// # Errors
    /// [`WebSocketError::Disconnect`] when the connection is over, and when the message is text.
    pub async fn receive_bytes(&self) -> Result<Bytes, WebSocketError> {
        match self.receive_any().await? {
            Message::Bytes(bytes) => Ok(bytes),
            Message::Text(_) => Err(WebSocketError::Unexpected("bytes")),
        }
    }

    /// The next message as JSON, of either kind.
    ///
    /// # Errors
    /// [`WebSocketError::Disconnect`] when the connection is over, and when it is not JSON.
    pub async fn receive_json(&self) -> Result<Value, WebSocketError> {
        let message = self.receive_any().await?;
        json::parse(message.as_bytes()).map_err(WebSocketError::Json)
    }

    /// The next message as a model, checked as a body is.
    ///
    /// # Errors
    /// [`WebSocketError::Disconnect`] when the connection is over, and when it is no such model.
    pub async fn receive<T: Model>(&self) -> Result<T, WebSocketError> {
        let value = self.receive_json().await?;
        let mut problems = Problems::new();
        match T::validate(&value, &Constraints::NONE, &mut problems) {
            Some(model) if problems.is_empty() => Ok(model),
            _ => Err(WebSocketError::Invalid(problems.into_vec())),
        }
    }

    /// Sends a message of either kind; waits while the client is behind.
    ///
    /// # Errors
    /// [`WebSocketError::Disconnect`] when the connection is over.
    pub async fn send_message(&self, message: impl Into<Message>) -> Result<(), WebSocketError> {
        self.send_any(message.into()).await
    }

    /// Sends text; waits while the client is behind.
    ///
    /// # Errors
    /// [`WebSocketError::Disconnect`] when the connection is over.
    pub async fn send_text(&self, text: impl Into<String>) -> Result<(), WebSocketError> {
        self.send_any(Message::Text(text.into())).await
    }

    /// Sends bytes; waits while the client is behind.
    ///
    /// # Errors
    /// [`WebSocketError::Disconnect`] when the connection is over.
    pub async fn send_bytes(&self, bytes: impl Into<Bytes>) -> Result<(), WebSocketError> {
        self.send_any(Message::Bytes(bytes.into())).await
    }

    /// Sends a model or any JSON value as text, without spaces.
    ///
    /// # Errors
    /// [`WebSocketError::Disconnect`] when the connection is over.
    pub async fn send_json<T: Model>(&self, value: &T) -> Result<(), WebSocketError> {
        let text = String::from_utf8_lossy(&written(value)).into_owned();
        self.send_text(text).await
    }

    /// Sends a model or any JSON value as bytes: FastAPI's `mode="binary"`.
    ///
    /// # Errors
    /// [`WebSocketError::Disconnect`] when the connection is over.
    pub async fn send_json_bytes<T: Model>(&self, value: &T) -> Result<(), WebSocketError> {
        self.send_bytes(written(value)).await
    }

    /// Closes the connection; before `accept` it refuses the handshake with status 403.
    ///
    /// # Errors
    /// [`WebSocketError::Disconnect`] when the connection is over already.
    ///
    /// # Panics
    /// When no close frame may carry the code, as with
    /// [`WebSocketException::new`](super::WebSocketException::new).
    pub async fn close(&self, code: u16, reason: impl Into<String>) -> Result<(), WebSocketError> {
        assert!(
            super::code::may_be_sent(code),
            "no close frame may carry {code}: use 1000 to 1003, 1007 to 1014 or 3000 to 4999"
        );
        self.end(code, reason.into()).await
    }

    /// Closes the connection, with whatever code, if that has not happened yet.
    pub(super) async fn finish(&self, code: u16, reason: &str) {
        // The client may have left, which is an end too.
        let _ = self.end(code, reason.to_owned()).await;
    }

    async fn end(&self, code: u16, reason: String) -> Result<(), WebSocketError> {
        let close = WebSocketDisconnect::new(code, reason);
        let live = &self.connection.live;
        let ends = |code| live.closed(&self.request, code);
        self.connection.close(close, ends).await
    }

    /// Its function failed; live probes may look at that.
    pub(super) fn failed(&self, error: &Error) {
        match self.request.record().seen() {
            Some(seen) if self.connection.is_connecting() => seen.failed(&self.request, error),
            _ => self.connection.live.failed(&self.request, error),
        }
    }

    /// Closes the connection with code 1000, as returning from the function does.
    ///
    /// # Errors
    /// [`WebSocketError::Disconnect`] when the connection is over already.
    pub async fn close_normally(&self) -> Result<(), WebSocketError> {
        self.close(NORMAL_CLOSURE, "").await
    }

    /// The two directions, for a task each.
    pub fn split(self) -> (WebSocketSender, WebSocketReceiver) {
        (
            WebSocketSender::new(self.clone()),
            WebSocketReceiver::new(self),
        )
    }

    /// The request that opened the connection.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The URL, which begins with `ws://` or `wss://`.
    pub fn url(&self) -> String {
        let url = self.request.url();
        match url.strip_prefix("http") {
            Some(rest) => format!("ws{rest}"),
            None => url,
        }
    }

    /// The headers of the request.
    pub fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// The first header of this name, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.header(name)
    }

    /// The last value of a name in the query.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.request.query(name)
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.request.cookie(name)
    }

    /// The values of the path's named segments.
    pub fn path_params(&self) -> &PathParams {
        self.request.path_params()
    }

    /// Where the client is, as far as is known.
    pub fn client(&self) -> Option<Client> {
        self.request.client()
    }

    /// What the app shares under this type.
    pub fn state<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.request.state()
    }

    /// The protocols the client offers, the one it likes best first.
    pub fn subprotocols(&self) -> Vec<&str> {
        let headers = self.headers().get_all("sec-websocket-protocol").iter();
        headers
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(','))
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .collect()
    }
}

fn written<T: Model>(value: &T) -> Vec<u8> {
    let mut writer = Writer::new();
    value.write(&mut writer);
    writer.into_bytes()
}

impl PartialEq for WebSocket {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.connection, &other.connection)
    }
}

impl Eq for WebSocket {}

impl fmt::Debug for WebSocket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "WebSocket({})", self.request.uri())
    }
}

impl Argument for WebSocket {
    const SOURCE: Source = Source::Context;

    fn bind(binder: &mut Binder<'_>, _: &'static Parameter) -> Option<Self> {
        let request = binder.request();
        let connection = request.extensions().get::<Arc<Connection>>()?;
        Some(Self::new(request.clone(), Arc::clone(connection)))
    }

    fn requires() -> Option<Requirement> {
        Some(Requirement::websocket())
    }
}
