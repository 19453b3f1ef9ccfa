//! [`AccessLog`]: a line for each request.

mod lines;

pub(crate) use lines::{Fields, Lines};

use std::io::IsTerminal as _;
use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};

use super::secrets::Secrets;
use super::{Fate, Record};
use crate::json;

/// The target of the events.
const TARGET: &str = "aplomb::access";

/// What is logged of each request when it has ended, as events of the level `INFO` with the target
/// `aplomb::access`. Parameters of the query whose names tell that they are secrets are hidden.
///
/// ```
/// use aplomb::observe::AccessLog;
/// use aplomb::prelude::*;
///
/// let app = App::new().access_log(AccessLog::Json);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AccessLog {
    /// [`Pretty`](Self::Pretty) where standard error is a terminal, and nothing elsewhere.
    #[default]
    Auto,
    /// Nothing.
    Off,
    /// A line for people, much as uvicorn writes it:
    /// `127.0.0.1:50000 - "GET /items/1 HTTP/1.1" 200 OK 1.2 ms`.
    Pretty,
    /// A JSON object for programs, which also has the route, the size, the phase that took the
    /// longest and what became of the request. `#[aplomb::main]` writes nothing else on its line.
    Json,
    /// An event with fields, for a subscriber of one's own.
    Fields,
}

impl AccessLog {
    /// What it is here and now.
    pub(super) fn settled(self) -> Self {
        match self {
            Self::Auto if std::io::stderr().is_terminal() => Self::Pretty,
            Self::Auto => Self::Off,
            chosen => chosen,
        }
    }

    #[inline]
    pub(super) fn write(self, record: &Record, secrets: &Secrets) {
        if self != Self::Off && tracing::enabled!(target: TARGET, tracing::Level::INFO) {
            self.write_enabled(record, secrets);
        }
    }

    #[cold]
    fn write_enabled(self, record: &Record, secrets: &Secrets) {
        let client = record.client();
        let route = record.route();
        let target = secrets.target(record.target(), route.as_deref());
        let milliseconds = record.age().as_micros() as f64 / 1000.0;
        let status = record.status();
        let code = status.map(|status| status.as_u16());
        match self {
            Self::Auto | Self::Off => {}
            Self::Pretty => {
                let client = client.as_deref().unwrap_or("-");
                let line = (record.method(), &target, record.version());
                let outcome = match status {
                    Some(status) => status.to_string(),
                    None => record.fate().to_string(),
                };
                let (method, target, version) = line;
                tracing::info!(
                    target: TARGET,
                    "{client} - \"{method} {target} {version:?}\" {outcome} {milliseconds} ms"
                );
            }
            Self::Json => {
                let time: DateTime<Utc> = SystemTime::now().into();
                let line = json!({
                    "time": time.to_rfc3339_opts(SecondsFormat::Millis, true),
                    "client": client,
                    "method": record.method().as_str(),
                    "target": target,
                    "version": format!("{:?}", record.version()),
                    "route": record.route(),
                    "status": code,
                    "duration_ms": milliseconds,
                    "response_bytes": record.bytes(),
                    "longest_phase": record.times().longest().name(),
                    "fate": (record.fate() != Fate::Answered).then(|| record.fate().name()),
                    "id": record.id(),
                });
                tracing::info!(target: TARGET, "{line}");
            }
            Self::Fields => tracing::info!(
                target: TARGET,
                client,
                method = %record.method(),
                path = %target,
                version = ?record.version(),
                route = record.route(),
                status = code,
                duration_ms = milliseconds,
                response_bytes = record.bytes(),
                longest_phase = %record.times().longest(),
                fate = %record.fate(),
                id = record.id(),
            ),
        }
    }
}
