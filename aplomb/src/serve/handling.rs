//! Where handlers are polled.

use std::any::Any;
use std::convert::Infallible;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::header::CONNECTION;
use http::{HeaderValue, Response, StatusCode, Version};

use super::Answering;
use super::answer::{Answer, Turn};
use super::ready;
use crate::error::panic_text;
use crate::http as own;
use crate::observe::Record;

/// One request being answered. Every poll of user code but that of bodies happens here.
pub(super) struct Handling {
    stage: Stage,
    turn: Option<Turn>,
    version: Version,
    /// Nobody waits for the answer any more.
    alone: bool,
}

enum Stage {
    Answered(Option<own::Response>),
    Running(Answering),
}

impl Handling {
    /// Starts to answer; `start` is user code like the future it gives.
    pub(super) fn start(turn: Turn, version: Version, start: impl FnOnce() -> Answering) -> Self {
        let stage = match catch_unwind(AssertUnwindSafe(start)) {
            Ok(running) => Stage::Running(running),
            Err(panic) => Stage::Answered(Some(answer_to(&*panic, &turn.record))),
        };
        Self {
            stage,
            turn: Some(turn),
            version,
            alone: false,
        }
    }

    /// An answer that needs no handler.
    pub(super) fn answered(turn: Turn, version: Version, response: own::Response) -> Self {
        Self {
            stage: Stage::Answered(Some(response)),
            turn: Some(turn),
            version,
            alone: false,
        }
    }

    /// Goes on without anybody to answer, if it is to; whatever is left is dropped.
    fn left(&mut self, running: Answering, turn: Turn) {
        let goes_on = turn.record.outlives_client() && !self.alone;
        turn.left(goes_on);
        if !goes_on {
            // What it came with is kept when it is dropped, before the end of its turn is noted.
            drop(running);
            return;
        }
        let tasks = turn.tasks();
        let alone = Self {
            stage: Stage::Running(running),
            turn: Some(turn),
            version: self.version,
            alone: true,
        };
        tasks.spawn(ready::watched(async { drop(alone.await) }));
    }
}

impl Future for Handling {
    type Output = Result<Response<Answer>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let Some(turn) = &this.turn else {
            return Poll::Pending;
        };
        let response = match &mut this.stage {
            Stage::Answered(response) => match response.take() {
                Some(response) => response,
                None => return Poll::Pending,
            },
            Stage::Running(running) => {
                turn.record.poll_begins();
                ready::tell(&turn.record);
                match catch_unwind(AssertUnwindSafe(|| running.as_mut().poll(context))) {
                    Ok(Poll::Pending) => {
                        turn.record.poll_ends();
                        return Poll::Pending;
                    }
                    Ok(Poll::Ready(response)) => response,
                    Err(panic) => answer_to(&*panic, &turn.record),
                }
            }
        };
        let Some(turn) = self.turn.take() else {
            return Poll::Pending;
        };
        let mut response = response.into_http();
        turn.record.answered(response.status());
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            turn.upgrade();
        } else if turn.is_last() && self.version < Version::HTTP_2 {
            response
                .headers_mut()
                .insert(CONNECTION, HeaderValue::from_static("close"));
        }
        Poll::Ready(Ok(response.map(|body| Answer::new(body, turn))))
    }
}

impl Drop for Handling {
    fn drop(&mut self) {
        let stage = std::mem::replace(&mut self.stage, Stage::Answered(None));
        let turn = self.turn.take();
        let record = turn.as_ref().map(|turn| Arc::clone(&turn.record));
        // What a handler held may panic too when it goes; that must not take the connection along.
        let dropped = catch_unwind(AssertUnwindSafe(|| match (stage, turn) {
            (Stage::Running(running), Some(turn)) => self.left(running, turn),
            (stage, turn) => drop((stage, turn)),
        }));
        if let Err(panic) = dropped {
            report(&*panic, record.as_deref());
        }
    }
}

/// The answer to a request whose handler panicked.
fn answer_to(panic: &(dyn Any + Send), record: &Record) -> own::Response {
    report(panic, Some(record));
    own::Response::text("Internal Server Error").status(500)
}

fn report(panic: &(dyn Any + Send), record: Option<&Record>) {
    tracing::error!(
        method = record.map(|record| record.method().as_str()),
        route = record.and_then(Record::route),
        panic = panic_text(panic),
        "a handler panicked"
    );
}
