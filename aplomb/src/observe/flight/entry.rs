//! One request that is kept.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};

use crate::json;
use crate::json::{Object, Value};
use crate::observe::secrets::{Secrets, cut};
use crate::observe::{Fate, Phase, Record, Spent, Times, Wait, WaitFor};
use crate::serve::lane::{self, Holder};

/// The longest path and query that is kept, in bytes.
const LONGEST_TARGET: usize = 1024;
/// The most dependencies that are kept.
const DEPENDENCIES: usize = 32;

/// One request that is kept.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    arrived: SystemTime,
    id: u64,
    request_id: Option<String>,
    method: String,
    target: String,
    route: Option<String>,
    name: Option<&'static str>,
    status: Option<u16>,
    fate: Fate,
    /// What it was doing when it ended.
    phase: Phase,
    took: Duration,
    /// How long it had waited before its head was read.
    before: Duration,
    waits: Vec<Wait>,
    /// Who held the threads meanwhile.
    held_by: Vec<Holder>,
    times: Times,
    dependencies: Vec<(&'static str, Spent)>,
    /// What it has asked of databases, as it is shown.
    database: Option<Value>,
    bytes: u64,
    client: Option<String>,
    /// Nothing where they were not kept.
    headers: Option<Vec<(String, String)>>,
}

impl Entry {
    pub(super) fn new(record: &Record, secrets: &Secrets) -> Self {
        let (kept, waits) = (record.kept(), record.waits());
        let route = record.route();
        let target = secrets.target(record.target(), route.as_deref());
        Self {
            arrived: SystemTime::now() - record.arrived().elapsed(),
            id: record.id(),
            request_id: kept.and_then(|kept| kept.request_id.clone()),
            method: cut(record.method().as_str(), 32).to_owned(),
            target: cut(&target, LONGEST_TARGET).to_owned(),
            route,
            name: record.name(),
            status: record.status().map(|status| status.as_u16()),
            fate: record.fate(),
            phase: record.phase(),
            took: record.age(),
            before: record.waited_before(),
            held_by: lane::holders(&waits),
            waits,
            times: record.times(),
            dependencies: record.dependencies().take(DEPENDENCIES).collect(),
            database: record.database_account().map(|all| all.to_json(record)),
            bytes: record.bytes(),
            client: record.client(),
            headers: kept.map(|kept| secrets.headers(&kept.headers)),
        }
    }

    /// How long ago it ended; nothing where the clock was set back.
    pub(super) fn age(&self) -> Duration {
        let arrived = self.arrived.elapsed().unwrap_or_default();
        arrived.saturating_sub(self.took)
    }

    #[cfg(test)]
    pub(super) fn target(&self) -> &str {
        &self.target
    }

    /// How long it waited for each kind of thread, in milliseconds.
    fn waits_by_kind(&self) -> Object {
        let kinds = WaitFor::ALL.into_iter().filter_map(|kind| {
            let waits = self.waits.iter().filter(|wait| wait.on == kind);
            let time: u64 = waits.map(|wait| wait.to.saturating_sub(wait.from)).sum();
            let time = milliseconds(Duration::from_nanos(time));
            (time > 0.0).then(|| (kind.name().to_owned(), json!(time)))
        });
        kinds.collect()
    }

    pub(super) fn to_json(&self) -> Value {
        let arrived: DateTime<Utc> = self.arrived.into();
        let phases = self
            .times
            .iter()
            .filter(|(_, spent)| !spent.total().is_zero());
        let phases: Object = phases
            .map(|(phase, spent)| (phase.name().to_owned(), times(spent)))
            .collect();
        let dependencies: Vec<Value> = self
            .dependencies
            .iter()
            .map(|(name, spent)| json!({"name": name, "spent": times(*spent)}))
            .collect();
        let headers = self.headers.as_ref().map(|headers| {
            let headers = headers.iter();
            headers
                .map(|(name, value)| json!([name, value]))
                .collect::<Vec<_>>()
        });
        let held_by: Vec<Value> = self.held_by.iter().map(holder).collect();
        json!({
            "time": arrived.to_rfc3339_opts(SecondsFormat::Millis, true),
            "id": self.id,
            "request_id": self.request_id,
            "client": self.client,
            "method": self.method,
            "target": self.target,
            "route": self.route,
            "handler": self.name,
            "status": self.status,
            "fate": self.fate.name(),
            "duration_ms": milliseconds(self.took),
            "before_ms": milliseconds(self.before),
            "waits": self.waits_by_kind(),
            "held_by": held_by,
            "last_phase": self.phase.name(),
            "phases": phases,
            "dependencies": dependencies,
            "database": self.database,
            "response_bytes": self.bytes,
            "headers": headers,
        })
    }
}

fn holder(holder: &Holder) -> Value {
    json!({
        "route": holder.route,
        "thread": holder.thread,
        "ms": milliseconds(holder.time),
    })
}

fn times(spent: Spent) -> Value {
    json!({
        "busy_ms": milliseconds(spent.busy),
        "awaiting_ms": milliseconds(spent.awaiting),
    })
}

/// With three digits behind the point.
pub(in crate::observe) fn milliseconds(time: Duration) -> f64 {
    time.as_micros() as f64 / 1000.0
}
