//! Traces and metrics at a collector, sent by a process of their own.
#![cfg(unix)]

#[path = "server/program.rs"]
mod program;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use aplomb::json;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::metrics::v1::{Metric, metric};
use opentelemetry_proto::tonic::trace::v1::Span;
use program::Program;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

/// Not a test by itself: the process that the others start and signal.
#[test]
fn program() {
    program::serve_if_asked();
}

/// What was sent: paths and bodies.
type Taken = Mutex<Vec<(String, Vec<u8>)>>;

/// Takes what is sent to it.
struct Collector {
    address: SocketAddr,
    taken: Arc<Taken>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let taken = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&taken);
        spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&shared);
                spawn(move || while take(&stream, &shared).is_some() {});
            }
        });
        Self { address, taken }
    }

    fn variables(&self) -> (String, &'static str) {
        (format!("http://{}", self.address), "100")
    }

    fn of<M: prost::Message + Default>(&self, path: &str) -> Vec<M> {
        let taken = self.taken.lock().expect("no panic");
        let bodies = taken.iter().filter(|(of, _)| of.as_str() == path);
        bodies
            .map(|(_, body)| M::decode(&body[..]).expect("a message"))
            .collect()
    }

    fn spans(&self) -> Vec<Span> {
        let requests: Vec<ExportTraceServiceRequest> = self.of("/v1/traces");
        let resources = requests
            .into_iter()
            .flat_map(|request| request.resource_spans);
        let scopes = resources.flat_map(|resource| resource.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }

    fn metrics(&self) -> Vec<Metric> {
        let requests: Vec<ExportMetricsServiceRequest> = self.of("/v1/metrics");
        let resources = requests
            .into_iter()
            .flat_map(|request| request.resource_metrics);
        let scopes = resources.flat_map(|resource| resource.scope_metrics);
        scopes.flat_map(|scope| scope.metrics).collect()
    }

    fn records(&self) -> Vec<LogRecord> {
        let requests: Vec<ExportLogsServiceRequest> = self.of("/v1/logs");
        let resources = requests
            .into_iter()
            .flat_map(|request| request.resource_logs);
        let scopes = resources.flat_map(|resource| resource.scope_logs);
        scopes.flat_map(|scope| scope.log_records).collect()
    }
}

fn take(stream: &TcpStream, taken: &Taken) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let header = line.trim_end().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    taken.lock().expect("no panic").push((path, body));
    let mut stream = stream;
    stream
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        .ok()
}

fn ask(program: &Program, headers: &str) -> String {
    let mut stream = TcpStream::connect(program.address).expect("a connection");
    let request = format!(
        "GET /items/7?token=canary HTTP/1.1\r\nhost: h\r\nconnection: close\r\n{headers}\r\n"
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer
}

/// Sets a probe through the management listener.
fn set(management: &Path, probe: &json::Value) {
    let begun = Instant::now();
    let mut stream = loop {
        if let Ok(stream) = UnixStream::connect(management) {
            break stream;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "no listener");
        sleep(Duration::from_millis(5));
    };
    let body = probe.to_string();
    let length = body.len();
    let request = format!(
        "POST /live/probes HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}

fn attribute<'a>(attributes: &'a [KeyValue], name: &str) -> Option<&'a Value> {
    let found = attributes.iter().find(|attribute| attribute.key == name)?;
    found.value.as_ref()?.value.as_ref()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn requests_are_spans_and_counts_at_the_collector() {
    let collector = Collector::start();
    let (endpoint, soon) = collector.variables();
    let mut program = Program::with(
        "usual",
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
            ("OTEL_METRIC_EXPORT_INTERVAL", soon),
            ("OTEL_SERVICE_NAME", "shop"),
        ],
    );
    ask(
        &program,
        &format!("traceparent: 00-{TRACE}-{CALLER}-01\r\n"),
    );
    // The caller does not keep this one.
    ask(
        &program,
        &format!("traceparent: 00-{}-{CALLER}-00\r\n", "a".repeat(32)),
    );
    ask(&program, "");
    program.signal("TERM");
    program.wait();
    let spans = collector.spans();
    assert_eq!(spans.len(), 2, "{spans:#?}");
    let span = spans
        .iter()
        .find(|span| hex(&span.trace_id) == TRACE)
        .expect("the span");
    assert_eq!(hex(&span.parent_span_id), CALLER);
    assert_eq!((span.name.as_str(), span.kind), ("GET /items/{item_id}", 2));
    for (name, value) in [
        ("http.request.method", "GET"),
        ("http.route", "/items/{item_id}"),
        ("url.path", "/items/7"),
        ("url.scheme", "http"),
        ("client.address", "127.0.0.1"),
    ] {
        let held = attribute(&span.attributes, name);
        assert_eq!(
            held,
            Some(&Value::StringValue(value.to_owned())),
            "{name}: {span:#?}"
        );
    }
    let status = attribute(&span.attributes, "http.response.status_code");
    assert_eq!(status, Some(&Value::IntValue(200)), "{span:#?}");
    let handler = Value::StringValue("handler".to_owned());
    let mut events = span.events.iter();
    let phase = events.find(|event| attribute(&event.attributes, "name") == Some(&handler));
    assert!(
        phase.is_some_and(|phase| phase.name == "phase"),
        "{span:#?}"
    );
    assert!(!format!("{spans:?}").contains("canary"));
    let metrics = collector.metrics();
    let requests = metrics
        .iter()
        .rfind(|metric| metric.name == "http_requests_total");
    let requests = requests.expect("the count of requests");
    let Some(metric::Data::Sum(sum)) = &requests.data else {
        panic!("{requests:?}");
    };
    assert!(
        sum.is_monotonic && !sum.data_points.is_empty(),
        "{requests:?}"
    );
    assert!(format!("{sum:?}").contains("/items/{item_id}"), "{sum:?}");
}

#[test]
fn lines_of_live_logs_are_records_at_the_collector() {
    let collector = Collector::start();
    let (endpoint, soon) = collector.variables();
    let folder = tempfile::tempdir().expect("a folder");
    let management = folder.path().join("management");
    let address = format!("unix:{}", management.display());
    let mut program = Program::with(
        "usual",
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
            ("OTEL_BLRP_SCHEDULE_DELAY", soon),
            ("MANAGEMENT", &address),
        ],
    );
    set(
        &management,
        &json!({
            "kind": "log", "target": "GET /items/{item_id}", "level": "warn", "hits": 2,
            "message": "item {path.item_id} {header} {header.x_colour}",
        }),
    );
    set(
        &management,
        &json!({"kind": "snapshot", "target": "GET /items/{item_id}"}),
    );
    let traced = format!("traceparent: 00-{TRACE}-{CALLER}-01\r\n");
    ask(
        &program,
        &format!("{traced}x-colour: red\r\nauthorization: Bearer canary\r\n"),
    );
    let begun = Instant::now();
    while collector.records().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(30), "no record came");
        sleep(Duration::from_millis(5));
    }
    // What is captured last goes out with the end, and after its hits the probe says no more.
    ask(&program, "");
    ask(&program, "");
    program.signal("TERM");
    program.wait();
    let records = collector.records();
    assert_eq!(records.len(), 2, "{records:#?}");
    let record = &records[0];
    let body = record.body.as_ref().and_then(|body| body.value.as_ref());
    let Some(Value::StringValue(text)) = body else {
        panic!("{record:?}");
    };
    assert!(
        text.starts_with("item 7 ") && text.ends_with(" red"),
        "{text}"
    );
    assert_eq!(
        (record.severity_number, record.severity_text.as_str()),
        (13, "WARN")
    );
    assert_eq!(hex(&record.trace_id), TRACE);
    let spans = collector.spans();
    let span = spans.iter().find(|span| hex(&span.trace_id) == TRACE);
    assert_eq!(span.map(|span| &span.span_id), Some(&record.span_id));
    let place = Value::StringValue("GET /items/{item_id} @response".to_owned());
    assert_eq!(attribute(&record.attributes, "aplomb.place"), Some(&place));
    assert!(attribute(&record.attributes, "aplomb.probe").is_some());
    assert!(!format!("{records:?}").contains("canary"), "{records:?}");
}

