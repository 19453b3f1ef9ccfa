//! Streams as results: JSON Lines, one JSON array, server-sent events, or bytes as they come.

mod array;
mod blocking;
mod events;
mod lines;
mod raw;
mod sent;

pub use array::JsonArray;
pub use events::EventStream;
pub use lines::JsonLines;
pub use raw::StreamingResponse;

use std::pin::Pin;

use futures_core::Stream;
use futures_util::{StreamExt as _, stream};

use super::class::{Class, ClassKind};
use super::{Description, IntoResponse, ResponseSettings};
use crate::error::{Error, Result};
use crate::http::{Response, ServerSentEvent};
use crate::model::{Constraints, Model};
use crate::openapi::{Mode, Schemas};
use blocking::Blocking;
use sent::{Form, Sending};

/// What a stream may give: models, `Result`s of them, or [`ServerSentEvent`]s.
///
/// An error ends the stream: it is logged, and the connection breaks, so that the client does not
/// take what it has for the whole.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an item of a stream",
    label = "this cannot be written to a response",
    note = "give `Model`s (`#[derive(Model)]`), `ServerSentEvent`s, or `Result`s of them"
)]
pub trait StreamItem: Send + 'static {
    /// What is written of it.
    type Item: Model;
    /// Whether it goes to event streams only.
    const EVENT: bool = false;

    /// The item, or why the stream ends here.
    ///
    /// # Errors
    /// What the stream failed with.
    fn into_item(self) -> Result<ItemOrEvent<Self::Item>>;
}

/// An item of an event stream that gives both: data of one type, and events that say more.
///
/// ```
/// use aplomb::operation::ItemOrEvent;
/// use aplomb::prelude::*;
///
/// #[get("/progress", response_class = EventStream)]
/// async fn progress() -> impl Stream<Item = ItemOrEvent<u32>> {
///     generate(async |events| {
///         events.send(ItemOrEvent::Item(50)).await;
///         let done = ServerSentEvent::new().event("done");
///         events.send(ItemOrEvent::Event(done)).await;
///     })
/// }
/// ```
#[derive(Clone, Debug)]
pub enum ItemOrEvent<T> {
    /// Data, checked and described as the type has it.
    Item(T),
    /// An event.
    Event(ServerSentEvent),
}

#[diagnostic::do_not_recommend]
impl<T: Model> StreamItem for T {
    type Item = T;

    fn into_item(self) -> Result<ItemOrEvent<T>> {
        Ok(ItemOrEvent::Item(self))
    }
}

impl StreamItem for &'static str {
    type Item = String;

    fn into_item(self) -> Result<ItemOrEvent<String>> {
        Ok(ItemOrEvent::Item(self.to_owned()))
    }
}

impl StreamItem for ServerSentEvent {
    type Item = crate::json::Value;
    const EVENT: bool = true;

    fn into_item(self) -> Result<ItemOrEvent<Self::Item>> {
        Ok(ItemOrEvent::Event(self))
    }
}

impl<T: Model> StreamItem for ItemOrEvent<T> {
    type Item = T;
    const EVENT: bool = true;

    fn into_item(self) -> Result<Self> {
        Ok(self)
    }
}

impl<T: StreamItem, E: Into<Error> + Send + 'static> StreamItem for Result<T, E> {
    type Item = T::Item;
    const EVENT: bool = T::EVENT;

    fn into_item(self) -> Result<ItemOrEvent<T::Item>> {
        self.map_err(Into::into)?.into_item()
    }
}

/// The items of a stream, whatever stream it is.
type Items<T> = Pin<Box<dyn Stream<Item = Result<ItemOrEvent<T>>> + Send>>;

fn items<S: Stream<Item: StreamItem> + Send + 'static>(
    stream: S,
) -> Items<<S::Item as StreamItem>::Item> {
    Box::pin(stream.map(StreamItem::into_item))
}

/// What a handler gives that returns `impl Stream` or `impl Iterator`: the response class of the
/// route says what becomes of it.
#[derive(Debug)]
pub struct Streamed<S>(S);

impl<S: Stream<Item: StreamItem>> Streamed<S> {
    /// A stream.
    pub fn stream(stream: S) -> Self {
        Self(stream)
    }
}

/// The items of an iterator that does not block.
pub fn streamed_iterator<I>(items: I) -> Streamed<impl Stream<Item = I::Item>>
where
    I: Iterator<Item: StreamItem>,
{
    Streamed(stream::iter(items))
}

/// The items of an iterator that may block, taken where that hurts nobody.
pub fn streamed_blocking_iterator<I>(items: I) -> Streamed<impl Stream<Item = Result<I::Item>>>
where
    I: Iterator<Item: StreamItem> + Send + 'static,
{
    Streamed(Blocking::new(items))
}

impl<S: Stream<Item: StreamItem> + Send + 'static> Streamed<S> {
    fn respond(
        self,
        settings: &ResponseSettings,
        through: Option<sent::WriteItem<<S::Item as StreamItem>::Item>>,
    ) -> Response {
        if let Some(class) = &settings.class
            && class.kind == ClassKind::Array
        {
            let write = through.unwrap_or(array::write_as_is);
            return array::respond(items(self.0), class.media_type, settings, write);
        }
        let write = through.unwrap_or(sent::write_as_is);
        let form = match &settings.class {
            Some(class) => Form::of(class),
            None if S::Item::EVENT => Form::Events,
            None => Form::Lines,
        };
        let media_type = settings.class.and_then(|class| class.media_type);
        let sending = Sending::new(items(self.0), form, settings, write);
        sending.into_response(media_type, settings)
    }
}

impl<S: Stream<Item: StreamItem> + Send + 'static> IntoResponse for Streamed<S> {
    fn into_response(self, settings: &ResponseSettings) -> Result<Response> {
        Ok(self.respond(settings, None))
    }

    fn into_response_as<M: Model>(self, settings: &ResponseSettings) -> Result<Response> {
        Ok(self.respond(settings, Some(sent::write_through::<_, M>)))
    }

    fn describe(schemas: &mut Schemas) -> Description {
        Self::describe_as::<<S::Item as StreamItem>::Item>(schemas)
    }

    fn describe_as<M: Model>(schemas: &mut Schemas) -> Description {
        let media_type = match S::Item::EVENT {
            true => "text/event-stream",
            false => "application/jsonl",
        };
        described::<M>(media_type, schemas)
    }
}

/// What the document says of a stream of `M`s.
fn described<M: Model>(media_type: &'static str, schemas: &mut Schemas) -> Description {
    let schema = schemas.in_mode(Mode::Output, |schemas| {
        M::schema(schemas, &Constraints::NONE)
    });
    Description {
        media_type: Some(media_type),
        // An event without a declared type of data says nothing about it.
        schema: Some(schema).filter(|schema| !schema.is_empty()),
        items: true,
        ..Description::default()
    }
}

impl Form {
    fn of(class: &Class) -> Self {
        match class.kind {
            ClassKind::Json | ClassKind::Array => Self::Lines,
            ClassKind::Text => Self::Raw,
            ClassKind::Events => Self::Events,
        }
    }
}
