//! Everything that may be known of a moment.

use super::{Moment, Subject, milliseconds, spent};
use crate::json;
use crate::json::{Object, Value};
use crate::live::{Seen, bounds};

impl Moment<'_> {
    /// Everything that may be known, no longer than so many bytes.
    pub(crate) fn snapshot(&self, most: usize) -> Value {
        let Subject::Request {
            request,
            values,
            passed,
            watch,
            ..
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
        if let Some(left_out) = &values.left_out {
            snapshot.insert("left_out", &**left_out);
        }
        if let Some(message) = passed.message {
            let message = json!({
                "direction": message.direction, "kind": message.kind, "size": message.size,
            });
            snapshot.insert("message", message);
        }
        if let Some(call) = passed.database {
            let call = json!({
                "name": call.database, "statement": &*call.statement.text,
                "operation": call.statement.operation.name(), "rows": call.rows, "ok": call.ok,
                "waited_ms": call.waited.map(milliseconds), "duration_ms": milliseconds(call.took),
            });
            snapshot.insert("database", call);
        }
        if let Some(account) = record.database_account() {
            snapshot.insert("databases", account.to_json(record));
        }
        if let Some(code) = passed.close {
            snapshot.insert("close", json!({"code": code}));
        }
        let mut room = most.saturating_sub(bounds::size(&snapshot));
        let mut part = |snapshot: &mut Value, name: &str, members: &Object| {
            let value = bounds::object(members, room);
            room = room.saturating_sub(bounds::size(&value));
            snapshot.insert(name, value);
        };
        part(&mut snapshot, "arguments", &values.arguments);
        part(&mut snapshot, "dependencies", &values.dependencies);
        let headers = |headers| {
            let shown: Vec<(String, String)> = watch.secrecy.headers(headers);
            let shown = shown.into_iter();
            shown
                .map(|(name, value)| (name, Value::String(value)))
                .collect::<Object>()
        };
        part(&mut snapshot, "headers", &headers(request.headers()));
        if let Some(response) = passed.response {
            let headers = headers(response.headers());
            part(&mut snapshot, "response_headers", &headers);
        }
        if let Some(spans) = record.seen().and_then(Seen::spans) {
            spans.show(&mut snapshot, room);
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
            "duration_ms": self.duration(),
        })
    }
}
