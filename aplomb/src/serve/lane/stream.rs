//! Response bodies that are made while they are sent, polled in the lane of their route.

use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};
use std::time::Duration;

use async_task::Task;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tracing::Instrument as _;
use tracing::instrument::WithSubscriber as _;

use super::guarded::Given;
use super::isolated::Operation;
use super::{Lane, RouteLane, isolated, slot};
use crate::http::{BoxError, Frames, LongText, room};

type Piece = Result<Frame<Bytes>, BoxError>;

/// How many pieces of a text may be ahead of its reader, however much room there is.
const AHEAD: usize = 1 << 16;
/// How often it is looked whether there is room again.
const LOOK: Duration = Duration::from_millis(100);

/// A body that the route's operation is still making.
pub(super) struct Laned {
    lane: Arc<RouteLane>,
    place: Place,
    size: SizeHint,
}

enum Place {
    /// Polled by whoever sends it.
    Here(Frames),
    /// Polled in the isolated lane, ahead of whoever sends it.
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

    /// A text that is written in the isolated lane, whatever lane its route has.
    pub(super) fn text(lane: Arc<RouteLane>, text: Box<LongText>) -> Self {
        // What it takes says nothing about the operation.
        static WRITING: LazyLock<Arc<RouteLane>> =
            LazyLock::new(|| RouteLane::new("long answers".to_owned(), Some(Lane::Isolated)));
        let (send, receive) = mpsc::channel(AHEAD);
        let writing = write_ahead(text, send)
            .instrument(tracing::Span::current())
            .with_current_subscriber();
        Self {
            place: Place::There(receive, isolated::spawn_first(&WRITING, writing)),
            lane,
            size: SizeHint::default(),
        }
    }
}

/// Writes a text as far ahead of its reader as there is room, since what it is written from may be
/// larger than the text; without room, no further than one piece, and holding no thread meanwhile.
async fn write_ahead(mut text: Box<LongText>, send: mpsc::Sender<Piece>) {
    while let Some(piece) = text.next() {
        let piece = piece.map(Frame::data).map_err(Into::into);
        if send.send(piece).await.is_err() {
            return;
        }
        while !room::is_left() {
            text.pause();
            match timeout(LOOK, send.reserve_many(AHEAD)).await {
                Ok(Ok(_all)) => break,
                Ok(Err(_)) => return,
                Err(_) => {}
            }
        }
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
