//! A request body on its way in.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Version;
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;

use super::pulse::Pulse;
use super::ready::Hush;
use crate::http::{BodyError, BoxError};
use crate::observe::Record;

/// The body of one request, counted against the limit and watched for progress.
pub(super) struct Upload {
    incoming: Incoming,
    pulse: Arc<Pulse>,
    record: Arc<Record>,
    allowed: usize,
    waiting: bool,
    /// Bytes that have come and that the pulse was not told of.
    brought: u64,
    complete: bool,
}

impl Upload {
    pub(super) fn new(incoming: Incoming, pulse: Arc<Pulse>, record: Arc<Record>) -> Self {
        let allowed = pulse.shared.limits.body_bytes;
        Self {
            incoming,
            pulse,
            record,
            allowed,
            waiting: false,
            brought: 0,
            complete: false,
        }
    }

    fn wait(&mut self, waiting: bool) {
        if waiting != self.waiting {
            self.waiting = waiting;
            let brought = std::mem::take(&mut self.brought);
            let (standstill, arrived) = (self.record.standstill(), self.record.arrived());
            if waiting {
                standstill.begin(arrived);
                self.pulse.body_awaited(brought);
            } else {
                standstill.end(arrived);
                self.pulse.body_arrived(brought);
            }
        }
    }

    /// The next of what has come.
    ///
    /// The parser wakes itself whenever something is taken from it. When that was the last it has
    /// nothing left to hand over, and a whole poll of the connection would find nothing to do. In
    /// HTTP/2 it tells the client that there is room again.
    fn poll_incoming(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let incoming = Pin::new(&mut self.incoming);
        if self.record.version() >= Version::HTTP_2 {
            return incoming.poll_frame(context);
        }
        let hush = Hush::begin();
        let polled = incoming.poll_frame(context);
        if polled.is_ready() && self.incoming.is_end_stream() {
            hush.in_vain();
        }
        polled
    }

    fn note_end(&mut self) {
        if !self.complete {
            self.complete = true;
            self.pulse.body_read(&self.record);
        }
    }
}

impl http_body::Body for Upload {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let polled = self.poll_incoming(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            self.brought += frame.data_ref().map_or(0, Bytes::len) as u64;
        }
        self.wait(polled.is_pending());
        let frame = match polled {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Some(frame)) => frame.map_err(BoxError::from),
            Poll::Ready(None) => {
                self.note_end();
                return Poll::Ready(None);
            }
        };
        // A body in chunks has no end before that is asked for.
        if self.incoming.is_end_stream() {
            self.note_end();
        }
        Poll::Ready(Some(frame.and_then(|frame| {
            let length = frame.data_ref().map_or(0, Bytes::len);
            match self.allowed.checked_sub(length) {
                Some(rest) => self.allowed = rest,
                None => return Err(BodyError::TooLarge.into()),
            }
            Ok(frame)
        })))
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.wait(false);
    }
}
