//! [`EventStream`]: a stream as server-sent events.

use std::time::Duration;

use futures_core::Stream;

use super::sent::{self, Form, Sending};
use super::{StreamItem, described, items};
use crate::error::Result;
use crate::http::Response;
use crate::model::Model;
use crate::openapi::Schemas;
use crate::operation::{ClassKind, Description, IntoResponse, ResponseClass, ResponseSettings};

/// After how long without an event a ping is sent, unless an [`EventStream`] says otherwise.
pub(super) const PING_INTERVAL: Duration = Duration::from_secs(15);

/// Server-sent events: a response class for streams, and a stream with settings of its own.
/// FastAPI's `EventSourceResponse`.
///
/// Models are sent as the JSON data of events; a [`ServerSentEvent`](crate::ServerSentEvent) says
/// more. While there is nothing to send, a comment goes out every 15 seconds, so that proxies keep
/// the connection. When the server stops, the stream ends behind a whole event, and browsers
/// connect again, with the `Last-Event-ID` they had.
///
/// ```
/// use aplomb::prelude::*;
/// use aplomb::testing::TestClient;
///
/// #[derive(Model)]
/// struct Item {
///     name: String,
/// }
///
/// #[get("/items/stream", response_class = EventStream)]
/// async fn stream_items() -> impl Stream<Item = Item> {
///     generate(async |items| {
///         for name in ["fork", "spoon"] {
///             items.send(Item { name: name.to_owned() }).await;
///         }
///     })
/// }
///
/// let answer = TestClient::new(App::new().routes(routes![stream_items])).get("/items/stream").send();
/// answer.assert_header("content-type", "text/event-stream; charset=utf-8");
/// assert_eq!(answer.text(), "data: {\"name\":\"fork\"}\n\ndata: {\"name\":\"spoon\"}\n\n");
/// ```
#[derive(Clone, Debug)]
pub struct EventStream<S = ()> {
    stream: S,
    ping: Duration,
}

impl<S: Stream<Item: StreamItem> + Send + 'static> EventStream<S> {
    /// The events of a stream.
    pub fn new(stream: S) -> Self {
        Self {
            stream,
            ping: PING_INTERVAL,
        }
    }

    /// Sends a ping whenever nothing else has been sent for this long, instead of 15 seconds.
    #[must_use]
    pub fn ping_interval(mut self, interval: Duration) -> Self {
        self.ping = interval.max(Duration::from_millis(1));
        self
    }

    fn respond(
        self,
        settings: &ResponseSettings,
        write: sent::WriteItem<<S::Item as StreamItem>::Item>,
    ) -> Response {
        Sending::new(items(self.stream), Form::Events, settings, write)
            .pinging(self.ping)
            .into_response(None, settings)
    }
}

impl<S: Stream<Item: StreamItem> + Send + 'static> IntoResponse for EventStream<S> {
    fn into_response(self, settings: &ResponseSettings) -> Result<Response> {
        Ok(self.respond(settings, sent::write_as_is))
    }

    fn into_response_as<M: Model>(self, settings: &ResponseSettings) -> Result<Response> {
        Ok(self.respond(settings, sent::write_through::<_, M>))
    }

    fn describe(schemas: &mut Schemas) -> Description {
        Self::describe_as::<<S::Item as StreamItem>::Item>(schemas)
    }

    fn describe_as<M: Model>(schemas: &mut Schemas) -> Description {
        Description {
            decided: true,
            ..described::<M>("text/event-stream", schemas)
        }
    }
}

impl<S: 'static> ResponseClass for EventStream<S> {
    const MEDIA_TYPE: Option<&'static str> = Some("text/event-stream");
    const KIND: ClassKind = ClassKind::Events;
}
