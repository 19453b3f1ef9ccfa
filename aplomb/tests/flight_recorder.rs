//! What was slow or went wrong can be looked at afterwards, without secrets.

#[path = "observe/served.rs"]
mod served;

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aplomb::observe::FlightRecorder;
use aplomb::prelude::*;
use aplomb::security::ApiKeyHeader;
use aplomb::serve::Limits;
use served::{Served, eventually};

#[dependency]
async fn database() -> u8 {
    tokio::time::sleep(Duration::from_millis(80)).await;
    1
}

#[security]
fn door() -> ApiKeyHeader {
    ApiKeyHeader::new("x-door")
}

#[get("/items/{id}")]
async fn read_item(id: u32, _door: Depends<door>, _database: Depends<database>) -> u32 {
    id
}

#[get("/fast")]
async fn fast() -> u8 {
    1
}

#[get("/missing")]
async fn missing() -> Result<u8> {
    Err(HttpException::new(404, "no such thing").into())
}

#[get("/broken/{count}")]
async fn fail(count: u32) -> Result<u32> {
    Err(HttpException::new(503, format!("broken {count}")).into())
}

#[get("/late", deadline = "60ms")]
async fn late(_database: Depends<database>) -> u8 {
    0
}

static BEGUN: AtomicBool = AtomicBool::new(false);

#[get("/forever")]
async fn never() -> u8 {
    BEGUN.store(true, Ordering::SeqCst);
    std::future::pending().await
}

fn app() -> App {
    let below = App::new().routes(routes![read_item]).build();
    App::new()
        .routes(routes![fast, missing, fail, late, never])
        .mount("/below", below)
}

/// What is kept of one kind, once there are so many.
fn kept(served: &Served, kind: &str, count: usize) -> Vec<Value> {
    eventually(kind, || {
        let all = served.service.flight_recorder().to_json();
        let entries = all[kind].as_array().expect("a list").to_vec();
        (entries.len() == count).then_some(entries)
    })
}

fn header<'a>(entry: &'a Value, name: &str) -> Option<&'a str> {
    let headers = entry["headers"].as_array().expect("headers");
    let header = headers.iter().find(|header| header[0] == name)?;
    header[1].as_str()
}

#[test]
fn a_failure_is_kept_with_what_it_came_with_but_its_secrets() {
    let served = Served::start(app());
    let headers = [
        "authorization: Bearer topsecret",
        "user-agent: curl",
        "cookie: a=topsecret",
    ];
    served.ask("GET /broken/7?q=1&token=topsecret", &headers);
    let entries = kept(&served, "failed", 1);
    assert!(
        !entries[0].to_string().contains("topsecret"),
        "{}",
        entries[0]
    );
    let entry = &entries[0];
    assert_eq!(entry["status"], 503);
    assert_eq!(entry["route"], "/broken/{count}");
    assert_eq!(entry["handler"], "fail");
    assert_eq!(entry["target"], "/broken/7?q=1&token=hidden");
    assert_eq!(header(entry, "authorization"), Some("hidden"));
    assert_eq!(header(entry, "cookie"), Some("hidden"));
    assert_eq!(header(entry, "user-agent"), Some("curl"));
    assert!(
        entry["client"]
            .as_str()
            .is_some_and(|client| client.starts_with("127.0.0.1:"))
    );
    assert!(
        entry["phases"]["handler"]["busy_ms"].as_f64() > Some(0.0),
        "{entry}"
    );
}

#[test]
fn a_slow_request_says_where_its_time_went() {
    let recorder = FlightRecorder::new()
        .slower_than(Duration::from_millis(70))
        .hide("x-tenant");
    let served = Served::start(app().flight_recorder(recorder));
    served.ask("GET /fast", &[]);
    let headers = [
        "x-door: topsecret",
        "x-tenant: topsecret",
        "accept: text/html",
    ];
    served.ask("GET /below/items/1", &headers);
    let entries = kept(&served, "slow", 1);
    let entry = &entries[0];
    assert!(!entry.to_string().contains("topsecret"), "{entry}");
    assert_eq!(entry["route"], "/below/items/{id}");
    let dependencies = entry["dependencies"].as_array().expect("a list");
    let slow = dependencies
        .iter()
        .find(|dependency| dependency["name"] == "database");
    let slow = slow.expect("the dependency by name");
    assert!(
        slow["spent"]["awaiting_ms"].as_f64() >= Some(70.0),
        "{entry}"
    );
    assert_eq!(header(entry, "accept"), Some("text/html"));
    assert!(kept(&served, "failed", 0).is_empty());
}

