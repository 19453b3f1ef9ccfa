//! [`Client`]: carries what is sent, on the threads that send and no other.

use std::env;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
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
    /// Whether somebody was told that the environment makes no sense.
    told_wrong: AtomicBool,
}

impl Client {
    pub(super) fn new(kind: &'static str) -> Self {
        let names = [
            format!("OTEL_EXPORTER_OTLP_{kind}_TIMEOUT"),
            "OTEL_EXPORTER_OTLP_TIMEOUT".to_owned(),
        ];
        let asked = names
            .iter()
            .find_map(|name| env::var(name).ok()?.parse().ok());
        let config = Agent::config_builder()
            .timeout_global(Some(asked.map_or(PATIENCE, Duration::from_millis)))
            .http_status_as_error(false)
            .build();
        Self {
            agent: config.new_agent(),
            kind,
            told: Mutex::default(),
            told_wrong: AtomicBool::new(false),
        }
    }

    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// When nobody takes it.
    pub(super) fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        self.carry(request).inspect_err(|error| self.tell(error))
    }

    /// Sends a message to where the environment says; what goes wrong is told.
    pub(super) fn export(&self, message: &impl prost::Message) {
        match self.request(message) {
            Some(request) => drop(self.send(request)),
            None if !self.told_wrong.swap(true, Relaxed) => {
                let kind = self.kind.to_ascii_lowercase();
                tracing::warn!(
                    target: "aplomb::otlp",
                    "no {kind} are sent: the endpoint or the headers in the environment are wrong"
                );
            }
            None => {}
        }
    }

    fn request(&self, message: &impl prost::Message) -> Option<Request<Bytes>> {
        let mut request = Request::post(endpoint(self.kind)?);
        for (name, value) in headers(self.kind) {
            request = request.header(name, value);
        }
        let request = request.header("content-type", "application/x-protobuf");
        request.body(message.encode_to_vec().into()).ok()
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

/// Where a kind of data goes.
fn endpoint(kind: &str) -> Option<String> {
    let own = env::var(format!("OTEL_EXPORTER_OTLP_{kind}_ENDPOINT")).ok();
    let common = || {
        let base = env::var("OTEL_EXPORTER_OTLP_ENDPOINT").ok()?;
        let kind = kind.to_ascii_lowercase();
        Some(format!("{}/v1/{kind}", base.trim_end_matches('/')))
    };
    own.filter(|own| !own.is_empty()).or_else(common)
}

/// `a=b,c=d`, the values as in URLs.
fn headers(kind: &str) -> Vec<(String, String)> {
    let given = env::var(format!("OTEL_EXPORTER_OTLP_{kind}_HEADERS"))
        .or_else(|_| env::var("OTEL_EXPORTER_OTLP_HEADERS"))
        .unwrap_or_default();
    let pairs = given.split(',').filter_map(|pair| pair.split_once('='));
    let pairs = pairs.map(|(name, value)| {
        let value = percent_encoding::percent_decode_str(value.trim());
        (
            name.trim().to_owned(),
            value.decode_utf8_lossy().into_owned(),
        )
    });
    pairs.collect()
}
