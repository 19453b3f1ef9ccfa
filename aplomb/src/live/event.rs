//! [`Event`]: a log or snapshot as listeners get it.

use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};

use super::asked::LiveKind;
use super::definition::LogLevel;
use crate::json::Value;

/// A log or snapshot.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false, rename = "LiveEvent")]
pub(crate) struct Event {
    /// Grows with every event of the process.
    pub(crate) id: u64,
    /// The id of the probe.
    pub(crate) probe: String,
    pub(crate) kind: LiveKind,
    /// When the point was passed (RFC 3339).
    pub(crate) time: String,
    /// The route and the point.
    pub(crate) place: String,
    /// The number of the request, as `/requests` has it.
    pub(crate) request: Option<u64>,
    /// What the request is called, where a middleware gave it an id.
    pub(crate) request_id: Option<String>,
    pub(crate) level: Option<LogLevel>,
    /// What a log says.
    pub(crate) message: Option<String>,
    /// What a snapshot holds.
    pub(crate) snapshot: Option<Value>,
}

/// A time as the API has it.
pub(crate) fn time(time: SystemTime) -> String {
    let time: DateTime<Utc> = time.into();
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
