//! What expressions find in a moment.

use super::{Moment, Passed, Subject, milliseconds, spent};
use crate::database::PassedCall;
use crate::http::{Request, Response};
use crate::live::expression::{Operand, Path, Root, Scene, Step, walk};
use crate::live::seen::Values;
use crate::live::watch::Watch;
use crate::observe::Phase;

impl Moment<'_> {
    fn look_at_request<'b>(
        &self,
        path: &'b Path,
        request: &'b Request,
        values: &'b Values,
        passed: &'b Passed<'_>,
        watch: &'b Watch,
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
                        watch.header(request.headers(), name)
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
                    headers.map_or(Operand::Null, |headers| {
                        watch.header(headers, &name.written)
                    })
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
            Root::Database => {
                let call = passed.database.as_ref();
                call.map_or(Operand::Null, |call| asked(call, name))
            }
            Root::Message => match (passed.message, name) {
                (Some(message), Some("direction")) => Operand::Text(message.direction),
                (Some(message), Some("kind")) => Operand::Text(message.kind),
                (Some(message), Some("size")) => integer(u64::try_from(message.size).ok()),
                _ => Operand::Null,
            },
            Root::Close => integer(passed.close.map(u64::from)),
            Root::Task | Root::Elapsed | Root::Duration => Operand::Null,
        }
    }
}

impl Scene for Moment<'_> {
    fn look<'b>(&'b self, path: &'b Path) -> Operand<'b> {
        match path.root {
            Root::Elapsed => return Operand::Float(self.elapsed),
            Root::Duration => return self.duration().map_or(Operand::Null, Operand::Float),
            _ => {}
        }
        match &self.subject {
            Subject::Request {
                request,
                values,
                passed,
                watch,
                ..
            } => self.look_at_request(path, request, values, passed, watch),
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

/// What is known of a statement that a database was sent.
fn asked<'a>(call: &PassedCall<'a>, name: Option<&str>) -> Operand<'a> {
    match name {
        Some("name") => Operand::Text(call.database),
        Some("statement") => Operand::Text(&call.statement.text),
        Some("operation") => Operand::Text(call.statement.operation.name()),
        Some("rows") => integer(Some(call.rows)),
        Some("ok") => Operand::Bool(call.ok),
        Some("waited_ms") => {
            let waited = call.waited.map(milliseconds);
            waited.map_or(Operand::Null, Operand::Float)
        }
        _ => Operand::Null,
    }
}

fn text(text: Option<&str>) -> Operand<'_> {
    text.map_or(Operand::Null, Operand::Text)
}

fn integer<'a>(number: Option<u64>) -> Operand<'a> {
    let number = number.and_then(|number| i64::try_from(number).ok());
    number.map_or(Operand::Null, Operand::Integer)
}
