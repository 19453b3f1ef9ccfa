//! [`Cause`]: a part of a request's time, and what it went into.

use serde_json::{Value, json};

use crate::live::entry::Entry;
use crate::{screen, span};

/// How many statements of a request are told.
const STATEMENTS: usize = 3;

/// A part of a request's time, and what it went into.
#[derive(Clone, Debug)]
pub(in crate::live) struct Cause {
    pub(in crate::live) milliseconds: f64,
    pub(in crate::live) what: What,
}

/// What time went into: no wrapper around others is among it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::live) enum What {
    /// A dependency by name, and whether it held its thread.
    Dependency(String, bool),
    /// The handler, and whether it held its thread.
    Handler(bool),
    /// A database, asked by the dependency of this name or by what else.
    Database(Asker),
    /// Waiting for a connection to a database, on behalf of the same.
    Connection(Asker),
    /// In its socket, with nobody to read it.
    Unread,
    /// Waiting for a thread of the isolated lane.
    Lane,
    /// Another phase by name.
    Phase(String),
    /// What no phase was charged.
    Nobody,
}

/// Who asked a database.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::live) enum Asker {
    Dependency(String),
    Handler,
    /// Another phase by name.
    Phase(String),
}

impl Asker {
    fn told(&self) -> String {
        match self {
            Self::Dependency(name) => format!("the dependency `{name}`"),
            Self::Handler => "the handler".to_owned(),
            Self::Phase(phase) => phase.clone(),
        }
    }
}

/// How long each has waited for databases, in milliseconds: for statements, and for connections.
fn databases(entry: &Entry) -> Vec<(Asker, f64, f64)> {
    let places = entry.0["database"]["places"].as_array();
    let places = places.into_iter().flatten();
    let asked = places.map(|place| {
        let asker = match (place["dependency"].as_str(), place["phase"].as_str()) {
            (Some(name), _) => Asker::Dependency(name.to_owned()),
            (None, Some("handler")) => Asker::Handler,
            (None, phase) => Asker::Phase(phase.unwrap_or_default().to_owned()),
        };
        let time = |name: &str| place[name].as_f64().unwrap_or_default();
        (asker, time("running_ms"), time("waiting_ms"))
    });
    asked.collect()
}

/// The parts of a request's time, the largest first.
pub(in crate::live) fn causes(entry: &Entry) -> Vec<Cause> {
    let mut causes = Vec::new();
    let databases = databases(entry);
    let mut add = |milliseconds: f64, what| {
        if milliseconds > 0.0 {
            causes.push(Cause { milliseconds, what });
        }
    };
    let part = |spent: &Value, name: &str| spent[name].as_f64().unwrap_or_default();
    // Adds what of the time that somebody waited went into databases; what is left of it.
    let parted = |asker: Asker, awaiting: f64, add: &mut dyn FnMut(f64, What)| {
        let mut asked = databases.iter().filter(|(of, ..)| *of == asker);
        let Some((_, running, waiting)) = asked.next() else {
            return awaiting;
        };
        // Sending a statement takes the thread for a moment, which is no waiting.
        let running = running.min(awaiting);
        let waiting = waiting.min(awaiting - running);
        add(running, What::Database(asker.clone()));
        add(waiting, What::Connection(asker));
        awaiting - running - waiting
    };
    let mut dependencies = 0.0;
    for dependency in entry.0["dependencies"].as_array().into_iter().flatten() {
        let name = dependency["name"].as_str().unwrap_or_default();
        for (clock, busy) in [("busy_ms", true), ("awaiting_ms", false)] {
            let spent = part(&dependency["spent"], clock);
            dependencies += spent;
            let spent = match busy {
                true => spent,
                false => parted(Asker::Dependency(name.to_owned()), spent, &mut add),
            };
            add(spent, What::Dependency(name.to_owned(), busy));
        }
    }
    let mut total = 0.0;
    for (phase, spent) in entry.0["phases"].as_object().into_iter().flatten() {
        let (busy, awaiting) = (part(spent, "busy_ms"), part(spent, "awaiting_ms"));
        total += busy + awaiting;
        match phase.as_str() {
            "waiting" => {
                let lane = entry.waited_for("isolated").min(awaiting);
                add(lane, What::Lane);
                add(busy + awaiting - lane, What::Phase(phase.clone()));
            }
            "handler" => {
                add(busy, What::Handler(true));
                let left = parted(Asker::Handler, awaiting, &mut add);
                add(left, What::Handler(false));
            }
            "dependencies" => add(busy + awaiting - dependencies, What::Phase(phase.clone())),
            _ => {
                let left = parted(Asker::Phase(phase.clone()), awaiting, &mut add);
                add(busy + left, What::Phase(phase.clone()));
            }
        }
    }
    add(entry.number("before_ms"), What::Unread);
    add(entry.number("duration_ms") - total, What::Nobody);
    causes.sort_by(|one, other| other.milliseconds.total_cmp(&one.milliseconds));
    causes
}

