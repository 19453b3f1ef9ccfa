//! How a WebSocket ends, as error values.

use std::fmt;

use super::code::{ABNORMAL_CLOSURE, may_be_sent};
use crate::error::{Error, RequestValidationError};
use crate::json::{ParseError, Value};
use crate::model::Problem;

/// The connection is over: the code and reason of the close frame, FastAPI's
/// `WebSocketDisconnect`.
///
/// The code is 1005 when the frame had none, 1006 when the connection broke off without one, 1012
/// when the server stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebSocketDisconnect {
    /// Why, as a number.
    pub code: u16,
    /// Why, in words; often empty.
    pub reason: String,
}

impl WebSocketDisconnect {
    pub(crate) fn new(code: u16, reason: impl Into<String>) -> Self {
        Self {
            code,
            reason: reason.into(),
        }
    }

    pub(crate) fn broken_off() -> Self {
        Self::new(ABNORMAL_CLOSURE, "")
    }
}

impl fmt::Display for WebSocketDisconnect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the WebSocket is closed: {}", self.code)?;
        if !self.reason.is_empty() {
            write!(formatter, " {}", self.reason)?;
        }
        Ok(())
    }
}

impl std::error::Error for WebSocketDisconnect {}

/// Closes the connection with a code and a reason when it is returned as an error: FastAPI's
/// `WebSocketException`.
///
/// ```
/// use aplomb::prelude::*;
/// use aplomb::websocket::{POLICY_VIOLATION, WebSocketException};
///
/// #[dependency]
/// async fn ticket(token: Option<String>) -> Result<String> {
///     token.ok_or_else(|| WebSocketException::new(POLICY_VIOLATION, "No ticket").into())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebSocketException {
    code: u16,
    reason: String,
}

impl WebSocketException {
    /// A close with this code and this reason, of which 123 bytes are sent.
    ///
    /// # Panics
    /// When no close frame may carry the code: use 1000 to 1003, 1007 to 1014 or 3000 to 4999.
    #[track_caller]
    pub fn new(code: u16, reason: impl Into<String>) -> Self {
        assert!(
            may_be_sent(code),
            "no close frame may carry {code}: use 1000 to 1003, 1007 to 1014 or 3000 to 4999"
        );
        Self {
            code,
            reason: reason.into(),
        }
    }

    /// The code.
    pub fn code(&self) -> u16 {
        self.code
    }

    /// The reason.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for WebSocketException {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code, self.reason)
    }
}

impl std::error::Error for WebSocketException {}

/// Everything wrong with the parameters of a WebSocket: FastAPI's
/// `WebSocketRequestValidationError`.
#[derive(Clone, Debug)]
pub struct WebSocketRequestValidationError(RequestValidationError);

impl WebSocketRequestValidationError {
    pub(crate) fn new(error: RequestValidationError) -> Self {
        Self(error)
    }

    /// Everything that is wrong, in FastAPI's order.
    pub fn problems(&self) -> &[Problem] {
        self.0.problems()
    }

    /// The problems as a 422 answer would list them.
    pub fn errors(&self) -> Value {
        self.0.errors()
    }
}

impl fmt::Display for WebSocketRequestValidationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::error::Error for WebSocketRequestValidationError {}

/// Why a method of a WebSocket did not do what it says.
#[derive(Debug)]
pub enum WebSocketError {
    /// The connection is over.
    Disconnect(WebSocketDisconnect),
    /// It was asked for out of turn: before `accept`, or `accept` a second time.
    OutOfTurn(&'static str),
    /// A message of the other kind arrived; here is what was expected.
    Unexpected(&'static str),
    /// The message is not JSON.
    Json(ParseError),
    /// The message is JSON, and not what was asked for.
    Invalid(Vec<Problem>),
}

impl WebSocketError {
    /// Code and reason, where the connection is over.
    pub fn disconnect(&self) -> Option<&WebSocketDisconnect> {
        match self {
            Self::Disconnect(disconnect) => Some(disconnect),
            _ => None,
        }
    }
}

impl From<WebSocketDisconnect> for WebSocketError {
    fn from(disconnect: WebSocketDisconnect) -> Self {
        Self::Disconnect(disconnect)
    }
}

impl fmt::Display for WebSocketError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disconnect(disconnect) => disconnect.fmt(formatter),
            Self::OutOfTurn(why) => formatter.write_str(why),
            Self::Unexpected(expected) => write!(formatter, "expected a message of {expected}"),
            Self::Json(error) => write!(formatter, "the message is not JSON: {error:?}"),
            Self::Invalid(problems) => {
                formatter.write_str("the message is not what was asked for")?;
                for problem in problems {
                    let place = problem.dotted_location();
                    write!(formatter, "\n  {place}: {}", problem.message)?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for WebSocketError {}

impl Error {
    /// Code and reason, where this is the end of a WebSocket.
    pub fn disconnect(&self) -> Option<&WebSocketDisconnect> {
        self.downcast_ref::<WebSocketDisconnect>().or_else(|| {
            self.downcast_ref::<WebSocketError>()
                .and_then(WebSocketError::disconnect)
        })
    }
}
