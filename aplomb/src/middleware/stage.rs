//! Middleware in its place: what it is called by, and what it calls.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Weak};

use super::Middleware;
use crate::app::ExceptionHandlers;
use crate::error::{Error, HttpException, Result};
use crate::http::{Request, Response};
use crate::observe::Phase;
use crate::operation;
use crate::route::Endpoint;
use crate::websocket::{self, Conversations};

pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<Response>> + Send>>;

/// One step on the way to the handler.
pub(crate) trait Stage: Send + Sync + 'static {
    /// Answers one request.
    fn call(self: Arc<Self>, request: Request) -> Answer;
}

/// What comes after a middleware: the next one, and in the end the handler.
#[derive(Clone)]
pub struct Next(Arc<dyn Stage>);

impl Next {
    pub(crate) fn new(stage: Arc<dyn Stage>) -> Self {
        Self(stage)
    }

    /// The way to one handler.
    pub(crate) fn of_handler(handler: Weak<Endpoint>) -> Self {
        Self::new(Arc::new(Handling(handler)))
    }

    /// The way to the conversation of one WebSocket.
    pub(crate) fn of_websocket(endpoint: Weak<Endpoint>, conversations: Conversations) -> Self {
        Self::new(Arc::new(Conversing(endpoint, conversations)))
    }

    /// Answers the request.
    ///
    /// Around a whole application this fails with errors that nobody handles, and everything else
    /// is a response; around a route it fails with whatever the handler failed with.
    pub fn run(self, request: Request) -> impl Future<Output = Result<Response>> + Send + 'static {
        self.0.call(request)
    }
}

impl fmt::Debug for Next {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Next")
    }
}

type Place = dyn Fn(Next, Option<&Arc<ExceptionHandlers>>) -> Next + Send + Sync;

/// A middleware that waits for its place.
#[derive(Clone)]
pub(crate) struct Layered(pub(super) Arc<Place>);

impl Layered {
    pub(crate) fn new<M: Middleware>(middleware: M) -> Self {
        let middleware = Arc::new(middleware);
        Self(Arc::new(move |next, exceptions| {
            Next::new(Arc::new(Around {
                middleware: Arc::clone(&middleware),
                next,
                exceptions: exceptions.cloned(),
            }))
        }))
    }

    /// Puts the middleware before `next`; around an application it is told who answers errors.
    pub(crate) fn before(&self, next: Next, exceptions: Option<&Arc<ExceptionHandlers>>) -> Next {
        (self.0)(next, exceptions)
    }
}

impl fmt::Debug for Layered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Layered")
    }
}

struct Around<M> {
    middleware: Arc<M>,
    next: Next,
    exceptions: Option<Arc<ExceptionHandlers>>,
}

impl<M: Middleware> Stage for Around<M> {
    fn call(self: Arc<Self>, mut request: Request) -> Answer {
        if websocket::is_asked_by(&request) && !self.middleware.handles_websockets() {
            // From here on only a WebSocket may answer: whatever the headers become further in,
            // this middleware has not looked at the request.
            websocket::pin(&mut request);
            return self.next.0.clone().call(request);
        }
        Box::pin(async move {
            let exceptions = self.exceptions.as_deref();
            // Held on to only where somebody may look at it, so that others can change it in place.
            let kept = exceptions
                .filter(|exceptions| !exceptions.is_empty())
                .map(|_| request.clone());
            let answer = self.middleware.handle(request, self.next.clone()).await;
            match (answer, exceptions) {
                (Err(error), Some(exceptions)) if exceptions.expects(&error) => {
                    Ok(exceptions.answer(kept.as_ref(), error).await)
                }
                (answer, _) => answer,
            }
        })
    }
}

/// The end of the way: one handler.
struct Handling(Weak<Endpoint>);

impl Stage for Handling {
    fn call(self: Arc<Self>, request: Request) -> Answer {
        Box::pin(async move {
            match self.0.upgrade() {
                Some(endpoint) => {
                    let record = Arc::clone(request.record());
                    let answer = operation::run_inner(&endpoint, request).await;
                    record.enter(Phase::Middleware);
                    answer
                }
                // Its service is gone, and somebody kept the `Next`.
                None => Err(Error::from(HttpException::status_only(503))),
            }
        })
    }
}

/// The end of the way of a handshake: one conversation.
struct Conversing(Weak<Endpoint>, Conversations);

impl Stage for Conversing {
    fn call(self: Arc<Self>, request: Request) -> Answer {
        Box::pin(async move {
            match self.0.upgrade() {
                Some(endpoint) => Ok(self.1.answer(&endpoint, request).await),
                None => Err(Error::from(HttpException::status_only(503))),
            }
        })
    }
}
