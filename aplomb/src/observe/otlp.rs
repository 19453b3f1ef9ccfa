//! [`Otlp`]: sends traces and metrics to a collector.

mod client;
mod figures;
mod ids;
mod message;
mod request;

pub(crate) use figures::Figures;
pub(crate) use request::{Ending, begins, is_exporting};

use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithHttpConfig as _};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::registry::LookupSpan;

use crate::error::Result;
use client::Client;

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
