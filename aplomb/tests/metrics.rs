//! What a running service counts is right, bounded, and readable by Prometheus.

#[path = "observe/exposition.rs"]
mod exposition;
#[path = "observe/served.rs"]
mod served;

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use aplomb::http::Body;
use aplomb::prelude::*;
use aplomb::testing::TestClient;
use exposition::Exposition;
use futures_util::stream;
use served::{Served, eventually};

#[dependency]
async fn database() -> u8 {
    1
}

#[get("/items/{id}")]
async fn read_item(id: u32, _database: Depends<database>) -> u32 {
    id
}

#[route("/both", methods = ["GET", "DELETE"])]
async fn both() -> &'static str {
    "both"
}

#[get("/broken")]
async fn fail() -> Result<String> {
    Err(HttpException::new(503, "broken").into())
}

#[get("/slow")]
async fn sleep() -> &'static str {
    tokio::time::sleep(Duration::from_millis(120)).await;
    "slept"
}

#[get("/forever")]
async fn never() -> &'static str {
    std::future::pending().await
}

#[get("/late", deadline = "50ms")]
async fn late() -> &'static str {
    std::future::pending().await
}

#[get("/in \"quotes\"\\")]
async fn quoted() -> u8 {
    0
}

fn app() -> App {
    let below = App::new().routes(routes![read_item]).build();
    App::new()
        .routes(routes![read_item, both, fail, sleep, never, late, quoted])
        .mount("/{tenant}/below", below)
}

fn count(metrics: &Exposition, route: &str, method: &str, status: &str) -> f64 {
    let labels = [("route", route), ("method", method), ("status", status)];
    let durations = metrics.sum("http_request_duration_seconds_count", &labels);
    let requests = metrics.sum("http_requests_total", &labels);
    assert_eq!(durations, requests);
    requests
}

/// The metrics once this many requests have ended.
fn after(served: &Served, requests: usize) -> Exposition {
    eventually("all requests have ended", || {
        let metrics = Exposition::read(&served.service.metrics().render());
        let ended = metrics.sum("http_requests_total", &[]) as usize;
        assert!(ended <= requests, "{ended} of {requests}");
        let open = metrics.sum("http_requests_in_flight", &[]);
        (ended == requests && open == 0.0).then_some(metrics)
    })
}

#[test]
fn every_request_is_counted_once_where_it_belongs() {
    let served = Served::start(app());
    let asked = [
        ("GET /items/1", 7),
        ("GET /items/x", 3),
        ("GET /both", 2),
        ("DELETE /both", 1),
        ("PUT /both", 2),
        ("GET /broken", 4),
        ("GET /acme/below/items/1", 5),
        ("GET /other/below/items/2", 1),
        ("GET /acme/below/nowhere", 2),
        ("GET /docs", 1),
        ("GET /%69n%20%22quotes%22%5C", 1),
    ];
    std::thread::scope(|scope| {
        for (line, times) in asked {
            let served = &served;
            scope.spawn(move || (0..times).for_each(|_| drop(served.ask(line, &[]))));
        }
    });
    let all = asked.iter().map(|(_, times)| times).sum();
    let metrics = after(&served, all);
    for (route, method, status, times) in [
        ("/items/{id}", "GET", "2xx", 7.0),
        ("/items/{id}", "GET", "4xx", 3.0),
        ("/both", "GET", "2xx", 2.0),
        ("/both", "DELETE", "2xx", 1.0),
        ("", "PUT", "4xx", 2.0),
        ("/broken", "GET", "5xx", 4.0),
        ("/{tenant}/below/items/{id}", "GET", "2xx", 6.0),
        ("/{tenant}/below", "GET", "4xx", 2.0),
        ("/docs", "GET", "2xx", 1.0),
        ("/in \"quotes\"\\", "GET", "2xx", 1.0),
    ] {
        assert_eq!(
            count(&metrics, route, method, status),
            times,
            "{method} {route}"
        );
    }
    // The answer is one digit long.
    let bytes = [("route", "/{tenant}/below/items/{id}"), ("method", "GET")];
    assert_eq!(metrics.sum("http_response_bytes_total", &bytes), 6.0);
}

