//! Takes note of requests that do not come through our own server.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::Service;
use crate::http::{Body, BoxError, Frames, Peer, Response};
use crate::observe::{Fate, Record};

/// A request of a test client or of another server; it ends when this is dropped.
pub(super) struct Noted {
    service: Service,
    record: Arc<Record>,
    answered: bool,
}

impl Noted {
    pub(super) fn begin(service: &Service, request: &http::Request<Body>, peer: &Peer) -> Self {
        let record = Record::of_received(request, peer.address());
        service.observer().began(&record, peer, request.headers());
        Self {
            service: service.clone(),
            record,
            answered: false,
        }
    }

    pub(super) fn record(&self) -> &Arc<Record> {
        &self.record
    }

    /// Takes note of the answer, until its body has been read or is given up.
    pub(super) async fn until_end(mut self, answering: impl Future<Output = Response>) -> Response {
        let mut answering = pin!(answering);
        let mut response = poll_fn(|context| {
            self.record.poll_begins();
            let polled = answering.as_mut().poll(context);
            if polled.is_pending() {
                self.record.poll_ends();
            }
            polled
        })
        .await;
        self.record.answered(response.status_code());
        self.answered = true;
        match response.body().complete() {
            Some(length) => self.record.wrote(length),
            None => response.body_mut().around_stream(|frames| {
                let noted = self;
                Box::pin(Writing { frames, noted })
            }),
        }
        response
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        if !self.answered && !std::thread::panicking() {
            self.record.client_left();
        }
        self.record.end();
        self.service.observer().ended(&self.record);
    }
}

/// A body that is still being made.
struct Writing {
    frames: Frames,
    noted: Noted,
}

impl http_body::Body for Writing {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.noted.record.poll_begins();
        let polled = self.frames.as_mut().poll_frame(context);
        self.noted.record.poll_ends();
        let record = &self.noted.record;
        match &polled {
            Poll::Ready(Some(Ok(frame))) => record.wrote(frame.data_ref().map_or(0, Bytes::len)),
            Poll::Ready(Some(Err(_))) => record.meets(Fate::Broken),
            Poll::Ready(None) | Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.frames.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.frames.size_hint()
    }
}
