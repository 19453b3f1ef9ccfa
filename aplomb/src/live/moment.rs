//! [`Moment`]: a request at a point, as expressions see it.

use super::bounds;
use super::expression::{Operand, Path, Root, Scene, Step, walk};
use super::point::Point;
use super::seen::Values;
use super::watch::Watch;
use crate::http::{Request, Response};
use crate::json;
use crate::json::{Object, Value};
use crate::observe::{Phase, Spent};

/// What a point brings along.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Passed<'a> {
    pub(crate) status: Option<u16>,
    pub(crate) response: Option<&'a Response>,
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
    /// Milliseconds that the point took.
    duration: f64,
}

enum Subject<'a> {
    Request {
        request: &'a Request,
        values: &'a Values,
        passed: Passed<'a>,
        watch: &'a Watch,
    },
    Task(EndedTask<'a>),
}

impl<'a> Moment<'a> {
    pub(crate) fn of_request(
        point: &Point,
        request: &'a Request,
        values: &'a Values,
        passed: Passed<'a>,
        watch: &'a Watch,
    ) -> Self {
        let record = request.record();
        let elapsed = milliseconds(record.age());
        let duration = match point {
            Point::Response | Point::Error | Point::Task => elapsed,
            Point::Dependency(name) => {
                let mut dependencies = record.dependencies();
                let of = dependencies.find(|(of, _)| of == name);
                of.map_or(0.0, |(_, spent)| milliseconds(spent.total()))
            }
            Point::Handler => spent(record.times().of(Phase::Handler)),
            Point::Validate | Point::Invalid => spent(record.times().of(Phase::Validation)),
        };
        let subject = Subject::Request {
            request,
            values,
            passed,
            watch,
        };
        Self {
            subject,
            elapsed,
            duration,
        }
    }

    pub(crate) fn of_task(task: EndedTask<'a>, took: std::time::Duration) -> Self {
        Self {
            subject: Subject::Task(task),
            elapsed: milliseconds(took),
            duration: milliseconds(took),
        }
    }

    pub(crate) fn elapsed(&self) -> f64 {
        self.elapsed
    }

