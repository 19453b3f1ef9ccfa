//! What an app says about what it tells of its requests.

use super::{AccessLog, FlightRecorder};

/// What an app tells of its requests.
#[derive(Debug, Default)]
pub(crate) struct Observing {
    /// Whether answers say where their time went.
    pub(crate) server_timing: bool,
    pub(crate) flight_recorder: FlightRecorder,
    pub(crate) access_log: AccessLog,
}
