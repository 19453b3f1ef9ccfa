//! Response bodies that are made while they are sent, polled in the lane of their route.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use async_task::Task;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::mpsc;
use tracing::Instrument as _;
use tracing::instrument::WithSubscriber as _;

use super::guarded::Given;
use super::isolated::Operation;
use super::{RouteLane, isolated, slot};
use crate::http::{BoxError, Frames};

type Piece = Result<Frame<Bytes>, BoxError>;

/// A body that the route's operation is still making.
pub(super) struct Laned {
    lane: Arc<RouteLane>,
    place: Place,
    size: SizeHint,
}

enum Place {
    /// Polled by whoever sends it.
    Here(Frames),
    /// Polled in the isolated lane, one frame ahead of whoever sends it.
    There(mpsc::Receiver<Piece>, Task<Given<()>, Operation>),
    Ended,
}

impl Laned {
    pub(super) fn new(lane: Arc<RouteLane>, frames: Frames) -> Self {
        let size = frames.size_hint();
        let place = match lane.is_isolated() {
            true => isolate(&lane, frames),
            false => Place::Here(frames),
        };
        Self { lane, place, size }
    }
}

fn isolate(lane: &Arc<RouteLane>, mut frames: Frames) -> Place {
    let (send, receive) = mpsc::channel(1);
    let pump = async move {
        while let Some(piece) =
            std::future::poll_fn(|context| frames.as_mut().poll_frame(context)).await
        {
            if send.send(piece).await.is_err() {
                return;
            }
        }
    };
    let pump = pump
        .instrument(tracing::Span::current())
        .with_current_subscriber();
    Place::There(receive, isolated::spawn(lane, None, pump, ()))
}

impl Body for Laned {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Piece>> {
        let this = &mut *self;
        if this.lane.is_isolated() && matches!(this.place, Place::Here(_)) {
            // It held its thread: the rest is made elsewhere.
            if let Place::Here(frames) = std::mem::replace(&mut this.place, Place::Ended) {
                this.place = isolate(&this.lane, frames);
            }
        }
        let piece = match &mut this.place {
            Place::Here(frames) => slot::inline(&this.lane, || frames.as_mut().poll_frame(context)),
            Place::There(pieces, pump) => match pieces.poll_recv(context) {
                // The end of the pump says whether it is that of the body, or a panic.
                Poll::Ready(None) => Pin::new(pump).poll(context).map(|_| None),
                piece => piece,
            },
            Place::Ended => Poll::Ready(None),
        };
        if let Poll::Ready(piece) = &piece {
            match piece {
                Some(Ok(frame)) => {
                    let sent = frame.data_ref().map_or(0, Bytes::len) as u64;
                    if let Some(whole) = this.size.exact() {
                        this.size = SizeHint::with_exact(whole.saturating_sub(sent));
                    }
                }
                Some(Err(_)) | None => this.place = Place::Ended,
            }
        }
        piece
    }

    fn is_end_stream(&self) -> bool {
        match &self.place {
            Place::Here(frames) => frames.is_end_stream(),
            Place::There(..) => self.size.exact() == Some(0),
            Place::Ended => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.place {
            Place::Here(frames) => frames.size_hint(),
            Place::There(..) => self.size,
            Place::Ended => SizeHint::with_exact(0),
        }
    }
}
