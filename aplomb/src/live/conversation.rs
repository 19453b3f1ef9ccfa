//! [`Conversation`]: what live probes see of a WebSocket.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use super::moment::Passed;
use super::point::Point;
use super::seen::{Values, described};
use super::watch::Watch;
use crate::error::Error;
use crate::http::Request;
use crate::json::Value;
use crate::websocket::Message;

/// What live probes see of a WebSocket once it is accepted: those that are set now, and not only
/// those that were when it began. As long as there are none at a point, passing it costs the
/// reading of a number, and counting.
#[derive(Debug, Default)]
pub(crate) struct Conversation {
    /// When probes have seen the last message, in nanoseconds since the handshake arrived, or zero.
    last: AtomicU64,
}

/// A message, without what it says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PassedMessage {
    pub(crate) direction: &'static str,
    pub(crate) kind: &'static str,
    /// In bytes.
    pub(crate) size: usize,
    /// How long after the one before, in either direction; nothing for the first that probes see.
    pub(crate) since: Option<Duration>,
}

impl PassedMessage {
    pub(crate) fn received(message: &Message) -> Self {
        Self::of("received", message)
    }

    pub(crate) fn sent(message: &Message) -> Self {
        Self::of("sent", message)
    }

    fn of(direction: &'static str, message: &Message) -> Self {
        Self {
            direction,
            kind: match message {
                Message::Text(_) => "text",
                Message::Bytes(_) => "bytes",
            },
            size: message.len(),
            since: None,
        }
    }
}

impl Conversation {
    /// It was accepted.
    #[inline]
    pub(crate) fn opened(&self, request: &Request) {
        if let Some(watch) = watch(request, &Point::Open) {
            pass(&watch, Point::Open, request, Passed::default(), None);
        }
    }

    /// A message has come, or goes.
    #[inline]
    pub(crate) fn passes(&self, request: &Request, message: PassedMessage) {
        if let Some(watch) = watch(request, &Point::Message) {
            self.look(&watch, request, message);
        }
    }

    #[cold]
    fn look(&self, watch: &Watch, request: &Request, mut message: PassedMessage) {
        let now = request.record().arrived().elapsed();
        let now = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX);
        let last = self.last.swap(now, Relaxed);
        message.since = (last > 0).then(|| Duration::from_nanos(now.saturating_sub(last)));
        let passed = Passed {
            message: Some(message),
            ..Passed::default()
        };
        pass(watch, Point::Message, request, passed, None);
    }

    /// It is closed with this code.
    #[inline]
    pub(crate) fn closed(&self, request: &Request, code: u16) {
        if let Some(watch) = watch(request, &Point::Close) {
            let close = Some(code);
            let passed = Passed {
                close,
                ..Passed::default()
            };
            pass(&watch, Point::Close, request, passed, None);
        }
    }

    /// Its function failed.
    #[inline]
    pub(crate) fn failed(&self, request: &Request, error: &Error) {
        if let Some(watch) = watch(request, &Point::Error) {
            let error = Some(described(error));
            pass(&watch, Point::Error, request, Passed::default(), error);
        }
    }
}

/// Counts that a point of the route is passed; the probes that sit there now.
#[inline]
fn watch(request: &Request, point: &Point) -> Option<Arc<Watch>> {
    let endpoint = request.record().endpoint()?;
    endpoint.tally.count(point);
    endpoint.live.watch_at(point)
}

#[cold]
fn pass(watch: &Watch, point: Point, request: &Request, passed: Passed<'_>, error: Option<Value>) {
    let pass = |values: &mut Values| {
        values.error = error.or(values.error.take());
        let elapsed = watch.converses(&point, request, values, passed);
        values.note(point, elapsed);
    };
    match request.record().seen() {
        Some(seen) => seen.in_conversation(pass),
        // Nobody was looking when it began.
        None => pass(&mut Values::of_conversation()),
    }
}
