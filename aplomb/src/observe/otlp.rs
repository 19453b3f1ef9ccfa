//! [`Otlp`]: sends traces, metrics and live logs to a collector.

mod client;
mod figures;
mod ids;
mod lines;
mod message;
mod request;

pub(crate) use figures::Figures;
pub(crate) use lines::{Line, Lines, Outlet};
pub(crate) use request::{Ending, begins, is_exporting};

use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant, SystemTime};

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithHttpConfig as _};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::registry::LookupSpan;

use crate::error::Result;
use client::Client;
use message::attributes;

/// How long the end of a service waits for the last of its metrics, and of its live logs.
const FAREWELL: Duration = Duration::from_secs(2);

/// Sends traces to a collector by OTLP over HTTP, as the standard `OTEL_*` variables of the
/// environment say.
///
/// `#[aplomb::main]` does this by itself. A program with a subscriber of its own adds
/// [`layer`](Self::layer), and calls [`shut_down`](Self::shut_down) before it ends.
#[derive(Debug)]
pub struct Otlp {
    provider: SdkTracerProvider,
}

impl Otlp {
    /// What the environment asks for: nothing unless `OTEL_EXPORTER_OTLP_ENDPOINT` or
    /// `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` names a collector, or where `OTEL_SDK_DISABLED` is
    /// `true` or `OTEL_TRACES_EXPORTER` is `none`.
    ///
    /// # Errors
    /// When the variables make no sense.
    pub fn from_environment() -> Result<Option<Self>> {
        if !is_wanted("TRACES") {
            return Ok(None);
        }
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Client::new("TRACES"))
            .build()?;
        // It has a thread and a bounded queue of its own.
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_id_generator(ids::Ids::default())
            .build();
        request::exports();
        Ok(Some(Self { provider }))
    }

    /// What makes spans of a program parts of traces.
    pub fn layer<S>(&self) -> OpenTelemetryLayer<S, SdkTracer>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        tracing_opentelemetry::layer().with_tracer(self.provider.tracer("aplomb"))
    }

    /// Sends what is left, for so long at the most.
    pub fn shut_down(self, within: Duration) {
        if let Err(error) = self.provider.shutdown_with_timeout(within) {
            tracing::debug!(target: "aplomb::otlp", %error, "some spans were not sent");
        }
    }
}

/// Whether the environment wants a kind of data sent.
fn is_wanted(kind: &str) -> bool {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let disabled = variable("OTEL_SDK_DISABLED").is_some_and(|it| it.eq_ignore_ascii_case("true"));
    let exporter = variable(&format!("OTEL_{kind}_EXPORTER"));
    let named = variable(&format!("OTEL_EXPORTER_OTLP_{kind}_ENDPOINT"))
        .or_else(|| variable("OTEL_EXPORTER_OTLP_ENDPOINT"));
    !disabled && exporter.is_none_or(|exporter| exporter == "otlp") && named.is_some()
}

/// What the environment says of the service.
fn resource() -> Resource {
    let resource = opentelemetry_sdk::Resource::builder().build();
    let labels: Vec<(String, String)> = resource
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect();
    Resource {
        attributes: attributes(labels.iter().map(|(name, value)| (&**name, &**value))),
        ..Resource::default()
    }
}

/// Milliseconds, as the environment has them; none at all would send without a pause.
fn interval(milliseconds: Option<&str>) -> Option<Duration> {
    let milliseconds = milliseconds.and_then(|text| text.trim().parse().ok());
    let milliseconds = milliseconds.filter(|milliseconds| *milliseconds > 0);
    milliseconds.map(Duration::from_millis)
}

/// Since 1970.
fn nanoseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    })
}

/// Waits for a thread that sends the last it has, for a while.
fn farewell(thread: Option<JoinHandle<()>>) {
    let begun = Instant::now();
    let Some(thread) = thread else {
        return;
    };
    while !thread.is_finished() && begun.elapsed() < FAREWELL {
        sleep(Duration::from_millis(5));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sent_without_a_pause() {
        for text in [None, Some("0"), Some("-1"), Some("soon"), Some("")] {
            assert_eq!(interval(text), None, "{text:?}");
        }
        let quarter = Duration::from_millis(250);
        assert_eq!(interval(Some(" 250 ")), Some(quarter));
    }
}
