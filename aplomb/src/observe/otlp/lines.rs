//! [`Lines`]: sends what live logs say to a collector.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};

use super::client::Client;
use super::{farewell, nanoseconds, resource};

/// How many lines wait at the most; each has at most some KiB.
const WAITING: usize = 512;
/// How many lines are sent at once at the most.
const BATCH: usize = 256;
/// How long lines wait for others that are sent with them, unless the environment says otherwise.
const EVERY: Duration = Duration::from_secs(1);

/// A line of a live log.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) time: SystemTime,
    /// By the numbers that OpenTelemetry has for it, and its name.
    pub(crate) severity: (u8, &'static str),
    pub(crate) text: String,
    pub(crate) probe: String,
    /// The route and the point.
    pub(crate) place: String,
    pub(crate) request: Option<u64>,
    pub(crate) request_id: Option<String>,
    /// What the trace and the span of the request are called.
    pub(crate) trace: Option<(String, String)>,
}

/// Where lines go; nowhere unless they are sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outlet {
    sender: Arc<Mutex<Option<SyncSender<Line>>>>,
    /// How many found no room since somebody was told.
    dropped: Arc<AtomicU64>,
}

impl Outlet {
    /// Lets a line go; without room it is dropped and counted.
    pub(crate) fn say(&self, line: impl FnOnce() -> Line) {
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = &*sender
            && sender.try_send(line()).is_err()
        {
            self.dropped.fetch_add(1, Relaxed);
        }
    }

    /// Lets lines go there, or nowhere.
    fn set(&self, to: Option<SyncSender<Line>>) {
        *self.sender.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }
}

/// Sends what live logs say to a collector, on a thread of its own, until it is dropped.
#[derive(Debug)]
pub(crate) struct Lines {
    outlet: Outlet,
    thread: Option<JoinHandle<()>>,
}

impl Lines {
    /// Sends what goes there, if the environment asks for it.
    pub(crate) fn start(outlet: Outlet) -> Option<Self> {
        if !super::is_wanted("LOGS") {
            return None;
        }
        let asked = std::env::var("OTEL_BLRP_SCHEDULE_DELAY").ok();
        let every = super::interval(asked.as_deref()).unwrap_or(EVERY);
        let (sender, lines) = sync_channel(WAITING);
        let dropped = Arc::clone(&outlet.dropped);
        let thread = thread::Builder::new().name("aplomb-otlp".to_owned());
        let thread = thread.spawn(move || send(&lines, &dropped, every));
        match thread {
            Ok(thread) => {
                outlet.set(Some(sender));
                Some(Self {
                    outlet,
                    thread: Some(thread),
                })
            }
            Err(error) => {
                tracing::warn!(target: "aplomb::otlp", %error, "no thread to send logs");
                None
            }
        }
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.outlet.set(None);
        farewell(self.thread.take());
    }
}

/// Sends lines as they come, those that come soon after each other together.
fn send(lines: &Receiver<Line>, dropped: &AtomicU64, every: Duration) {
    let client = Client::new("LOGS");
    while let Ok(first) = lines.recv() {
        let until = Instant::now() + every;
        let mut records = vec![record(first)];
        let mut over = false;
        while records.len() < BATCH && !over {
            let left = until.saturating_duration_since(Instant::now());
            match lines.recv_timeout(left) {
                Ok(line) => records.push(record(line)),
                Err(RecvTimeoutError::Timeout) => break,
                // The rest goes at once.
                Err(RecvTimeoutError::Disconnected) => over = true,
            }
        }
        records.extend(told(dropped.swap(0, Relaxed)));
        let message = ExportLogsServiceRequest {
            resource_logs: vec![ResourceLogs {
                resource: Some(resource()),
                scope_logs: vec![ScopeLogs {
                    scope: Some(InstrumentationScope {
                        name: "aplomb::live".to_owned(),
                        ..InstrumentationScope::default()
                    }),
                    log_records: records,
                    ..ScopeLogs::default()
                }],
                ..ResourceLogs::default()
            }],
        };
        client.export(&message);
    }
}

fn record(line: Line) -> LogRecord {
    let (number, name) = line.severity;
    let trace = line.trace.as_ref().and_then(|(trace, span)| {
        let trace = TraceId::from_hex(trace).ok()?;
        Some((trace, SpanId::from_hex(span).ok()?))
    });
    let (trace_id, span_id) = trace.map_or_else(Default::default, |(trace, span)| {
        (trace.to_bytes().to_vec(), span.to_bytes().to_vec())
    });
    let mut attributes = vec![
        attribute("aplomb.probe", Value::StringValue(line.probe)),
        attribute("aplomb.place", Value::StringValue(line.place)),
    ];
    if let Some(request) = line.request.and_then(|number| i64::try_from(number).ok()) {
        attributes.push(attribute("aplomb.request", Value::IntValue(request)));
    }
    if let Some(id) = line.request_id {
        attributes.push(attribute("aplomb.request_id", Value::StringValue(id)));
    }
    LogRecord {
        time_unix_nano: nanoseconds(line.time),
        observed_time_unix_nano: nanoseconds(SystemTime::now()),
        severity_number: number.into(),
        severity_text: name.to_owned(),
        body: Some(AnyValue {
            value: Some(Value::StringValue(line.text)),
        }),
        attributes,
        trace_id,
        span_id,
        ..LogRecord::default()
    }
}

/// Says that lines are missing, if any are.
fn told(dropped: u64) -> Option<LogRecord> {
    const WARN: i32 = 13;
    let now = nanoseconds(SystemTime::now());
    (dropped > 0).then(|| LogRecord {
        time_unix_nano: now,
        observed_time_unix_nano: now,
        severity_number: WARN,
        severity_text: "WARN".to_owned(),
        body: Some(AnyValue {
            value: Some(Value::StringValue(format!(
                "{dropped} lines of live logs found no room"
            ))),
        }),
        ..LogRecord::default()
    })
}

fn attribute(name: &str, value: Value) -> KeyValue {
    KeyValue {
        key: name.to_owned(),
        value: Some(AnyValue { value: Some(value) }),
        ..KeyValue::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(trace: Option<(&str, &str)>) -> Line {
        Line {
            time: SystemTime::now(),
            severity: (9, "INFO"),
            text: "a".to_owned(),
            probe: "p-1".to_owned(),
            place: "GET /".to_owned(),
            request: Some(7),
            request_id: None,
            trace: trace.map(|(trace, span)| (trace.to_owned(), span.to_owned())),
        }
    }

    #[test]
    fn lines_without_room_are_counted_and_told() {
        let outlet = Outlet::default();
        outlet.say(|| panic!("nobody asked for it"));
        let (sender, lines) = sync_channel(WAITING);
        outlet.set(Some(sender));
        for _ in 0..WAITING + 3 {
            outlet.say(|| line(None));
        }
        assert_eq!(lines.try_iter().count(), WAITING);
        let told = told(outlet.dropped.load(Relaxed)).and_then(|told| told.body);
        let said = told.and_then(|body| body.value);
        let three = "3 lines of live logs found no room".to_owned();
        assert_eq!(said, Some(Value::StringValue(three)));
        assert_eq!(super::told(0), None);
    }

    #[test]
    fn a_record_is_in_the_trace_of_its_request() {
        let (trace, span) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
        let known = record(line(Some((trace, span))));
        assert_eq!((known.trace_id.len(), known.span_id.len()), (16, 8));
        for unknown in [None, Some(("x", span)), Some((trace, "x"))] {
            let record = record(line(unknown));
            assert!(record.trace_id.is_empty() && record.span_id.is_empty());
        }
    }
}
