//! One conversation from the handshake to its end.

use std::any::Any;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::join;
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;

use super::handshake::{Carrier, Handshake};
use super::link::{Connection, Decision, Link};
use super::{
    INTERNAL_ERROR, INVALID_FRAME_PAYLOAD_DATA, NORMAL_CLOSURE, POLICY_VIOLATION, UNSUPPORTED_DATA,
    WebSocket, WebSocketError, WebSocketException, WebSocketHandlers,
    WebSocketRequestValidationError, WebSocketSettings, connection, link, refused,
};
use crate::app::{ExceptionHandlers, Subject, unhandled};
use crate::error::{Error, Result, panic_text};
use crate::http::{Request, Response};
use crate::observe::Current;
use crate::operation;
use crate::route::Endpoint;

/// What a conversation failed with, for test clients; there when it has ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ended(Arc<Mutex<Option<Error>>>);

impl Ended {
    fn put(&self, error: &Error) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.clone());
    }

    pub(crate) fn error(&self) -> Option<Error> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// What the conversations of an application go by.
#[derive(Clone, Debug)]
pub(crate) struct Conversations {
    pub(crate) exceptions: Arc<ExceptionHandlers>,
    pub(crate) handlers: Arc<WebSocketHandlers>,
    pub(crate) settings: Arc<WebSocketSettings>,
}

impl Conversations {
    /// Answers the handshake; the conversation goes on after the answer.
    pub(crate) async fn answer(&self, endpoint: &Arc<Endpoint>, mut request: Request) -> Response {
        let scheme = request.scheme();
        let head = request.head_mut();
        let handshake = match Handshake::read(&mut head.parts, scheme, &self.settings) {
            Ok(handshake) => handshake,
            Err(response) => return response,
        };
        let (connection, link, decided) = link::open();
        head.parts.extensions.insert(Arc::clone(&connection));
        let session = Session {
            conversations: self.clone(),
            endpoint: Arc::clone(endpoint),
            socket: WebSocket::new(request, Arc::clone(&connection)),
            connection,
            ended: Ended::default(),
        };
        begin(session, handshake, link, decided).await
    }
}

/// Runs the session until it has decided about the handshake.
async fn begin(
    session: Session,
    handshake: Handshake,
    link: Link,
    mut decided: oneshot::Receiver<Decision>,
) -> Response {
    let settings = Arc::clone(&session.conversations.settings);
    let ended = session.ended.clone();
    let current = Current::of(session.socket.request());
    let mut session = current.within(Box::pin(session.run()));
    let (decision, session) = tokio::select! {
        biased;
        decision = &mut decided => (decision.ok(), Some(session)),
        response = &mut session => match decided.try_recv() {
            Ok(decision) => (Some(decision), None),
            Err(_) => return response.unwrap_or_else(undecided),
        },
        () = handshake.stopped() => {
            tracing::debug!("the server stops before a WebSocket is accepted");
            return Response::text("Internal Server Error").status(500);
        }
    };
    let rest = async move {
        if let Some(session) = session {
            // Nothing can be answered any more.
            let _ = session.await;
        }
    };
    let response = match decision {
        Some(Decision::Accept {
            subprotocol,
            headers,
        }) => {
            let response = handshake.response(subprotocol.as_deref(), &headers);
            return with(ended, response).after(converse(handshake, link, settings, rest));
        }
        Some(Decision::Refuse(close)) => refused(&close),
        Some(Decision::Deny(response)) => *response,
        None => undecided(),
    };
    with(ended, response).after(rest)
}

/// Lets test clients see how the conversation ends.
fn with(ended: Ended, response: Response) -> Response {
    let mut response = response.into_http();
    response.extensions_mut().insert(ended);
    response.into()
}

/// The answer where the function returned without a decision.
fn undecided() -> Response {
    tracing::error!("a WebSocket function ended without accepting or closing the connection");
    Response::text("Internal Server Error").status(500)
}

/// Carries the messages until both sides are done.
async fn converse(
    handshake: Handshake,
    link: Link,
    settings: Arc<WebSocketSettings>,
    session: impl Future<Output = ()> + Send + 'static,
) {
    match handshake.carrier {
        Carrier::InProcess(in_process) => {
            in_process.put(link);
            session.await;
        }
        Carrier::Socket { upgrade, server } => match upgrade.await {
            Ok(io) => {
                // Counts the connection as open until the function has ended: clients that come
                // and go cannot pile up functions.
                let hold = server.as_ref().map(|server| Arc::clone(&server.hold));
                let protocol = connection::Protocol {
                    settings,
                    deflate: handshake.deflate,
                    server,
                };
                let carry = connection::serve(TokioIo::new(io), link, protocol);
                join(session, carry).await;
                drop(hold);
            }
            Err(error) => {
                tracing::debug!(%error, "the client left while it was accepted");
                drop(link);
                session.await;
            }
        },
    }
}

