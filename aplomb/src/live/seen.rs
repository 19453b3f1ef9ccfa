//! [`Seen`]: what is kept of one request for the probes that look at it.

mod reading;
mod refused;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use reading::is_long;

use super::bounds;
use super::expression::Root;
use super::moment::{Moment, Passed};
use super::point::Point;
use super::spans::Spans;
use super::watch::Watch;
use crate::database::PassedCall;
use crate::depends::{DependencyDefinition, Shared};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::json;
use crate::json::{Object, Value};
use crate::websocket::WebSocketException;

/// What is kept of one request for the probes that look at it.
#[derive(Debug)]
pub(crate) struct Seen {
    watch: Arc<Watch>,
    /// Which of the probes look at this request.
    drawn: Box<[bool]>,
    /// The spans that are opened within it, where a snapshot is to have them.
    spans: Option<Arc<Spans>>,
    values: Mutex<Values>,
}

/// What is known of a request by now.
#[derive(Debug, Default)]
pub(crate) struct Values {
    /// The arguments, by the names of their places.
    pub(crate) arguments: Object,
    pub(crate) dependencies: Object,
    /// Whether the body is as the client sent it: it was refused.
    pub(crate) as_sent: bool,
    /// What was left out, and why.
    pub(crate) left_out: Option<String>,
    /// How many bytes of memory all of it takes.
    held: usize,
    pub(crate) errors: Option<Value>,
    pub(crate) error: Option<Value>,
    /// Whether the handshake of a WebSocket has been accepted.
    pub(crate) in_conversation: bool,
    /// The points that were passed, and when they were last, in milliseconds since the request
    /// arrived.
    pub(crate) passed: Vec<(Point, f64)>,
}

impl Seen {
    /// What is kept for these probes of a request that arrived then, unless they have all ended.
    pub(crate) fn new(watch: Arc<Watch>, arrived: Instant) -> Option<Self> {
        let drawn = watch.draw()?;
        Some(Self {
            spans: Spans::wanted(&watch, &drawn, arrived).map(Arc::new),
            drawn,
            watch,
            values: Mutex::default(),
        })
    }

    fn values(&self) -> MutexGuard<'_, Values> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The spans that are opened within the request, where a snapshot is to have them.
    pub(crate) fn spans(&self) -> Option<&Arc<Spans>> {
        self.spans.as_ref()
    }

    /// A dependency has given its result, or failed.
    #[cold]
    pub(crate) fn dependency(
        &self,
        request: &Request,
        definition: &DependencyDefinition,
        given: &Result<Shared>,
    ) {
        let name = definition.name;
        let now = self.watch.hub.now();
        if self.watch.looks_at(Root::Dependency)
            && let (Ok(shared), Some(reader)) = (given, &definition.reader)
            && !self.watch.secrecy.hides(name)
            && let Some((want, payers)) = self.watch.wants(Root::Dependency, name, &self.drawn, now)
            && let Some(value) = self.read(
                Root::Dependency,
                want.fields.as_ref(),
                &payers,
                now,
                &|options| (reader.read)(shared, options),
            )
        {
            self.values().dependencies.insert(name.to_owned(), value);
        }
        if let Err(error) = given {
            self.values().error = Some(described(error));
        }
        let point = Point::Dependency(name.to_owned());
        self.pass(point, request, Passed::default());
    }

    /// The arguments were accepted.
    #[cold]
    pub(crate) fn accepted(&self, request: &Request) {
        self.pass(Point::Validate, request, Passed::default());
    }

    /// The handler has given its result, or failed.
    #[cold]
    pub(crate) fn handled(&self, request: &Request, result: &Result<Response>) {
        if let Err(error) = result {
            self.values().error = Some(described(error));
        }
        self.pass(Point::Handler, request, Passed::default());
    }

    /// A statement that it has sent to a database has ended.
    #[cold]
    pub(crate) fn asked_database(&self, request: &Request, call: PassedCall<'_>) {
        let passed = Passed {
            database: Some(call),
            ..Passed::default()
        };
        self.pass(Point::Database, request, passed);
    }

    /// The request failed with an error that is going to be answered.
    #[cold]
    pub(crate) fn failed(&self, request: &Request, error: &Error) {
        self.values().error = Some(described(error));
        if let Some(refused) = error.validation() {
            let watch = &self.watch;
            let now = watch.hub.now();
            let of_errors = watch.want_errors(&self.drawn, now);
            let errors = self.charged(&of_errors, now, || self.problems(request, refused));
            let of_body = match is_long(request) {
                true => Vec::new(),
                false => watch.want_any(Root::Body, &self.drawn, now),
            };
            let body = self.charged(&of_body, now, || self.body_as_sent(request, refused));
            let mut values = self.values();
            values.errors = errors;
            values.as_sent = true;
            values.arguments.shift_remove(Root::Body.name());
            if let Some(body) = body.flatten() {
                values.arguments.insert(Root::Body.name().to_owned(), body);
            }
            let validated = values.passed.iter().any(|(at, _)| *at == Point::Validate);
            drop(values);
            if !validated {
                self.pass(Point::Validate, request, Passed::default());
                self.pass(Point::Invalid, request, Passed::default());
            }
        }
        self.pass(Point::Error, request, Passed::default());
    }

    /// The response is there.
    #[cold]
    pub(crate) fn answered(&self, request: &Request, response: Option<&Response>) {
        let passed = Passed {
            status: Some(response.map_or(500, |response| response.status_code().as_u16())),
            response,
            ..Passed::default()
        };
        self.pass(Point::Response, request, passed);
    }

    fn pass(&self, point: Point, request: &Request, passed: Passed<'_>) {
        let mut values = self.values();
        let moment = Moment::of_request(&point, request, &values, passed, &self.watch);
        for (place, armed) in self.watch.at(&point) {
            let drawn = self.drawn.get(place) == Some(&true);
            armed.look(&self.watch.hub, &moment, drawn);
        }
        let elapsed = moment.elapsed();
        values.note(point, elapsed);
    }

    /// What is known by now of the request that a conversation began with, for probes that may
    /// have come later.
    pub(super) fn in_conversation<R>(&self, pass: impl FnOnce(&mut Values) -> R) -> R {
        let mut values = self.values();
        values.in_conversation = true;
        pass(&mut values)
    }
}

impl Values {
    /// What is known where nobody was looking when a conversation began.
    pub(super) fn of_conversation() -> Self {
        Self {
            in_conversation: true,
            ..Self::default()
        }
    }

    /// A point has been passed.
    pub(super) fn note(&mut self, point: Point, elapsed: f64) {
        match self.passed.iter_mut().find(|(passed, _)| *passed == point) {
            Some((_, last)) => *last = elapsed,
            None => self.passed.push((point, elapsed)),
        }
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        let values = self.values.get_mut();
        let held = values.unwrap_or_else(PoisonError::into_inner).held;
        self.watch.held().release(held);
    }
}

/// What may be said of an error: nothing that a user's own type says of itself.
pub(super) fn described(error: &Error) -> Value {
    let (kind, status, detail) = match (error.http(), error.validation()) {
        (Some(exception), _) => (
            "HttpException",
            exception.status().as_u16(),
            exception.detail().as_str(),
        ),
        (_, Some(_)) => ("RequestValidationError", 422, None),
        _ if error.downcast_ref::<WebSocketException>().is_some() => {
            ("WebSocketException", 500, None)
        }
        _ => ("other", 500, None),
    };
    let detail = detail.map(|detail| bounds::text(detail, 256));
    json!({"kind": kind, "status": status, "detail": detail})
}
