//! [`Figures`]: sends metrics to a collector from time to time.

use std::env;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::{ResourceMetrics, ScopeMetrics};

use super::client::Client;
use super::message::{Message, Span};
use super::{farewell, interval, nanoseconds, resource};
use crate::observe::metrics::Sink;

/// How often they are sent unless the environment says otherwise.
const EVERY: Duration = Duration::from_secs(60);

/// Sends metrics to a collector from time to time, on a thread of its own, and once more when it is
/// dropped.
#[derive(Debug)]
pub(crate) struct Figures {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Figures {
    /// Sends what `write` gives, if the environment asks for it.
    pub(crate) fn start(write: impl Fn(&mut dyn Sink) + Send + 'static) -> Option<Self> {
        if !super::is_wanted("METRICS") {
            return None;
        }
        let asked = env::var("OTEL_METRIC_EXPORT_INTERVAL").ok();
        let every = interval(asked.as_deref()).unwrap_or(EVERY);
        let client = Client::new("METRICS");
        let start = nanoseconds(SystemTime::now());
        let (stop, stopped) = channel();
        let thread = thread::Builder::new().name("aplomb-otlp".to_owned());
        let thread = thread.spawn(move || {
            loop {
                let over = stopped.recv_timeout(every) != Err(RecvTimeoutError::Timeout);
                let span = Span {
                    start,
                    now: nanoseconds(SystemTime::now()),
                };
                let mut message = Message::new(span);
                write(&mut message);
                client.export(&request(message));
                if over {
                    return;
                }
            }
        });
        match thread {
            Ok(thread) => Some(Self {
                stop: Some(stop),
                thread: Some(thread),
            }),
            Err(error) => {
                tracing::warn!(target: "aplomb::otlp", %error, "no thread to send metrics");
                None
            }
        }
    }
}

impl Drop for Figures {
    fn drop(&mut self) {
        drop(self.stop.take());
        farewell(self.thread.take());
    }
}

fn request(metrics: Message) -> ExportMetricsServiceRequest {
    ExportMetricsServiceRequest {
        resource_metrics: vec![ResourceMetrics {
            resource: Some(resource()),
            scope_metrics: vec![ScopeMetrics {
                metrics: metrics.into_metrics(),
                ..ScopeMetrics::default()
            }],
            ..ResourceMetrics::default()
        }],
    }
}
