//! Whether a service lives and is ready: what orchestrators ask, answered without asking handlers.

mod checks;
mod management;

use std::fmt;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::{Arc, OnceLock};

pub(crate) use checks::{Checks, Watching};
pub(crate) use management::Management;

use tokio_util::sync::CancellationToken;

use crate::http::{IntoStatus, Response};
use crate::json::{Object, Value};
use crate::observe::FlightRecorder;
use crate::serve::OpenRequests;

/// How far a service has come between its start and its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Stage {
    Starting,
    Serving,
    Draining,
}

/// What is known of a service's health; cloning it is cheap.
#[derive(Clone, Default)]
pub(crate) struct Health(Arc<Known>);

#[derive(Default)]
struct Known {
    stage: AtomicU8,
    checks: Checks,
    /// What its server is answering, once there is one.
    open: OnceLock<OpenRequests>,
    handed_over: CancellationToken,
}

impl Health {
    pub(crate) fn new(checks: Checks) -> Self {
        Self(Arc::new(Known {
            stage: AtomicU8::new(Stage::Starting as u8),
            checks,
            open: OnceLock::new(),
            handed_over: CancellationToken::new(),
        }))
    }

    /// The service takes requests from now on.
    pub(crate) fn serves(&self) {
        self.0.stage.store(Stage::Serving as u8, Release);
    }

    /// The service has been asked to stop; of one that was handed over nobody hears that.
    pub(crate) fn drains(&self) {
        if self.0.handed_over.is_cancelled() {
            return;
        }
        self.0.stage.store(Stage::Draining as u8, Release);
    }

    /// This is what the service's server is answering from now on.
    pub(crate) fn answers(&self, open: OpenRequests) {
        // A service has one server.
        let _ = self.0.open.set(open);
    }

    /// The requests that are being answered, the oldest first.
    pub(crate) fn open_requests(&self, recorder: &FlightRecorder) -> Value {
        let open = self.0.open.get();
        open.map_or_else(|| Value::Array(Vec::new()), |open| open.to_json(recorder))
    }

    /// Another process has taken over: probes are its matter. Those that come here still hear that
    /// the service is ready, because at its address it is.
    pub(crate) fn hands_over(&self) {
        self.0.handed_over.cancel();
    }

    /// Told when another process has taken over.
    pub(crate) fn handed_over(&self) -> CancellationToken {
        self.0.handed_over.clone()
    }

    pub(crate) fn checks(&self) -> &Checks {
        &self.0.checks
    }

    /// Whether requests should be sent here, and why not.
    pub(crate) fn readiness(&self) -> Response {
        let stage = self.0.stage.load(Acquire);
        let (all_well, results) = self.0.checks.results();
        let status = match stage {
            _ if stage == Stage::Starting as u8 => "starting",
            _ if stage == Stage::Draining as u8 => "draining",
            _ if !all_well => "failing",
            _ => "ready",
        };
        let mut answer = Object::new();
        answer.insert("status".into(), status.into());
        if !results.is_empty() {
            answer.insert("checks".into(), Value::Object(results));
        }
        said(&answer.into(), if status == "ready" { 200 } else { 503 })
    }

    /// Whether the service runs at all: whoever asks has an answer.
    pub(crate) fn liveness(&self) -> Response {
        let mut answer = Object::new();
        answer.insert("status".into(), "alive".into());
        said(&answer.into(), 200)
    }
}

fn said(answer: &Value, status: impl IntoStatus) -> Response {
    // What is true now may not be in a moment.
    Response::json(answer)
        .status(status)
        .header("cache-control", "no-store")
}

impl fmt::Debug for Health {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Health")
    }
}
