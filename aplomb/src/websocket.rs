//! WebSockets: routes that hold a conversation.
//!
//! `#[websocket]` makes a route of an async function that takes a [`WebSocket`]. Its other
//! arguments come from where those of any handler come from: path, query, headers, cookies,
//! dependencies, security schemes, state.
//!
//! ```
//! use aplomb::prelude::*;
//! use aplomb::testing::TestClient;
//!
//! /// Repeats what it hears.
//! #[websocket("/rooms/{room}")]
//! async fn repeat(socket: WebSocket, room: String, #[query(default = 1)] times: u8) -> Result<()> {
//!     socket.accept().await?;
//!     loop {
//!         let text = socket.receive_text().await?;
//!         for _ in 0..times {
//!             socket.send_text(format!("{room}: {text}")).await?;
//!         }
//!     }
//! }
//!
//! let client = TestClient::new(App::new().routes(routes![repeat]));
//! let mut socket = client.websocket("/rooms/blue?times=2").connect();
//! socket.send_text("Hello");
//! assert_eq!(socket.receive_text(), "blue: Hello");
//! assert_eq!(socket.receive_text(), "blue: Hello");
//!
//! let refused = client.websocket("/rooms/blue?times=many").refused();
//! assert_eq!(refused.status(), 403);
//! ```
//!
//! # What the client sees
//!
//! | what happens | before `accept` | after it |
//! |---|---|---|
//! | no such route, another site's page asks | 403 | |
//! | a parameter is wrong | 403 ([`WebSocketRequestValidationError`]) | |
//! | [`WebSocketException`], [`WebSocket::close`] | 403 | its code and reason |
//! | [`HttpException`](crate::HttpException) | its status, headers and detail | close 1011 |
//! | [`WebSocket::deny`] | the response | |
//! | any other error, a panic | 500 | close 1011 |
//! | the function returns | 500 | close 1000 |
//! | the client sent what the function does not read | | close 1003 or 1007 |
//! | the server stops | 500 | close 1012, without a reason |
//!
//! [`WebSocketDisconnect`], which every method gives once the client has left, ends the function
//! quietly when it is passed on with `?`.
//!
//! # The connection
//!
//! [`WebSocketSettings`] has the limits: the size of messages (also once inflated), pings,
//! compression, and whose pages may connect. Messages that the function has not taken yet stop the
//! reading once there is 1 MiB of them; sending waits while 1 MiB is to be sent. A client that takes
//! nothing of what is sent to it is cut by
//! [`Limits::write_timeout`](crate::serve::Limits::write_timeout).
//!
//! When the client closes or breaks a rule, the function still gets the messages that came before,
//! and up to 64 KiB of what it sends until it asks for one more go out before the close. It has 50
//! milliseconds for that.

mod code;
mod connection;
mod error;
mod handlers;
mod handshake;
pub(crate) mod link;
mod message;
mod outcome;
mod protocol;
mod session;
mod settings;
mod socket;
mod split;
mod waiters;

pub use code::*;
pub use error::{
    WebSocketDisconnect, WebSocketError, WebSocketException, WebSocketRequestValidationError,
};
pub use handlers::WebSocketHandlers;
use handshake::refused;
pub(crate) use handshake::{InProcess, Refused, ServerSide, is_asked, is_asked_by, not_found, pin};
pub use message::Message;
pub use outcome::{WebSocketOutcome, finish_websocket};
pub(crate) use session::{Conversations, Ended};
pub use settings::WebSocketSettings;
pub use socket::WebSocket;
pub use split::{WebSocketReceiver, WebSocketSender};

/// What stands for a method in the operation of a WebSocket.
pub(crate) const METHOD: &str = "WEBSOCKET";
