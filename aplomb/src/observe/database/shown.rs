//! What a request has asked of databases, as JSON.

use super::{DatabaseAccount, OpenCall, PlaceTimes, StatementTimes};
use crate::database::Holding;
use crate::json;
use crate::json::Value;
use crate::observe::Record;
use crate::observe::flight::milliseconds;

/// The longest statement that is told, in bytes: several of them are kept of a request.
const LONGEST: usize = 300;

impl DatabaseAccount {
    /// All that is known of what this request has asked.
    pub(crate) fn to_json(&self, record: &Record) -> Value {
        let list = |values: Vec<Value>| Value::Array(values);
        let name = |place: &PlaceTimes| {
            let number = place.place.dependency?;
            let name = record.dependencies().nth(number as usize)?.0;
            Some(name.to_owned())
        };
        let places = self.places.iter().map(|place| {
            json!({
                "phase": place.place.phase.name(),
                "dependency": name(place),
                "running_ms": milliseconds(place.running),
                "waiting_ms": milliseconds(place.waiting),
            })
        });
        json!({
            "calls": self.times.calls,
            "failed": self.times.failed,
            "running_ms": milliseconds(self.times.running),
            "waiting_ms": milliseconds(self.times.waiting),
            "places": list(places.collect()),
            "statements": list(self.statements.iter().map(statement).collect()),
            "other_calls": self.others,
            "open": list(self.open.iter().map(open).collect()),
            "held_by": list(self.held_by.iter().map(holding).collect()),
        })
    }
}

fn statement(of: &StatementTimes) -> Value {
    json!({
        "database": &*of.database,
        "statement": cut(&of.statement.text),
        "calls": of.calls,
        "ms": milliseconds(of.total),
        "longest_ms": milliseconds(of.longest),
    })
}

fn open(of: &OpenCall) -> Value {
    let statement = of.statement.as_ref();
    json!({
        "database": &*of.database,
        "statement": statement.map(|statement| cut(&statement.text)),
        "ms": milliseconds(of.time),
    })
}

fn holding(of: &Holding) -> Value {
    json!({
        "route": of.route.as_deref(),
        "connections": of.connections,
        "longest_ms": milliseconds(of.longest),
    })
}

fn cut(text: &str) -> &str {
    crate::observe::cut(text, LONGEST)
}