impl What {
    /// In a few words.
    pub(in crate::live) fn short(&self) -> String {
        match self {
            Self::Dependency(name, true) => format!("computing in dependency {name}"),
            Self::Dependency(name, false) => format!("waiting in dependency {name}"),
            Self::Handler(true) => "computing in the handler".to_owned(),
            Self::Handler(false) => "waiting in the handler".to_owned(),
            Self::Database(asker) => format!("in the database for {}", asker.told()),
            Self::Connection(asker) => {
                format!("waiting for a database connection for {}", asker.told())
            }
            Self::Unread => "unread in its socket".to_owned(),
            Self::Lane => "waiting for an isolated thread".to_owned(),
            Self::Phase(phase) => phase.clone(),
            Self::Nobody => "unattributed".to_owned(),
        }
    }

    /// In a sentence, of one request.
    pub(super) fn sentence(&self, entry: &Entry) -> String {
        match self {
            Self::Handler(busy) => {
                let name = entry.handler().unwrap_or_default();
                match busy {
                    true => format!("the handler `{name}` computed, and held its thread meanwhile"),
                    false => format!("the handler `{name}` waited for something outside of it"),
                }
            }
            _ => self.told(),
        }
    }

    /// In a sentence, of several requests.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Dependency(name, true) => {
                format!("the dependency `{name}` computed, and held its thread meanwhile")
            }
            Self::Dependency(name, false) => {
                format!("the dependency `{name}` waited for something outside of it")
            }
            Self::Handler(true) => "the handler computed, and held its thread meanwhile".to_owned(),
            Self::Handler(false) => "the handler waited for something outside of it".to_owned(),
            Self::Database(asker) => {
                format!("{} waited for statements of the database", asker.told())
            }
            Self::Connection(asker) => {
                format!("{} waited for a connection to the database", asker.told())
            }
            Self::Unread => "lay unread in its socket: every worker was held".to_owned(),
            Self::Lane => "waiting for a thread of the isolated lane".to_owned(),
            Self::Nobody => "unattributed".to_owned(),
            Self::Phase(phase) => match phase.as_str() {
                "routing" => "finding the route",
                "middleware" => "the middleware, on the way in or out",
                "waiting" => "waiting to be let in, or for a thread",
                "body" => "waiting for the client to send the body",
                "validation" => "reading and checking the arguments",
                "dependencies" => "between dependencies",
                "serialising" => "making the response",
                "clean-up" => "the clean-up of dependencies",
                "writing" => "handing the response to the client",
                phase => phase,
            }
            .to_owned(),
        }
    }
}

impl Cause {
    pub(super) fn to_json(&self) -> Value {
        json!({"ms": self.milliseconds, "what": self.what.short()})
    }
}

/// Who held the threads that a request waited for, the longest first.
pub(super) fn holders(entry: &Entry) -> Vec<String> {
    let mut told = Vec::new();
    let worker = entry.waited_for("worker");
    if worker > 0.0 {
        let waited = span::written(worker);
        told.push(format!(
            "for {waited} it could have gone on, but the worker of its connection was held"
        ));
    }
    let connections = entry.0["database"]["held_by"].as_array();
    told.extend(connections.into_iter().flatten().map(|holder| {
        let route = holder["route"].as_str().unwrap_or("what is no request");
        let count = holder["connections"].as_u64().unwrap_or_default();
        let held = span::written(holder["longest_ms"].as_f64().unwrap_or_default());
        match count {
            1 => format!("when it asked, {route} had a connection for {held}"),
            _ => format!("when it asked, {route} had {count} connections, one for {held}"),
        }
    }));
    let holders = entry.0["held_by"].as_array().into_iter().flatten();
    told.extend(holders.map(|holder| {
        let text = |name: &str| holder[name].as_str().unwrap_or_default();
        let held = span::written(holder["ms"].as_f64().unwrap_or_default());
        format!(
            "meanwhile {} held the thread `{}` for {held}",
            text("route"),
            text("thread")
        )
    }));
    told
}

