//! The client's end of a conversation.

use std::panic::resume_unwind;

use http::header::{CONNECTION, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use http::{HeaderMap, HeaderValue};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::{PATIENCE, WebSocketRefusal};
use crate::error::Error;
use crate::testing::exchange::{Exchange, Failure};
use crate::testing::request::Message as Request;
use crate::websocket::link::{Command, Incoming, refuse};
use crate::websocket::{Ended, GOING_AWAY, InProcess, Message, Refused, WebSocketDisconnect};

/// A conversation that the service has accepted.
pub(super) struct Open {
    headers: HeaderMap,
    incoming: Option<Incoming>,
    commands: mpsc::Receiver<Command>,
    closed: Option<WebSocketDisconnect>,
    ended: Option<Ended>,
    session: JoinHandle<()>,
    /// Whether the end of the session has been seen.
    done: bool,
}

impl Open {
    /// Asks for a WebSocket.
    pub(super) async fn open(
        exchange: &Exchange,
        message: Request,
    ) -> Result<Result<Self, Box<WebSocketRefusal>>, Failure> {
        let mut request = exchange.request(&message)?;
        let headers = request.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        let key = HeaderValue::from_static("dGVzdCBvZiBhIHNvY2tldA==");
        headers.insert(SEC_WEBSOCKET_KEY, key);
        headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        let in_process = InProcess::default();
        request.extensions_mut().insert(in_process.clone());
        let response = exchange.answer(&message, request).await;
        let (parts, mut body) = response.into_http().into_parts();
        let after = body.take_after();
        let mut session = tokio::spawn(async move {
            if let Some(after) = after {
                after.run().await;
            }
        });
        if parts.status != http::StatusCode::SWITCHING_PROTOCOLS {
            let close = parts.extensions.get::<Refused>().cloned();
            let _ = timeout(PATIENCE, &mut session).await;
            let response = http::Response::from_parts(parts, body);
            let response = exchange.read(&message, response.into()).await?;
            return Ok(Err(Box::new(WebSocketRefusal {
                response,
                close: close.map(|Refused(close)| close),
            })));
        }
        exchange.cookies().take(&parts.headers, &message.address);
        // The conversation is there once the session has begun.
        let link = loop {
            match in_process.take() {
                Some(link) => break link,
                None if session.is_finished() => {
                    return Err(Failure::Broken(
                        message.to_string(),
                        "no WebSocket".to_owned(),
                    ));
                }
                None => tokio::task::yield_now().await,
            }
        };
        Ok(Ok(Self {
            headers: parts.headers,
            incoming: Some(link.incoming),
            commands: link.commands,
            closed: None,
            ended: parts.extensions.get::<Ended>().cloned(),
            session,
            done: false,
        }))
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What the conversation failed with, if it has ended.
    pub(super) fn error(&self) -> Option<Error> {
        self.ended.as_ref()?.error()
    }

    pub(super) async fn send(&mut self, message: Message) {
        if let Some(incoming) = &self.incoming {
            incoming.push(message).await;
        }
    }

    pub(super) async fn receive(&mut self) -> Result<Message, WebSocketDisconnect> {
        if let Some(closed) = &self.closed {
            return Err(closed.clone());
        }
        let close = match self.commands.recv().await {
            Some(Command::Send(waiting)) => return Ok(waiting.into_message()),
            Some(Command::Close(close)) => close,
            None => WebSocketDisconnect::new(GOING_AWAY, ""),
        };
        self.closed = Some(close.clone());
        // What belongs to the conversation is done when its end is seen.
        self.leave(&close).await;
        Err(close)
    }

    /// Closes the connection and waits until the session has ended.
    pub(super) async fn close(&mut self, close: WebSocketDisconnect) {
        self.leave(&close).await;
    }

    async fn leave(&mut self, close: &WebSocketDisconnect) {
        if let Some(incoming) = self.incoming.take() {
            incoming.set_end(close.clone());
        }
        // Nobody reads any more, so nothing may wait to be sent.
        refuse(&mut self.commands);
        if self.done {
            return;
        }
        match timeout(PATIENCE, &mut self.session).await {
            Ok(ended) => {
                self.done = true;
                if let Err(error) = ended
                    && error.is_panic()
                {
                    resume_unwind(error.into_panic());
                }
            }
            Err(_) => {
                tracing::warn!("a WebSocket function goes on although its client has left");
                self.session.abort();
            }
        }
    }

    /// Lets the session see that the client has left.
    pub(super) fn hang_up(&mut self) {
        if let Some(incoming) = self.incoming.take() {
            incoming.set_end(WebSocketDisconnect::new(
                crate::websocket::NORMAL_CLOSURE,
                "",
            ));
        }
        refuse(&mut self.commands);
    }
}