struct Session {
    conversations: Conversations,
    endpoint: Arc<Endpoint>,
    socket: WebSocket,
    connection: Arc<Connection>,
    ended: Ended,
}

impl Session {
    /// Runs dependencies, the function, clean-up and handlers of exceptions; the answer to the
    /// handshake where that is still open.
    async fn run(self) -> Option<Response> {
        match AssertUnwindSafe(self.end()).catch_unwind().await {
            Ok(response) => response,
            Err(panic) if self.connection.is_connecting() => resume_unwind(panic),
            Err(panic) => {
                report(&*panic, self.socket.request());
                self.socket.finish(INTERNAL_ERROR, "").await;
                None
            }
        }
    }

    /// Ends the connection as the function does.
    async fn end(&self) -> Option<Response> {
        match self.converse().await {
            Ok(()) if self.connection.is_connecting() => None,
            Ok(()) => {
                self.socket.finish(NORMAL_CLOSURE, "").await;
                None
            }
            Err(error) => self.fail(error).await,
        }
    }

    async fn converse(&self) -> Result<()> {
        let request = self.socket.request().clone();
        let response = operation::run_inner(&self.endpoint, request).await?;
        let (_, mut body) = response.into_http().into_parts();
        if let Some(after) = body.take_after() {
            after.run().await;
        }
        Ok(())
    }

    /// Ends the connection as the error says.
    async fn fail(&self, error: Error) -> Option<Response> {
        if error.disconnect().is_none() {
            self.socket.failed(&error);
        }
        let error = match error.validation() {
            Some(invalid) => WebSocketRequestValidationError::new(invalid.clone()).into(),
            None => error,
        };
        let handlers = &self.conversations.handlers;
        let error = match handlers.call(&self.socket, &error) {
            None => error,
            Some(ending) => match ending.await {
                Ok(()) => {
                    if !self.connection.is_connecting() {
                        self.socket.finish(NORMAL_CLOSURE, "").await;
                    }
                    return None;
                }
                Err(error) => error,
            },
        };
        if error.disconnect().is_some() {
            // Says nothing new to a client that has left; code 1000 to one that has not.
            self.socket.finish(NORMAL_CLOSURE, "").await;
            return None;
        }
        if let Some((code, reason)) = close_of(&error) {
            self.socket.finish(code, &reason).await;
            return None;
        }
        let exceptions = &self.conversations.exceptions;
        if self.connection.is_connecting() && (error.http().is_some() || exceptions.handles(&error))
        {
            return Some(exceptions.answer(Some(self.socket.request()), error).await);
        }
        self.ended.put(&error);
        let response = Response::text("Internal Server Error").status(500);
        let subject = Subject::of(self.socket.request());
        let response = unhandled(response, &error, Some(subject));
        if self.connection.is_connecting() {
            return Some(response);
        }
        self.socket.finish(INTERNAL_ERROR, "").await;
        None
    }
}

/// The code and reason that an error closes with, where it is not the service's fault.
fn close_of(error: &Error) -> Option<(u16, String)> {
    if let Some(exception) = error.downcast_ref::<WebSocketException>() {
        return Some((exception.code(), exception.reason().to_owned()));
    }
    if let Some(invalid) = error.downcast_ref::<WebSocketRequestValidationError>() {
        return Some((POLICY_VIOLATION, invalid.errors().to_string()));
    }
    match error.downcast_ref::<WebSocketError>()? {
        WebSocketError::Unexpected(_) => Some((UNSUPPORTED_DATA, String::new())),
        WebSocketError::Json(_) | WebSocketError::Invalid(_) => {
            Some((INVALID_FRAME_PAYLOAD_DATA, String::new()))
        }
        WebSocketError::Disconnect(_) | WebSocketError::OutOfTurn(_) => None,
    }
}

fn report(panic: &(dyn Any + Send), request: &Request) {
    tracing::error!(
        route = request.record().route(),
        request_id = request.request_id(),
        panic = panic_text(panic),
        "a WebSocket function panicked"
    );
}
