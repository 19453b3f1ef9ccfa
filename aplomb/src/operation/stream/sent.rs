//! A stream on its way into a body, item by item as the connection takes them.

use std::any::TypeId;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use ::http::header::{CACHE_CONTROL, HeaderName};
use ::http::{HeaderValue, StatusCode};
use bytes::Bytes;
use futures_core::Stream;
use tokio::task::coop;
use tokio::time::{Instant, Sleep, sleep};

use super::{ItemOrEvent, Items};
use crate::error::Result;
use crate::http::{Body, BoxError, Response};
use crate::json::{Value, Writer};
use crate::model::Model;
use crate::operation::ResponseSettings;
use crate::operation::class::{self, NotText};
use crate::operation::respond::through;

/// What is sent when nothing else has been for a while, so that nobody takes the connection for
/// dead.
const PING: &str = ": ping\n\n";

/// Tells nginx not to hold events back.
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Appends one item as JSON.
pub(super) type WriteItem<T> = fn(&T, &ResponseSettings, &mut Writer) -> Result<()>;

/// How items become bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// JSON Lines.
    Lines,
    /// Server-sent events.
    Events,
    /// Text and bytes as they are.
    Raw,
}

/// Writes an item of the type that the stream has; a value of any type as Python would.
pub(super) fn write_as_is<T: Model>(
    item: &T,
    settings: &ResponseSettings,
    writer: &mut Writer,
) -> Result<()> {
    if TypeId::of::<T>() == TypeId::of::<Value>() {
        writer.untyped(item.dump(&settings.dump()));
    } else {
        settings.write(item, writer);
    }
    Ok(())
}

/// Writes an item through the model that the route promised.
pub(super) fn write_through<T: Model, M: Model>(
    item: &T,
    settings: &ResponseSettings,
    writer: &mut Writer,
) -> Result<()> {
    settings.write(&through::<M, T>(item)?, writer);
    Ok(())
}

/// The status of a stream: what the route says, else what its response class does.
pub(super) fn status(settings: &ResponseSettings) -> StatusCode {
    let class = settings.class.filter(|_| !settings.status_given);
    let class = class.and_then(|class| StatusCode::from_u16(class.status).ok());
    class.unwrap_or(settings.status)
}

/// A stream as the bytes of a body.
pub(super) struct Sending<T> {
    items: Items<T>,
    form: Form,
    settings: ResponseSettings,
    write: WriteItem<T>,
    ping: Option<Ping>,
    over: bool,
}

/// When the next ping is due.
struct Ping {
    interval: Duration,
    due: Pin<Box<Sleep>>,
}

impl Ping {
    fn put_off(&mut self) {
        self.due.as_mut().reset(Instant::now() + self.interval);
    }
}

impl<T: Model> Sending<T> {
    pub(super) fn new(
        items: Items<T>,
        form: Form,
        settings: &ResponseSettings,
        write: WriteItem<T>,
    ) -> Self {
        Self {
            items,
            form,
            settings: settings.clone(),
            write,
            ping: None,
            over: false,
        }
    }

    /// Pings whenever nothing has been sent for so long.
    pub(super) fn pinging(mut self, interval: Duration) -> Self {
        self.ping = Some(Ping {
            interval,
            due: Box::pin(sleep(interval)),
        });
        self
    }

    /// The response; `media_type` is that of bytes as they are.
    pub(super) fn into_response(
        self,
        media_type: Option<&str>,
        settings: &ResponseSettings,
    ) -> Response {
        let (form, pinged) = (self.form, self.ping.is_some());
        let sending = match form {
            Form::Events if !pinged => self.pinging(super::events::PING_INTERVAL),
            _ => self,
        };
        let mut body = Body::from_stream(sending);
        if form == Form::Events {
            body.end_at_stop();
        }
        let mut response = Response::new(body);
        let media_type = match form {
            Form::Lines => Some("application/jsonl"),
            Form::Events => Some("text/event-stream"),
            Form::Raw => media_type,
        };
        class::set_media_type(&mut response, media_type);
        if form == Form::Events {
            let headers = response.headers_mut();
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            headers.insert(BUFFERING, HeaderValue::from_static("no"));
        }
        response.set_status(status(settings));
        response
    }

    fn encode(&self, item: ItemOrEvent<T>) -> Result<Bytes> {
        let mut writer = Writer::new();
        match (self.form, item) {
            (_, ItemOrEvent::Event(event)) => return Ok(event.encode()?.into()),
            (Form::Raw, ItemOrEvent::Item(item)) => {
                return class::text(&item).ok_or_else(|| NotText.into());
            }
            (Form::Lines, ItemOrEvent::Item(item)) => {
                (self.write)(&item, &self.settings, &mut writer)?;
                writer.raw("\n");
            }
            (Form::Events, ItemOrEvent::Item(item)) => {
                // JSON text has no line breaks, so that one line is enough.
                writer.raw("data: ");
                (self.write)(&item, &self.settings, &mut writer)?;
                writer.raw("\n\n");
            }
        }
        Ok(writer.into_bytes().into())
    }
}

impl<T: Model> Stream for Sending<T> {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.over {
            return Poll::Ready(None);
        }
        // A stream that is always ready must not keep the thread from everything else.
        let budget = ready!(coop::poll_proceed(context));
        let sent = match self.items.as_mut().poll_next(context) {
            Poll::Ready(Some(item)) => item.and_then(|item| self.encode(item)),
            Poll::Ready(None) => {
                self.over = true;
                return Poll::Ready(None);
            }
            Poll::Pending => match &mut self.ping {
                Some(ping) => {
                    ready!(ping.due.as_mut().poll(context));
                    Ok(Bytes::from_static(PING.as_bytes()))
                }
                None => return Poll::Pending,
            },
        };
        budget.made_progress();
        if let Some(ping) = &mut self.ping {
            ping.put_off();
        }
        Poll::Ready(Some(sent.map_err(|error| {
            self.over = true;
            tracing::error!(%error, "a stream failed: connection closed");
            error.into()
        })))
    }
}
