//! [`Moment`]: a request at a point, as expressions see it.

mod scene;
mod snapshot;

use std::cell::OnceCell;
use std::time::Duration;

use super::conversation::PassedMessage;
use super::point::Point;
use super::seen::Values;
use super::watch::Watch;
use crate::database::PassedCall;
use crate::http::{Request, Response};
use crate::observe::{Phase, Spent};

/// What a point brings along.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Passed<'a> {
    pub(crate) status: Option<u16>,
    pub(crate) response: Option<&'a Response>,
    pub(crate) message: Option<PassedMessage>,
    /// The code that a conversation is closed with.
    pub(crate) close: Option<u16>,
    /// The statement that a database has been sent.
    pub(crate) database: Option<PassedCall<'a>>,
}

/// A task that has ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EndedTask<'a> {
    pub(crate) name: &'a str,
    pub(crate) ok: bool,
    pub(crate) route: Option<&'a str>,
    pub(crate) request_id: Option<&'a str>,
}

/// A request at a point, or a task at its end.
pub(crate) struct Moment<'a> {
    subject: Subject<'a>,
    /// Milliseconds since the request arrived.
    elapsed: f64,
    /// Milliseconds that the point took, as far as that is known, once a probe has asked: most do
    /// not.
    duration: OnceCell<Option<f64>>,
}

enum Subject<'a> {
    Request {
        point: &'a Point,
        request: &'a Request,
        values: &'a Values,
        passed: Passed<'a>,
        watch: &'a Watch,
    },
    Task(EndedTask<'a>),
}

impl<'a> Moment<'a> {
    pub(crate) fn of_request(
        point: &'a Point,
        request: &'a Request,
        values: &'a Values,
        passed: Passed<'a>,
        watch: &'a Watch,
    ) -> Self {
        // A conversation goes on when its handshake has ended.
        let elapsed = match values.in_conversation {
            true => request.record().arrived().elapsed(),
            false => request.record().age(),
        };
        Self {
            subject: Subject::Request {
                point,
                request,
                values,
                passed,
                watch,
            },
            elapsed: milliseconds(elapsed),
            duration: OnceCell::new(),
        }
    }

    pub(crate) fn of_task(task: EndedTask<'a>, took: Duration) -> Self {
        Self {
            subject: Subject::Task(task),
            elapsed: milliseconds(took),
            duration: OnceCell::new(),
        }
    }

    pub(crate) fn elapsed(&self) -> f64 {
        self.elapsed
    }

    pub(crate) fn duration(&self) -> Option<f64> {
        *self.duration.get_or_init(|| match &self.subject {
            Subject::Request {
                point: Point::Message,
                passed,
                ..
            } => Some(milliseconds(passed.message?.since?)),
            Subject::Request {
                point: Point::Database,
                passed,
                ..
            } => Some(milliseconds(passed.database?.took)),
            Subject::Request { point, request, .. } => Some(self.took(point, request)),
            Subject::Task(_) => Some(self.elapsed),
        })
    }

    fn took(&self, point: &Point, request: &Request) -> f64 {
        let record = request.record();
        match point {
            Point::Response
            | Point::Error
            | Point::Task
            | Point::Open
            | Point::Message
            | Point::Database
            | Point::Close => self.elapsed,
            Point::Dependency(name) => {
                let mut dependencies = record.dependencies();
                let of = dependencies.find(|(of, _)| of == name);
                of.map_or(0.0, |(_, spent)| milliseconds(spent.total()))
            }
            Point::Handler => spent(record.times().of(Phase::Handler)),
            Point::Validate | Point::Invalid => spent(record.times().of(Phase::Validation)),
        }
    }

    /// Milliseconds since another point was passed.
    pub(crate) fn since(&self, point: &Point) -> Option<f64> {
        let Subject::Request { values, .. } = &self.subject else {
            return None;
        };
        let mut passed = values.passed.iter();
        let (_, then) = passed.find(|(passed, _)| passed == point)?;
        Some(self.elapsed - then)
    }

    pub(crate) fn status(&self) -> Option<u16> {
        match &self.subject {
            Subject::Request { passed, .. } => passed.status,
            Subject::Task(_) => None,
        }
    }

    /// The name of the task, if it is one.
    pub(crate) fn task(&self) -> Option<&str> {
        match &self.subject {
            Subject::Request { .. } => None,
            Subject::Task(task) => Some(task.name),
        }
    }

    /// The path template of the route.
    pub(crate) fn route(&self) -> Option<String> {
        match &self.subject {
            Subject::Request { request, .. } => request.record().route(),
            Subject::Task(_) => None,
        }
    }

    pub(crate) fn id(&self) -> Option<u64> {
        match &self.subject {
            Subject::Request { request, .. } => Some(request.record().id()),
            Subject::Task(_) => None,
        }
    }

    /// What the trace and the span of the request are called.
    #[cfg(feature = "otlp")]
    pub(crate) fn trace(&self) -> Option<(String, String)> {
        let Subject::Request { request, .. } = &self.subject else {
            return None;
        };
        let trace = request.trace_context()?;
        Some((trace.trace_id().to_owned(), trace.span_id().to_owned()))
    }

    pub(crate) fn request_id(&self) -> Option<&str> {
        match &self.subject {
            Subject::Request { request, .. } => request.request_id(),
            Subject::Task(task) => task.request_id,
        }
    }
}

fn spent(spent: Spent) -> f64 {
    milliseconds(spent.total())
}

pub(super) fn milliseconds(time: Duration) -> f64 {
    // By parts: a number of 128 bits takes long to convert.
    time.as_secs() as f64 * 1000.0 + f64::from(time.subsec_micros()) / 1000.0
}
