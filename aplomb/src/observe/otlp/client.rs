//! [`Client`]: carries what is sent, on the threads that send and no other.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use ureq::Agent;

/// How often somebody is told that a collector cannot be reached.
const TELL: Duration = Duration::from_secs(60);
/// How long an answer may take unless the environment says otherwise.
const PATIENCE: Duration = Duration::from_secs(10);

/// Carries what is sent, on the threads that send and no other.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
    /// What kind of data it carries.
    kind: &'static str,
    told: Mutex<Option<Instant>>,
}

impl Client {
    pub(super) fn new(kind: &'static str) -> Self {
        let names = [
            format!("OTEL_EXPORTER_OTLP_{kind}_TIMEOUT"),
            "OTEL_EXPORTER_OTLP_TIMEOUT".to_owned(),
        ];
        let asked = names
            .iter()
            .find_map(|name| std::env::var(name).ok()?.parse().ok());
        let config = Agent::config_builder()
            .timeout_global(Some(asked.map_or(PATIENCE, Duration::from_millis)))
            .http_status_as_error(false)
            .build();
        Self {
            agent: config.new_agent(),
            kind,
            told: Mutex::default(),
        }
    }

    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// When nobody takes it.
    pub(super) fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        self.carry(request).inspect_err(|error| self.tell(error))
    }

    fn carry(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.agent.run(request.map(|body| body.to_vec()))?;
        let (head, mut body) = answer.into_parts();
        let body = body.read_to_vec()?;
        if !head.status.is_success() {
            return Err(format!("the collector answers {}", head.status).into());
        }
        Ok(Response::from_parts(head, body.into()))
    }

    /// Says why nothing can be sent, unless that was said a moment ago.
    fn tell(&self, error: &HttpError) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|told| told.elapsed() >= TELL) {
            *told = Some(Instant::now());
            let kind = self.kind.to_ascii_lowercase();
            tracing::warn!(target: "aplomb::otlp", %error, "cannot send {kind}");
        }
    }
}

#[async_trait::async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        self.send(request)
    }
}