#[test]
fn requests_that_were_given_up_end_their_spans() {
    let collector = Collector::start();
    let (endpoint, soon) = collector.variables();
    let mut program = Program::with(
        "usual",
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
            ("OTEL_BSP_SCHEDULE_DELAY", soon),
        ],
    );
    let send = |line: &str| {
        let mut stream = TcpStream::connect(program.address).expect("a connection");
        let request = format!("{line} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("sent");
        stream
    };
    let mut late = send("GET /late");
    let mut answer = String::new();
    late.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 504"), "{answer}");
    let leaving = send("GET /nap");
    sleep(Duration::from_millis(300));
    drop(leaving);
    let begun = Instant::now();
    let spans = loop {
        let spans = collector.spans();
        if spans.len() >= 2 {
            break spans;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{spans:#?}");
        sleep(Duration::from_millis(5));
    };
    program.signal("TERM");
    program.wait();
    for (name, message) in [("GET /late", ""), ("GET /nap", "given up")] {
        let span = spans.iter().find(|span| span.name == name).expect(name);
        let status = span.status.as_ref().expect("a status");
        // 2 is an error.
        assert_eq!(
            (status.code, status.message.as_str()),
            (2, message),
            "{span:?}"
        );
        assert!(
            span.end_time_unix_nano > span.start_time_unix_nano,
            "{span:?}"
        );
    }
}

#[test]
fn without_a_collector_there_is_a_line_and_nothing_else() {
    let mut program = Program::with(
        "usual",
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "20"),
            ("OTEL_BSP_SCHEDULE_DELAY", "20"),
        ],
    );
    let begun = Instant::now();
    for _ in 0..20 {
        ask(&program, "");
        sleep(Duration::from_millis(20));
    }
    program.wait_for("cannot send traces");
    program.wait_for("cannot send metrics");
    assert!(begun.elapsed() < Duration::from_secs(20));
    program.signal("TERM");
    program.wait();
    let log = program.log();
    let said = log.iter().filter(|line| line.contains("cannot send"));
    assert_eq!(said.count(), 2, "{log:#?}");
}

#[test]
fn nothing_is_sent_that_nobody_asks_for() {
    let collector = Collector::start();
    let (endpoint, soon) = collector.variables();
    let mut program = Program::with(
        "usual",
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
            ("OTEL_METRIC_EXPORT_INTERVAL", soon),
            ("OTEL_SDK_DISABLED", "true"),
        ],
    );
    ask(&program, "");
    program.signal("TERM");
    program.wait();
    assert!(collector.spans().is_empty() && collector.metrics().is_empty());
}
