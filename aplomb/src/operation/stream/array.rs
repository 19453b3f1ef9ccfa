//! [`JsonArray`]: a stream as one JSON array, made while it is sent.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_core::Stream;
use tokio::task::coop;

use super::sent::{self, WriteItem};
use super::{ItemOrEvent, Items, StreamItem, items};
use crate::error::{Error, Result};
use crate::http::{Body, BoxError, Response};
use crate::json::Writer;
use crate::model::Model;
use crate::openapi::Schemas;
use crate::operation::class::set_media_type;
use crate::operation::{ClassKind, Description, IntoResponse, ResponseClass, ResponseSettings};

const MEDIA_TYPE: &str = "application/json";
/// How many bytes make a piece that is sent, give or take an item.
const PIECE: usize = 64 << 10;
/// How much room there is for the item that makes a piece full.
const ROOM: usize = 4 << 10;
/// After how long of making items what there is of a piece is sent, and others get the thread.
const SLICE: Duration = Duration::from_millis(1);

/// One JSON array whose items are made while it is sent: a response class for streams and
/// iterators, and a stream whose type has a name.
///
/// To a client and in the document it is what a `Vec` of the items is. Here no more of it exists at
/// a time than a few pieces of 64 KiB: items are made as fast as the client reads, in the lane of
/// the route, and where the client leaves, the stream is dropped. As for all streams, an error
/// breaks the connection, so that nobody takes what came for the whole, and is logged.
///
/// ```
/// use aplomb::prelude::*;
/// use aplomb::testing::TestClient;
///
/// #[derive(Model)]
/// struct Client {
///     id: u64,
/// }
///
/// #[get("/clients", response_class = JsonArray)]
/// async fn clients() -> impl Iterator<Item = Client> {
///     (1..=3).map(|id| Client { id })
/// }
///
/// let client = TestClient::new(App::new().routes(routes![clients]));
/// let answer = client.get("/clients").send();
/// answer.assert_header("content-type", "application/json");
/// assert_eq!(answer.text(), r#"[{"id":1},{"id":2},{"id":3}]"#);
/// ```
#[derive(Clone, Debug)]
pub struct JsonArray<S = ()>(pub S);

impl<S: Stream<Item: StreamItem> + Send + 'static> IntoResponse for JsonArray<S> {
    fn into_response(self, settings: &ResponseSettings) -> Result<Response> {
        Ok(respond(items(self.0), None, settings, write_as_is))
    }

    fn into_response_as<M: Model>(self, settings: &ResponseSettings) -> Result<Response> {
        let write = sent::write_through::<_, M>;
        Ok(respond(items(self.0), None, settings, write))
    }

    fn describe(schemas: &mut Schemas) -> Description {
        Self::describe_as::<<S::Item as StreamItem>::Item>(schemas)
    }

    fn describe_as<M: Model>(schemas: &mut Schemas) -> Description {
        Description {
            decided: true,
            ..<Vec<M> as IntoResponse>::describe(schemas)
        }
    }
}

impl<S: 'static> ResponseClass for JsonArray<S> {
    const MEDIA_TYPE: Option<&'static str> = Some(MEDIA_TYPE);
    const KIND: ClassKind = ClassKind::Array;
}

/// The response that is an array of these items.
pub(super) fn respond<T: Model>(
    items: Items<T>,
    media_type: Option<&'static str>,
    settings: &ResponseSettings,
    write: WriteItem<T>,
) -> Response {
    let mut response = Response::new(Body::from_stream(Array {
        items,
        settings: settings.clone(),
        write,
        written: Writer::new(),
        any: false,
        end: None,
    }));
    set_media_type(&mut response, media_type.or(Some(MEDIA_TYPE)));
    response.set_status(sent::status(settings));
    response
}

/// Writes an item as it is written in a `Vec`.
pub(super) fn write_as_is<T: Model>(
    item: &T,
    settings: &ResponseSettings,
    writer: &mut Writer,
) -> Result<()> {
    settings.write(item, writer);
    Ok(())
}

/// A stream as the bytes of an array, piece by piece.
struct Array<T> {
    items: Items<T>,
    settings: ResponseSettings,
    write: WriteItem<T>,
    /// What is written of the next piece.
    written: Writer,
    /// Whether there has been an item.
    any: bool,
    /// How the items ended, to be told behind what is written.
    end: Option<Result<(), Error>>,
}

impl<T: Model> Array<T> {
    fn push(&mut self, item: ItemOrEvent<T>) -> Result<()> {
        let ItemOrEvent::Item(item) = item else {
            return Err(EventInArray.into());
        };
        self.written.raw(if self.any { "," } else { "[" });
        self.any = true;
        (self.write)(&item, &self.settings, &mut self.written)
    }

    /// Takes what is written as a piece.
    fn piece(&mut self) -> Bytes {
        let next = match self.written.len() < PIECE {
            true => Writer::new(),
            false => Writer::with_capacity(PIECE + ROOM),
        };
        std::mem::replace(&mut self.written, next)
            .into_bytes()
            .into()
    }
}

impl<T: Model> Stream for Array<T> {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let budget = ready!(coop::poll_proceed(context));
        let begin = Instant::now();
        while this.end.is_none() && this.written.len() < PIECE {
            let before = this.written.len();
            match this.items.as_mut().poll_next(context) {
                Poll::Ready(Some(item)) => {
                    if let Err(error) = item.and_then(|item| this.push(item)) {
                        // Half an item is no use to anybody.
                        this.written.truncate(before);
                        this.end = Some(Err(error));
                    }
                }
                Poll::Ready(None) => {
                    this.written.raw(if this.any { "]" } else { "[]" });
                    this.end = Some(Ok(()));
                }
                Poll::Pending if this.written.is_empty() => return Poll::Pending,
                // What there is goes out while more is waited for.
                Poll::Pending => break,
            }
            if begin.elapsed() >= SLICE {
                break;
            }
        }
        budget.made_progress();
        if !this.written.is_empty() {
            return Poll::Ready(Some(Ok(this.piece())));
        }
        Poll::Ready(match this.end.replace(Ok(())) {
            Some(Err(error)) => {
                tracing::error!(%error, "a stream failed: connection closed");
                Some(Err(error.into()))
            }
            _ => None,
        })
    }
}

/// An event among the items of an array.
#[derive(Clone, Copy, Debug)]
struct EventInArray;

impl std::fmt::Display for EventInArray {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a server-sent event cannot be an item of a JSON array")
    }
}

impl std::error::Error for EventInArray {}