#[test]
fn time_is_in_the_buckets_of_its_phase() {
    let served = Served::start(app());
    for _ in 0..3 {
        served.ask("GET /slow", &[]);
    }
    served.ask("GET /items/1", &[]);
    let metrics = after(&served, 4);
    let bucket = |metric: &str, mut labels: Vec<(&'static str, &'static str)>, bound| {
        labels.extend([("route", "/slow"), ("le", bound)]);
        metrics.sum(&format!("{metric}_bucket"), &labels)
    };
    let duration = "http_request_duration_seconds";
    assert_eq!(bucket(duration, vec![], "0.1"), 0.0);
    assert_eq!(bucket(duration, vec![], "+Inf"), 3.0);
    let phase = "http_request_phase_seconds";
    assert_eq!(bucket(phase, vec![("phase", "handler")], "0.1"), 0.0);
    assert_eq!(bucket(phase, vec![("phase", "handler")], "10"), 3.0);
    let handler = [("route", "/slow"), ("phase", "handler")];
    let whole = metrics.sum("http_request_duration_seconds_sum", &[("route", "/slow")]);
    let handler = metrics.sum("http_request_phase_seconds_sum", &handler);
    assert!((0.36..=whole).contains(&handler), "{handler} of {whole}");
    let item = [("route", "/items/{id}"), ("phase", "dependencies")];
    assert_eq!(metrics.sum("http_request_phase_seconds_count", &item), 1.0);
}

#[test]
fn clients_cannot_make_series() {
    let served = Served::start(app());
    for number in 0..50 {
        served.ask(&format!("GET /nowhere/{number}"), &[]);
        served.ask(&format!("M{number} /items/{number}"), &[]);
    }
    let metrics = after(&served, 100);
    assert_eq!(count(&metrics, "", "GET", "4xx"), 50.0);
    assert_eq!(count(&metrics, "", "other", "4xx"), 50.0);
    assert_eq!(metrics.values("http_requests_total", "route").len(), 1);
}

#[test]
fn open_and_abandoned_requests_are_told_apart() {
    use std::io::Write as _;
    let served = Served::start(app());
    let mut stream = served.connect();
    stream
        .write_all(b"GET /forever HTTP/1.1\r\nhost: h\r\n\r\n")
        .expect("sent");
    let open = || Exposition::read(&served.service.metrics().render());
    eventually("it is open", || {
        (open().sum("http_requests_in_flight", &[]) == 1.0).then_some(())
    });
    drop(stream);
    let metrics = after(&served, 1);
    assert_eq!(count(&metrics, "/forever", "GET", "none"), 1.0);
    assert_eq!(metrics.sum("http_requests_abandoned_total", &[]), 1.0);
    assert_eq!(metrics.sum("http_requests_shed_total", &[]), 0.0);
    assert!(served.ask("GET /late", &[]).contains(" 504 "));
    let metrics = after(&served, 2);
    let late = [("route", "/late"), ("method", "GET")];
    assert_eq!(
        metrics.sum("http_requests_deadline_exceeded_total", &late),
        1.0
    );
    assert_eq!(metrics.sum("http_requests_abandoned_total", &late), 0.0);
}

#[test]
fn answers_that_broke_off_are_counted_and_kept() {
    #[get("/breaks-off")]
    async fn break_off() -> Response {
        let pieces = ["a piece"].map(Ok).into_iter();
        let pieces = pieces.chain([Err(std::io::Error::other("no more"))]);
        Response::new(Body::from_stream(stream::iter(pieces)))
    }
    let served = Served::start(App::new().routes(routes![break_off, sleep]));
    served.ask("GET /breaks-off", &[]);
    served.ask("GET /slow", &[]);
    let metrics = after(&served, 2);
    let broken = [("route", "/breaks-off"), ("method", "GET")];
    assert_eq!(metrics.sum("http_requests_broken_total", &broken), 1.0);
    assert_eq!(metrics.sum("http_requests_broken_total", &[]), 1.0);
    let kept = served.service.flight_recorder().to_json();
    assert_eq!(kept["failed"][0]["fate"], "broken", "{kept}");
    let client = TestClient::new(served.service.clone());
    let ask = AssertUnwindSafe(|| client.get("/breaks-off").send().text().into_owned());
    let broken = std::panic::catch_unwind(ask);
    assert_eq!(
        after(&served, 3).sum("http_requests_broken_total", &[]),
        2.0,
        "{broken:?}"
    );
}

#[test]
fn a_service_that_was_asked_nothing_can_be_read() {
    let text = App::new().build().metrics().render();
    let metrics = Exposition::read(&text);
    assert_eq!(metrics.sum("http_requests_total", &[]), 0.0);
    if cfg!(target_os = "linux") {
        assert!(metrics.sum("process_resident_memory_bytes", &[]) > 1e6);
        assert!(metrics.sum("process_threads", &[]) >= 1.0);
    }
}