    pub(crate) fn duration(&self) -> f64 {
        self.duration
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

    pub(crate) fn id(&self) -> Option<u64> {
        match &self.subject {
            Subject::Request { request, .. } => Some(request.record().id()),
            Subject::Task(_) => None,
        }
    }

    pub(crate) fn request_id(&self) -> Option<&str> {
        match &self.subject {
            Subject::Request { request, .. } => request.request_id(),
            Subject::Task(task) => task.request_id,
        }
    }

    /// Everything that may be known, no longer than so many bytes.
    pub(crate) fn snapshot(&self, most: usize) -> Value {
        let Subject::Request {
            request,
            values,
            passed,
            watch,
        } = &self.subject
        else {
            return self.task_snapshot();
        };
        let record = request.record();
        let mut snapshot = json!({
            "method": record.method().as_str(),
            "route": record.route(),
            "handler": record.name(),
            "elapsed_ms": self.elapsed,
            "status": passed.status,
        });
        let times = record.times();
        let phases = times.iter().filter(|(_, spent)| !spent.total().is_zero());
        let phases: Object = phases
            .map(|(phase, of)| (phase.name().to_owned(), spent(of).into()))
            .collect();
        snapshot.insert("phases_ms", Value::Object(phases));
        let dependencies = record.dependencies();
        let dependencies: Object = dependencies
            .map(|(name, of)| (name.to_owned(), spent(of).into()))
            .collect();
        snapshot.insert("dependencies_ms", Value::Object(dependencies));
        for (name, value) in [("error", &values.error), ("errors", &values.errors)] {
            if let Some(value) = value {
                snapshot.insert(name, value.clone());
            }
        }
        if values.left_out {
            snapshot.insert("left_out", "body: it is longer than 64 KiB");
        }
        let mut room = most.saturating_sub(bounds::size(&snapshot));
        let mut part = |name: &str, value: &Value| {
            let value = bounds::value(value, room);
            room = room.saturating_sub(bounds::size(&value));
            snapshot.insert(name, value);
        };
        part("arguments", &Value::Object(values.arguments.clone()));
        part("dependencies", &Value::Object(values.dependencies.clone()));
        let headers = |headers| {
            let shown: Vec<(String, String)> = watch.secrecy.headers(headers);
            let shown = shown.into_iter();
            shown
                .map(|(name, value)| (name, Value::String(value)))
                .collect::<Object>()
        };
        part("headers", &headers(request.headers()).into());
        if let Some(response) = passed.response {
            part("response_headers", &headers(response.headers()).into());
        }
        snapshot
    }

    fn task_snapshot(&self) -> Value {
        let Subject::Task(task) = &self.subject else {
            return Value::Null;
        };
        json!({
            "task": task.name,
            "ok": task.ok,
            "route": task.route,
            "duration_ms": self.duration,
        })
    }

    fn look_at_request<'b>(
        &self,
        path: &'b Path,
        request: &'b Request,
        values: &'b Values,
        passed: &'b Passed<'_>,
    ) -> Operand<'b> {
        let record = request.record();
        let name = path.first().map(|name| &*name.written);
        match path.root {
            Root::Path | Root::Query | Root::Body => {
                let sent = path.root == Root::Body && values.as_sent;
                match values.arguments.get(path.root.name()) {
                    Some(value) => walk(value, &path.steps, sent),
                    None => Operand::Null,
                }
            }
            Root::Header => {
                let arguments = values.arguments.get(Root::Header.name());
                let argument = arguments.map(|value| walk(value, &path.steps, false));
                match (argument, name) {
                    (None | Some(Operand::Null), Some(name)) => {
                        text(request.headers().get(name).and_then(|it| it.to_str().ok()))
                    }
                    (argument, _) => argument.unwrap_or(Operand::Null),
                }
            }
            Root::Dependency => {
                let value = name.and_then(|name| values.dependencies.get(name));
                let rest = path.steps.get(1..).unwrap_or_default();
                value.map_or(Operand::Null, |value| walk(value, rest, false))
            }
            Root::Request => match name {
                Some("id") => i64::try_from(record.id()).map_or(Operand::Null, Operand::Integer),
                Some("request_id") => text(request.request_id()),
                Some("method") => Operand::Text(record.method().as_str()),
                Some("route") => {
                    let matched = request.matched();
                    text(matched.and_then(|matched| matched.template.as_deref()))
                }
                Some("handler") => text(record.name()),
                _ => Operand::Null,
            },
            Root::Response => match (name, path.steps.get(1)) {
                (Some("status"), _) => integer(passed.status.map(u64::from)),
                (Some("bytes"), _) => {
                    use http_body::Body as _;
                    let response = passed.response;
                    integer(response.and_then(|it| it.body().size_hint().exact()))
                }
                (Some("header"), Some(Step::Name(name))) => {
                    let headers = passed.response.map(Response::headers);
                    let value = headers.and_then(|headers| headers.get(&name.written));
                    text(value.and_then(|value| value.to_str().ok()))
                }
                _ => Operand::Null,
            },
            Root::Error | Root::Errors => {
                let value = match path.root {
                    Root::Error => &values.error,
                    _ => &values.errors,
                };
                let value = value.as_ref();
                value.map_or(Operand::Null, |value| walk(value, &path.steps, false))
            }
            Root::Phase => {
                let phase = Phase::ALL.into_iter().find(|it| Some(it.name()) == name);
                phase.map_or(Operand::Null, |phase| {
                    Operand::Float(spent(record.times().of(phase)))
                })
            }
            Root::Task | Root::Elapsed | Root::Duration => Operand::Null,
        }
    }
}

impl Scene for Moment<'_> {
    fn look<'b>(&'b self, path: &'b Path) -> Operand<'b> {
        match path.root {
            Root::Elapsed => return Operand::Float(self.elapsed),
            Root::Duration => return Operand::Float(self.duration),
            _ => {}
        }
        match &self.subject {
            Subject::Request {
                request,
                values,
                passed,
                ..
            } => self.look_at_request(path, request, values, passed),
            Subject::Task(task) => {
                let name = path.first().map(|name| &*name.written);
                match (path.root, name) {
                    (Root::Task, Some("name")) => Operand::Text(task.name),
                    (Root::Task, Some("ok")) => Operand::Bool(task.ok),
                    (Root::Request, Some("route")) => text(task.route),
                    (Root::Request, Some("request_id")) => text(task.request_id),
                    _ => Operand::Null,
                }
            }
        }
    }
}

fn text(text: Option<&str>) -> Operand<'_> {
    text.map_or(Operand::Null, Operand::Text)
}

fn integer<'a>(number: Option<u64>) -> Operand<'a> {
    let number = number.and_then(|number| i64::try_from(number).ok());
    number.map_or(Operand::Null, Operand::Integer)
}

fn spent(spent: Spent) -> f64 {
    milliseconds(spent.total())
}

fn milliseconds(time: std::time::Duration) -> f64 {
    time.as_micros() as f64 / 1000.0
}
