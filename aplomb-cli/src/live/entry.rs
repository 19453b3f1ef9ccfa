//! [`Entry`]: a request as the flight recorder has it, or as it is being answered.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::screen;

/// A request as the flight recorder has it, or as it is being answered.
#[derive(Clone, Debug)]
pub(super) struct Entry(pub(super) Value);

impl Entry {
    /// The number that no other request of its process has.
    pub(super) fn id(&self) -> u64 {
        self.0["id"].as_u64().unwrap_or_default()
    }

    /// What a middleware calls it, or its client.
    pub(super) fn request_id(&self) -> Option<&str> {
        self.0["request_id"].as_str()
    }

    /// Whether somebody means it.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.request_id() == Some(name) || self.id().to_string() == name
    }

    pub(super) fn method(&self) -> &str {
        self.0["method"].as_str().unwrap_or_default()
    }

    pub(super) fn target(&self) -> &str {
        self.0["target"].as_str().unwrap_or_default()
    }

    /// Method and path template; the target where it found no route.
    pub(super) fn route(&self) -> String {
        let path = self.0["route"].as_str();
        let path = path.or_else(|| self.target().split('?').next());
        format!("{} {}", self.method(), path.unwrap_or_default())
    }

    pub(super) fn handler(&self) -> Option<&str> {
        self.0["handler"].as_str()
    }

    /// The status, or what became of it, in words.
    pub(super) fn outcome(&self) -> String {
        let status = self.0["status"].as_u64().map(|status| status.to_string());
        match (status, self.0["fate"].as_str()) {
            (Some(status), Some("answered") | None) => status,
            (Some(status), Some(fate)) => format!("{status} {fate}"),
            (None, fate) => fate.unwrap_or_default().to_owned(),
        }
    }

    pub(super) fn client(&self) -> &str {
        self.0["client"].as_str().unwrap_or_default()
    }

    /// How long it took, or has taken until now: with the time before its head was read, as its
    /// client sees it.
    pub(super) fn milliseconds(&self) -> f64 {
        self.number("duration_ms") + self.number("before_ms")
    }

    pub(super) fn number(&self, name: &str) -> f64 {
        self.0[name].as_f64().unwrap_or_default()
    }

    /// How long it waited for a kind of thread, in milliseconds.
    pub(super) fn waited_for(&self, thread: &str) -> f64 {
        self.0["waits"][thread].as_f64().unwrap_or_default()
    }

    /// When it arrived (RFC 3339).
    pub(super) fn arrived(&self) -> Option<DateTime<Utc>> {
        self.0["time"].as_str()?.parse().ok()
    }

    /// The time of day at which it arrived.
    pub(super) fn time(&self) -> &str {
        time_of_day(self.0["time"].as_str().unwrap_or_default())
    }

    /// What it does, or did last: its phase, and the dependency that has taken longest meanwhile.
    pub(super) fn phase(&self) -> String {
        match self.asks() {
            Some(asks) => format!("{}, {asks}", self.step()),
            None => self.step(),
        }
    }

    /// What it waits for of a database now.
    fn asks(&self) -> Option<String> {
        let open = self.0["database"]["open"].as_array()?.last()?;
        let database = open["database"].as_str()?;
        Some(match open["statement"].as_str() {
            Some(statement) => format!("asking {database}: {}", screen::cut(statement, 60)),
            None => format!("waiting for a connection to {database}"),
        })
    }

    fn step(&self) -> String {
        let phase = self.0["last_phase"].as_str().unwrap_or_default();
        match (phase, self.longest_dependency()) {
            ("dependencies", Some(name)) => format!("in dependency {name}"),
            ("handler", _) => format!("in handler {}", self.handler().unwrap_or_default()),
            _ => phase.to_owned(),
        }
    }

    fn longest_dependency(&self) -> Option<&str> {
        let dependencies = self.0["dependencies"].as_array()?;
        // Those that have not begun have taken nothing, and the one that runs is the last begun.
        let begun = dependencies
            .iter()
            .rfind(|one| total(&one["spent"]) > 0.0)?;
        begun["name"].as_str()
    }
}

/// Milliseconds spent in all.
pub(super) fn total(spent: &Value) -> f64 {
    let part = |name: &str| spent[name].as_f64().unwrap_or_default();
    part("busy_ms") + part("awaiting_ms")
}

/// The time of day of a moment (RFC 3339), in its own zone.
pub(super) fn time_of_day(moment: &str) -> &str {
    let time = moment.split_once('T').map_or(moment, |(_, time)| time);
    time.trim_end_matches('Z')
}
