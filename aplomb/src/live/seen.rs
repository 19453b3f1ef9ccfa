//! [`Seen`]: what is kept of one request for the probes that look at it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::expression::Root;
use super::moment::{Moment, Passed};
use super::point::Point;
use super::watch::{Want, Watch};
use crate::depends::{DependencyDefinition, Shared};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::json;
use crate::json::{Object, Value};
use crate::model::{Dump, Place};
use crate::operation::{BodyShape, Parameter};
use crate::serve::lane;

/// The longest body that values of unknown length are taken from, in bytes.
const LONGEST: u64 = 64 << 10;
/// The most problems that are kept.
const PROBLEMS: usize = 16;

/// What is kept of one request for the probes that look at it.
#[derive(Debug)]
pub(crate) struct Seen {
    watch: Arc<Watch>,
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
    /// Whether an argument was left out because it is too long.
    pub(crate) left_out: bool,
    pub(crate) errors: Option<Value>,
    pub(crate) error: Option<Value>,
    /// The points that were passed, and when, in milliseconds since the request arrived.
    pub(crate) passed: Vec<(Point, f64)>,
}

impl Seen {
    pub(crate) fn new(watch: Arc<Watch>) -> Self {
        Self {
            watch,
            values: Mutex::default(),
        }
    }

    fn values(&self) -> MutexGuard<'_, Values> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of an argument, if a probe wants it.
    #[cold]
    pub(crate) fn argument(
        &self,
        request: &Request,
        place: Place,
        parameter: &Parameter,
        shape: BodyShape,
        read: &dyn Fn(&Dump<'_>) -> Option<Value>,
    ) {
        let root = match place {
            Place::Path => Root::Path,
            Place::Query => Root::Query,
            Place::Header => Root::Header,
            Place::Body | Place::Form => Root::Body,
            Place::Cookie | Place::File => return,
        };
        let field = &parameter.field;
        let hidden = match root {
            Root::Header => self.watch.secrecy.hides_header(field.alias),
            _ => self.watch.secrecy.hides(field.alias),
        };
        let whole = root == Root::Body && shape == BodyShape::Whole;
        if field.secret || hidden && !whole {
            return;
        }
        let is_group = root != Root::Body && !(parameter.group)().is_empty();
        let name = if whole { "" } else { field.alias };
        let want = match is_group {
            true if self.watch.wants_any(root) => Some(&Want {
                fields: None,
                long: false,
            }),
            true => None,
            false => self.watch.wants(root, name),
        };
        let Some(want) = want else { return };
        if root == Root::Body && want.long && is_long(request) {
            self.values().left_out = true;
            return;
        }
        let Some(value) = self.read(want, read) else {
            return;
        };
        let mut values = self.values();
        if whole {
            values.arguments.insert(root.name().to_owned(), value);
            return;
        }
        let place = values.arguments.entry(root.name().to_owned()).or_default();
        match value {
            Value::Object(members) if is_group => {
                for (name, member) in members {
                    let name = match root {
                        Root::Header => name.replace('_', "-"),
                        _ => name,
                    };
                    place.insert(name, member);
                }
            }
            value => place.insert(field.alias, value),
        }
    }

    /// Reads a value by its model's own writer, and charges the time to the probes.
    fn read(&self, want: &Want, read: &dyn Fn(&Dump<'_>) -> Option<Value>) -> Option<Value> {
        let hub = &self.watch.hub;
        let now = hub.now();
        if !hub.budgets.time.has_room(now) {
            return None;
        }
        let begun = lane::worked();
        let value = read(&Dump {
            hide_secrets: true,
            include: want.fields.as_ref(),
            ..Dump::ALL
        });
        let took = lane::worked().saturating_sub(begun);
        for armed in self.watch.all() {
            hub.budgets.charge(&armed.probe.time, now, took);
            let nanoseconds = &armed.probe.counters.nanoseconds;
            nanoseconds.fetch_add(took, std::sync::atomic::Ordering::Relaxed);
        }
        value
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
        let want = self.watch.wants(Root::Dependency, name);
        if let (Ok(shared), Some(want), Some(reader)) = (given, want, &definition.reader)
            && let Some(value) = self.read(want, &|options| (reader.read)(shared, options))
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

    /// The request failed with an error that is going to be answered.
    #[cold]
    pub(crate) fn failed(&self, request: &Request, error: &Error) {
        self.values().error = Some(described(error));
        if let Some(refused) = error.validation() {
            let vocabulary = &self.watch.vocabulary;
            let problems = refused.problems().iter().take(PROBLEMS);
            let problems = problems.map(|problem| {
                let message = match vocabulary.hides_place(&problem.location) {
                    true => "hidden",
                    false => &problem.message,
                };
                json!({
                    "type": &*problem.kind,
                    "loc": super::bounds::text(&problem.dotted_location(), 256),
                    "msg": super::bounds::text(message, 256),
                })
            });
            let errors: Value = problems.collect();
            let body = (self.watch.wants_any(Root::Body) && !is_long(request))
                .then(|| vocabulary.body_as_sent(refused.body()));
            let mut values = self.values();
            values.errors = Some(errors);
            values.as_sent = true;
            if let Some(body) = body {
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
        };
        self.pass(Point::Response, request, passed);
    }

    fn pass(&self, point: Point, request: &Request, passed: Passed<'_>) {
        let mut values = self.values();
        let moment = Moment::of_request(&point, request, &values, passed, &self.watch);
        for armed in self.watch.at(&point) {
            armed.look(&self.watch.hub, &moment);
        }
        let elapsed = moment.elapsed();
        values.passed.push((point, elapsed));
    }
}

/// Whether a body is longer than what is looked at as a whole.
fn is_long(request: &Request) -> bool {
    let length = request.header("content-length");
    let length = length.and_then(|length| length.trim().parse::<u64>().ok());
    length.is_none_or(|length| length > LONGEST)
}

/// What may be said of an error: nothing that a user's own type says of itself.
fn described(error: &Error) -> Value {
    let (kind, status, detail) = match (error.http(), error.validation()) {
        (Some(exception), _) => (
            "HttpException",
            exception.status().as_u16(),
            exception.detail().as_str(),
        ),
        (_, Some(_)) => ("RequestValidationError", 422, None),
        _ => ("other", 500, None),
    };
    let detail = detail.map(|detail| super::bounds::text(detail, 256));
    json!({"kind": kind, "status": status, "detail": detail})
}
