//! [`Figures`]: sends metrics to a collector from time to time.

use std::env;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use opentelemetry_http::{Bytes, Request};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::{ResourceMetrics, ScopeMetrics};
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message as _;

use super::client::Client;
use super::message::{Message, Span, attributes};
use crate::observe::metrics::Sink;

/// How often they are sent unless the environment says otherwise.
const EVERY: Duration = Duration::from_secs(60);
/// How long the end of a service waits for the last of them.
const FAREWELL: Duration = Duration::from_secs(2);

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
        let every = interval(env::var("OTEL_METRIC_EXPORT_INTERVAL").ok().as_deref());
        let client = Client::new("METRICS");
        let start = nanoseconds();
        let (stop, stopped) = channel();
        let thread = thread::Builder::new().name("aplomb-otlp".to_owned());
        let thread = thread.spawn(move || {
            let mut told = false;
            loop {
                let over = stopped.recv_timeout(every) != Err(RecvTimeoutError::Timeout);
                let span = Span {
                    start,
                    now: nanoseconds(),
                };
                let mut message = Message::new(span);
                write(&mut message);
                match request(message) {
                    // It says by itself what goes wrong.
                    Some(request) => drop(client.send(request)),
                    None if !std::mem::replace(&mut told, true) => tracing::warn!(
                        target: "aplomb::otlp",
                        "no metrics are sent: the endpoint or the headers in the environment are wrong"
                    ),
                    None => {}
                }
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
        let begun = Instant::now();
        let Some(thread) = self.thread.take() else {
            return;
        };
        while !thread.is_finished() && begun.elapsed() < FAREWELL {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Milliseconds, as the environment has them; none at all would send without a pause.
fn interval(milliseconds: Option<&str>) -> Duration {
    let milliseconds = milliseconds.and_then(|text| text.trim().parse().ok());
    let milliseconds = milliseconds.filter(|milliseconds| *milliseconds > 0);
    milliseconds.map_or(EVERY, Duration::from_millis)
}

fn request(metrics: Message) -> Option<Request<Bytes>> {
    let resource = opentelemetry_sdk::Resource::builder().build();
    let labels: Vec<(String, String)> = resource
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect();
    let message = ExportMetricsServiceRequest {
        resource_metrics: vec![ResourceMetrics {
            resource: Some(Resource {
                attributes: attributes(labels.iter().map(|(name, value)| (&**name, &**value))),
                ..Resource::default()
            }),
            scope_metrics: vec![ScopeMetrics {
                metrics: metrics.into_metrics(),
                ..ScopeMetrics::default()
            }],
            ..ResourceMetrics::default()
        }],
    };
    let mut request = Request::post(endpoint()?);
    for (name, value) in headers() {
        request = request.header(name, value);
    }
    let request = request.header("content-type", "application/x-protobuf");
    request.body(message.encode_to_vec().into()).ok()
}

fn endpoint() -> Option<String> {
    let own = env::var("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT").ok();
    let common = || {
        let base = env::var("OTEL_EXPORTER_OTLP_ENDPOINT").ok()?;
        Some(format!("{}/v1/metrics", base.trim_end_matches('/')))
    };
    own.filter(|own| !own.is_empty()).or_else(common)
}

/// `a=b,c=d`, the values as in URLs.
fn headers() -> Vec<(String, String)> {
    let given = env::var("OTEL_EXPORTER_OTLP_METRICS_HEADERS")
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

fn nanoseconds() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_never_sent_without_a_pause() {
        for text in [None, Some("0"), Some("-1"), Some("soon"), Some("")] {
            assert_eq!(interval(text), EVERY, "{text:?}");
        }
        assert_eq!(interval(Some(" 250 ")), Duration::from_millis(250));
    }
}
