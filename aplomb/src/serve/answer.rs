//! A response body on its way out.

use std::future::Future as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Version;
use http_body::{Frame, SizeHint};
use tokio_util::sync::WaitForCancellationFutureOwned;

use super::Tasks;
use super::piece::Piece;
use super::pulse::Pulse;
use crate::http::{After, Body, BoxError};
use crate::observe::{Fate, Record};

/// HTTP/2: as much as is handed over at a time, which is what fits in a frame unless the client says
/// otherwise (RFC 9113, section 6.5.2). What is handed over is kept until the client lets it come.
const PIECE: usize = 16 << 10;

/// One request's hold on its connection; dropping it ends the request.
pub(super) struct Turn {
    pulse: Arc<Pulse>,
    pub(super) record: Arc<Record>,
    after: Option<After>,
}

impl Turn {
    /// The turn of a request that the pulse was told of.
    pub(super) fn new(pulse: Arc<Pulse>, record: Arc<Record>) -> Self {
        Self {
            pulse,
            record,
            after: None,
        }
    }

    /// Where work goes on that no connection waits for.
    pub(super) fn tasks(&self) -> Tasks {
        self.pulse.shared.tasks.clone()
    }

    /// The request is given up before its answer has begun; whether it goes on all the same.
    #[cold]
    pub(super) fn left(&self, goes_on: bool) {
        let (record, shared) = (&self.record, &self.pulse.shared);
        if shared.tasks.are_cut() {
            // It has been named among what was cut.
            return;
        }
        record.client_left();
        tracing::info!(
            request = record.id(),
            method = %record.method(),
            route = record.route(),
            phase = %record.phase(),
            after_ms = record.age().as_millis(),
            "the client left: the request {}",
            if goes_on { "goes on" } else { "is cancelled" }
        );
    }

    /// The connection leaves HTTP/1 with this answer.
    pub(super) fn upgrade(&self) {
        self.pulse.upgraded();
    }

    /// Whether the server has been asked to stop.
    pub(super) fn is_last(&self) -> bool {
        self.pulse.shared.stopping_since().is_some()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.record.end();
        let dispatch = &self.pulse.shared.dispatch;
        if catch_unwind(AssertUnwindSafe(|| dispatch.ended(&self.record))).is_err() {
            tracing::error!("panic while note was taken of a request");
        }
        self.pulse.finish(&self.record);
        if let Some(after) = self.after.take() {
            self.pulse.shared.tasks.spawn(after.run());
        }
    }
}

/// The body of one response; what is to run after it starts when it is dropped.
pub(super) struct Answer {
    body: Body,
    /// Ready when the server stops, for bodies that end then.
    stop: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    turn: Turn,
    /// HTTP/2: what has come of the body and is not handed over.
    rest: Bytes,
}

impl Answer {
    pub(super) fn new(mut body: Body, mut turn: Turn) -> Self {
        turn.after = body.take_after();
        let stop = body.ends_at_stop().then(|| {
            turn.record.streams_events();
            Box::pin(turn.pulse.shared.stop.clone().cancelled_owned())
        });
        Self {
            body,
            stop,
            turn,
            rest: Bytes::new(),
        }
    }

    /// As much as is handed over at a time, of these bytes or of those from before.
    fn piece(&mut self, mut bytes: Bytes) -> Piece {
        let is_http2 = self.turn.record.version() >= Version::HTTP_2;
        if is_http2 && bytes.len() > PIECE {
            self.rest = bytes.split_off(PIECE);
        }
        self.turn.record.wrote(bytes.len());
        match is_http2 {
            true => Piece::unsent(bytes, &self.turn.pulse),
            false => Piece::new(bytes),
        }
    }
}

impl http_body::Body for Answer {
    type Data = Piece;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Piece>, BoxError>>> {
        let this = &mut *self;
        if !this.rest.is_empty() {
            let rest = std::mem::take(&mut this.rest);
            return Poll::Ready(Some(Ok(Frame::data(this.piece(rest)))));
        }
        if let Some(stop) = &mut this.stop
            && stop.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(None);
        }
        let body = Pin::new(&mut this.body);
        // The head is out, so all that is left to say is that the answer is not whole.
        let polled =
            catch_unwind(AssertUnwindSafe(|| body.poll_frame(context))).unwrap_or_else(|_| {
                tracing::error!("panic while a response was written: connection closed");
                Poll::Ready(Some(Err("the handler panicked".into())))
            });
        if let Poll::Ready(Some(Err(_))) = &polled {
            this.turn.record.meets(Fate::Broken);
        }
        polled.map_ok(|frame| frame.map_data(|bytes| this.piece(bytes)))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (mut hint, rest) = (self.body.size_hint(), self.rest.len() as u64);
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper + rest);
        }
        hint.set_lower(hint.lower() + rest);
        hint
    }
}