#[test]
fn a_slow_request_that_was_given_up_is_kept_with_what_it_came_with() {
    static STARTED: AtomicBool = AtomicBool::new(false);
    #[get("/given-up", deadline = "none")]
    async fn given_up() {
        STARTED.store(true, Ordering::SeqCst);
        std::future::pending::<()>().await;
    }
    let recorder = FlightRecorder::new().slower_than(Duration::from_millis(70));
    let app = App::new().routes(routes![given_up]);
    let served = Served::start(app.flight_recorder(recorder));
    let mut stream = served.connect();
    stream
        .write_all(b"GET /given-up HTTP/1.1\r\nhost: h\r\nuser-agent: curl\r\n\r\n")
        .expect("sent");
    eventually("it has begun", || {
        STARTED.load(Ordering::SeqCst).then_some(())
    });
    std::thread::sleep(Duration::from_millis(80));
    drop(stream);
    let entry = kept(&served, "slow", 1).remove(0);
    assert_eq!(entry["fate"], "abandoned", "{entry}");
    assert_eq!(header(&entry, "user-agent"), Some("curl"));
}

#[test]
fn a_deadline_that_passed_is_told_apart() {
    let served = Served::start(app());
    served.ask("GET /late", &["user-agent: patient"]);
    let entries = kept(&served, "timed_out", 1);
    let entry = &entries[0];
    assert_eq!(
        (&entry["status"], &entry["fate"]),
        (&json!(504), &json!("timed out"))
    );
    assert!(
        entry["phases"]["dependencies"]["awaiting_ms"].as_f64() >= Some(50.0),
        "{entry}"
    );
    assert_eq!(header(entry, "user-agent"), Some("patient"));
    assert!(kept(&served, "failed", 0).is_empty());
}

#[test]
fn middleware_that_hangs_is_told_apart() {
    async fn hang(_: Request, _: aplomb::middleware::Next) -> Result<Response> {
        std::future::pending().await
    }
    let served = Served::start(app().middleware(hang));
    served.ask("GET /late", &["x-request-timeout-ms: 50"]);
    let entry = kept(&served, "timed_out", 1).remove(0);
    assert_eq!(
        (&entry["status"], &entry["fate"]),
        (&json!(504), &json!("timed out"))
    );
    let waited = entry["phases"]["middleware"]["awaiting_ms"].as_f64();
    assert!(waited >= Some(40.0), "{entry}");
}

#[test]
fn only_the_last_are_kept() {
    let served = Served::start(app().flight_recorder(FlightRecorder::new().keep(3)));
    for count in 0..8 {
        served.ask(&format!("GET /broken/{count}"), &[]);
        eventually("it is there", || {
            let all = served.service.flight_recorder().to_json();
            (all["failed"][0]["target"] == format!("/broken/{count}")).then_some(())
        });
    }
    let targets: Vec<Value> = kept(&served, "failed", 3)
        .into_iter()
        .map(|entry| entry["target"].clone())
        .collect();
    assert_eq!(targets, ["/broken/7", "/broken/6", "/broken/5"]);
    kept(&served, "slow", 3);
}

#[test]
fn mistakes_of_clients_are_no_failures() {
    let served = Served::start(app().flight_recorder(FlightRecorder::new().keep(100)));
    for _ in 0..3 {
        served.ask("GET /missing", &[]);
        served.ask("GET /nowhere", &[]);
    }
    kept(&served, "slow", 6);
    assert!(kept(&served, "failed", 0).is_empty());
}

#[test]
fn it_can_be_turned_off() {
    let served = Served::start(app().flight_recorder(FlightRecorder::new().keep(0)));
    served.ask("GET /broken/1", &[]);
    let metrics = || served.service.metrics().render();
    eventually("it has ended", || {
        metrics().contains("status=\"5xx\"} 1\n").then_some(())
    });
    assert!(kept(&served, "failed", 0).is_empty() && kept(&served, "slow", 0).is_empty());
}

#[test]
fn a_refused_request_is_told_apart() {
    let limits = Limits {
        requests: 1,
        ..Limits::default()
    };
    let served = Served::start(app().limits(limits));
    let mut first = served.connect();
    first
        .write_all(b"GET /forever HTTP/1.1\r\nhost: h\r\n\r\n")
        .expect("sent");
    eventually("the only one there may be", || {
        BEGUN.load(Ordering::SeqCst).then_some(())
    });
    let answer = served.ask("GET /fast", &["user-agent: impatient"]);
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    let shed = kept(&served, "shed", 1).remove(0);
    assert_eq!(
        (&shed["status"], &shed["fate"]),
        (&json!(503), &json!("shed"))
    );
    assert_eq!(header(&shed, "user-agent"), Some("impatient"));
    assert!(kept(&served, "failed", 0).is_empty());
    let metrics = served.service.metrics().render();
    let line = "http_requests_shed_total{route=\"/fast\",method=\"GET\"} 1\n";
    assert!(metrics.contains(line), "{metrics}");
}
