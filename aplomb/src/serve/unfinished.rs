//! [`Unfinished`]: what a server that stops does not let come to its end, by name.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::observe::{Phase, Record};

/// The longest path that is named where no route was found, in bytes.
const LONGEST: usize = 100;

/// Something on a connection that has begun and is not over.
pub(super) struct Unfinished {
    what: What,
    client: Option<SocketAddr>,
}

enum What {
    /// The beginning of a handshake of TLS, on a connection that came then.
    Handshake(Instant),
    /// The beginning of a head, which came then.
    Head(Instant),
    Body(Arc<Record>),
    /// A request that is not answered yet.
    Request(Arc<Record>),
    Answer(Arc<Record>),
    /// The client takes nothing of what is written to it.
    Unread(Arc<Record>),
    /// Likewise since then, and nobody knows any more what it was.
    Anything(Instant),
    EventStream(Arc<Record>),
    WebSocket(Arc<Record>),
}

impl Unfinished {
    /// A handshake that has begun.
    pub(super) fn handshake(since: Instant, client: Option<SocketAddr>) -> Self {
        let what = What::Handshake(since);
        Self { what, client }
    }

    /// A head of which not all has come.
    pub(super) fn head(since: Instant, client: Option<SocketAddr>) -> Self {
        let what = What::Head(since);
        Self { what, client }
    }

    /// A request, whose connection may not take what is written to it.
    pub(super) fn request(
        record: &Arc<Record>,
        is_blocked: bool,
        client: Option<SocketAddr>,
    ) -> Self {
        let record = Arc::clone(record);
        let what = match record.phase() {
            Phase::Writing if record.is_event_stream() => What::EventStream(record),
            Phase::Writing if is_blocked => What::Unread(record),
            Phase::Writing => What::Answer(record),
            _ if record.standstill().goes_on() => What::Body(record),
            _ => What::Request(record),
        };
        Self { what, client }
    }

    /// Answers that the client has taken nothing of since then.
    pub(super) fn unread(since: Instant, client: Option<SocketAddr>) -> Self {
        let what = What::Anything(since);
        Self { what, client }
    }

    /// A conversation.
    pub(super) fn websocket(record: &Arc<Record>, client: Option<SocketAddr>) -> Self {
        let what = What::WebSocket(Arc::clone(record));
        Self { what, client }
    }

    /// Whether the end of the server ends it in good order, whatever time there is.
    pub(super) fn ends_at_stop(&self) -> bool {
        matches!(self.what, What::EventStream(_) | What::WebSocket(_))
    }

    /// Says that it is given an end, because the server stops.
    pub(super) fn ends(&self) {
        let (id, age_ms, phase) = (self.id(), self.age().as_millis(), self.phase());
        let client = self.client.map(tracing::field::display);
        tracing::info!(request = id, client, phase, age_ms, "ends: {self}");
    }

    /// Says that it was cut, because the server stops.
    pub(super) fn cut(&self) {
        let (id, age_ms, phase) = (self.id(), self.age().as_millis(), self.phase());
        let client = self.client.map(tracing::field::display);
        tracing::warn!(request = id, client, phase, age_ms, "cut: {self}");
    }

    /// In a few words what it waits for.
    pub(super) fn state(&self) -> &'static str {
        match &self.what {
            What::Handshake(_) => "half a handshake",
            What::Head(_) => "half a head",
            What::Body(_) => "body",
            What::Request(_) => "request",
            What::Answer(_) => "answer",
            What::Unread(_) | What::Anything(_) => "unread answer",
            What::EventStream(_) => "event stream",
            What::WebSocket(_) => "websocket",
        }
    }

    /// The request it is of, as far as there is one.
    pub(super) fn record(&self) -> Option<&Arc<Record>> {
        match &self.what {
            What::Handshake(_) | What::Head(_) | What::Anything(_) => None,
            What::Body(record)
            | What::Request(record)
            | What::Answer(record)
            | What::Unread(record)
            | What::EventStream(record)
            | What::WebSocket(record) => Some(record),
        }
    }

    fn id(&self) -> Option<u64> {
        self.record().map(|record| record.id())
    }

    fn phase(&self) -> &'static str {
        match &self.what {
            What::Handshake(_) => "handshake",
            What::Head(_) => "head",
            What::Anything(_) => Phase::Writing.name(),
            What::WebSocket(_) => "websocket",
            _ => self.record().map_or("", |record| record.phase().name()),
        }
    }

    /// How long ago it began: a WebSocket with its handshake.
    fn age(&self) -> Duration {
        let began = match &self.what {
            What::Handshake(since) | What::Head(since) | What::Anything(since) => Some(*since),
            _ => self.record().map(|record| record.arrived()),
        };
        began.map_or(Duration::ZERO, |began| began.elapsed())
    }
}

impl Unfinished {
    fn anonymous(&self, what: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.client {
            Some(client) => write!(f, "{what} {client}"),
            None => write!(f, "{what} a client"),
        }
    }
}

/// Such as `half a body of POST /items/{item_id}`.
impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, record) = match &self.what {
            What::Handshake(_) => return self.anonymous("half a handshake with", f),
            What::Head(_) => return self.anonymous("half a head from", f),
            What::Anything(_) => return self.anonymous("an answer nobody reads of", f),
            What::WebSocket(record) => return write!(f, "a websocket of {}", route(record)),
            What::Body(record) => ("half a body of", record),
            What::Request(record) => ("no answer yet to", record),
            What::Answer(record) => ("half an answer to", record),
            What::Unread(record) => ("an answer nobody reads of", record),
            What::EventStream(record) => ("an event stream of", record),
        };
        write!(f, "{what} {} {}", record.method(), route(record))
    }
}

/// The template of the route, and where none was found the path as it was asked for.
fn route(record: &Record) -> String {
    record.route().unwrap_or_else(|| {
        let path = record.target().split('?').next().unwrap_or_default();
        let end = path.floor_char_boundary(LONGEST);
        path[..end].to_owned()
    })
}
