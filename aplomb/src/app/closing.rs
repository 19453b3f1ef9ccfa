//! The last of every answer, whoever made it.

use std::sync::Arc;

use super::dispatch::{Running, Unexpected};
use super::foreseen::Foreseen;
use super::unexpected::{Subject, unhandled};
use super::usual;
use crate::deadline::Around;
use crate::error::{Error, Result};
use crate::http::{Asked, Peer, Request, Response, Trail};
use crate::observe::{Fate, Record};

/// What is kept of a request for the end of its answer, which a handler, a middleware or whoever
/// answers errors has made.
pub(super) struct Closing {
    trail: Arc<Trail>,
    peer: Peer,
    /// Only where somebody besides handlers may answer with a file, and in a box for the others.
    asked: Option<Box<Asked>>,
    /// Only where an error may come without its request, which is in the same places.
    record: Option<Arc<Record>>,
}

impl Closing {
    pub(super) fn of(request: &Request, running: &Running, middleware: bool) -> Self {
        let others = middleware || !running.exceptions.is_empty();
        Self {
            trail: Arc::clone(request.trail()),
            peer: request.head().peer.clone(),
            asked: others.then(|| Box::new(Asked::by(request))),
            record: others.then(|| Arc::clone(request.record())),
        }
    }

    /// The answer to an error that nobody expects, and to all: its file, the id of its request and
    /// its background tasks.
    pub(super) async fn close(
        self,
        running: &Running,
        result: Result<Response, Unexpected>,
    ) -> Response {
        let request_id = || self.trail.id().map(|id| &*id.text);
        let subject = || Some(Subject::new(self.record.as_deref()?, request_id()));
        let mut response = match result {
            Ok(response) => response,
            Err((None, error)) => usual(&error, subject()),
            Err((Some(request), error)) => Box::pin(running.told(&request, error)).await,
        };
        if let Some(asked) = &self.asked
            && response.promises_file()
        {
            let opened = Box::pin(response.opened(asked)).await;
            response = opened.unwrap_or_else(|error| usual(&error, subject()));
        }
        self.trail.name(&mut response);
        if let Some(all) = response.take_background() {
            for tasks in all {
                tasks.bind(&self.trail, &running.states);
                Box::pin(response.run_background(tasks, &self.peer.tasks())).await;
            }
        }
        response
    }
}

impl Running {
    /// The answer of whoever answers this error: by the deadline, or within a second where that is
    /// near or has passed.
    async fn told(&self, request: &Request, error: Error) -> Response {
        let subject = Some(Subject::of(request));
        let is_late = request.record().fate() == Fate::TimedOut;
        let foreseen = Foreseen::of(request, true);
        let granted = |record: &Record| foreseen.limit(self, record);
        let around = Around::of(request).with_time_for_an_error();
        let answering = self.exceptions.answer(Some(request), error.clone());
        let passed = match around.unless_over(granted, answering).await {
            Ok(response) => return response,
            Err(passed) => passed,
        };
        // What was late before is the same answer without whoever would have worded it.
        let response = usual(if is_late { &error } else { &passed }, subject);
        match self.exceptions.expects(&error) {
            true => response,
            false => unhandled(response, &error, subject),
        }
    }
}