/// The statements that took longest, the longest first.
pub(super) fn statements(entry: &Entry) -> Vec<String> {
    let all = entry.0["database"]["statements"].as_array();
    let told = all.into_iter().flatten().take(STATEMENTS).map(|of| {
        let text = |name: &str| of[name].as_str().unwrap_or_default();
        let time = span::written(of["ms"].as_f64().unwrap_or_default());
        let times = match of["calls"].as_u64().unwrap_or_default() {
            1 => "once".to_owned(),
            calls => format!("{calls} times"),
        };
        let statement = screen::cut(text("statement"), 100);
        format!("asked {} {times}, {time}: {statement}", text("database"))
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_held_threads_are_named() {
        let entry = Entry(json!({
            "waits": {"worker": 1500.0},
            "held_by": [{"route": "GET /clients", "thread": "worker 7", "ms": 1304.0}],
        }));
        let told = holders(&entry);
        assert!(
            told[0].starts_with("for 1.50 s it could have gone on"),
            "{told:?}"
        );
        assert_eq!(
            told[1],
            "meanwhile GET /clients held the thread `worker 7` for 1.30 s"
        );
    }

    #[test]
    fn databases_are_parted_from_who_waited_for_them() {
        let entry = Entry(json!({
            "duration_ms": 110.0,
            "phases": {
                "handler": {"busy_ms": 1.0, "awaiting_ms": 69.0},
                "dependencies": {"busy_ms": 0.0, "awaiting_ms": 40.0},
            },
            "dependencies": [{"name": "user", "spent": {"busy_ms": 0.0, "awaiting_ms": 40.0}}],
            "database": {
                "places": [
                    {"phase": "dependencies", "dependency": "user", "running_ms": 35.0, "waiting_ms": 0.0},
                    {"phase": "handler", "dependency": null, "running_ms": 20.0, "waiting_ms": 45.0},
                ],
                "statements": [
                    {"database": "shop", "statement": "SELECT a", "calls": 12, "ms": 35.0},
                    {"database": "shop", "statement": "SELECT b", "calls": 1, "ms": 20.0},
                ],
                "held_by": [{"route": "GET /export", "connections": 8, "longest_ms": 41_000.0}],
            },
        }));
        let causes = causes(&entry);
        let told: Vec<_> = causes
            .iter()
            .map(|cause| format!("{} {}", cause.milliseconds, cause.what.short()))
            .collect();
        assert_eq!(
            told,
            [
                "45 waiting for a database connection for the handler",
                "35 in the database for the dependency `user`",
                "20 in the database for the handler",
                "5 waiting in dependency user",
                "4 waiting in the handler",
                "1 computing in the handler",
            ]
        );
        assert_eq!(
            holders(&entry),
            ["when it asked, GET /export had 8 connections, one for 41.00 s"]
        );
        assert_eq!(
            statements(&entry),
            [
                "asked shop 12 times, 35 ms: SELECT a",
                "asked shop once, 20 ms: SELECT b",
            ]
        );
    }

    #[test]
    fn wrappers_are_no_causes_and_what_nobody_did_is_one() {
        let entry = Entry(json!({
            "duration_ms": 100.0,
            "before_ms": 7.0,
            "waits": {"reading": 7.0, "isolated": 3.0},
            "handler": "read",
            "phases": {
                "waiting": {"busy_ms": 0.0, "awaiting_ms": 8.0},
                "handler": {"busy_ms": 1.0, "awaiting_ms": 4.0},
                "dependencies": {"busy_ms": 2.0, "awaiting_ms": 70.0},
            },
            "dependencies": [
                {"name": "db", "spent": {"busy_ms": 0.0, "awaiting_ms": 60.0}},
                {"name": "user", "spent": {"busy_ms": 2.0, "awaiting_ms": 10.0}},
            ],
        }));
        let causes = causes(&entry);
        let told: Vec<_> = causes
            .iter()
            .map(|cause| (cause.milliseconds, cause.what.short()))
            .collect();
        let told: Vec<_> = told.iter().map(|(ms, what)| (*ms, what.as_str())).collect();
        assert_eq!(
            told,
            [
                (60.0, "waiting in dependency db"),
                (15.0, "unattributed"),
                (10.0, "waiting in dependency user"),
                (7.0, "unread in its socket"),
                (5.0, "waiting"),
                (4.0, "waiting in the handler"),
                (3.0, "waiting for an isolated thread"),
                (2.0, "computing in dependency user"),
                (1.0, "computing in the handler"),
            ]
        );
    }
}
