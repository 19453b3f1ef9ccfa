//! Snapshots have the spans that were opened within a request.
#![cfg(unix)]

#[path = "observe/log.rs"]
mod log;
#[path = "live/served.rs"]
mod served;

use std::cell::Cell;
use std::fmt;
use std::sync::{Mutex, Once};
use std::time::Duration;

use aplomb::observe::{LiveFilter, LiveSpans};
use aplomb::prelude::*;
use log::Log;
use served::{Served, eventually};
use tracing::field::Empty;
use tracing::{Instrument as _, debug_span, info_span, trace_span};
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::prelude::*;

const CANARY: &str = "canary-7f3a";

#[derive(Debug)]
#[allow(dead_code, reason = "only looked at by what derives `Debug`")]
struct Card {
    holder: &'static str,
    pin: &'static str,
}

/// What panics when it is looked at.
struct Mine;

impl fmt::Debug for Mine {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("looked at")
    }
}

#[get("/orders/{id}")]
async fn order(id: u32) -> u32 {
    let order = info_span!("order", id, note = Empty, look = "\u{1b}[2J");
    let card = Card {
        holder: "Ann",
        pin: CANARY,
    };
    async {
        let charge = debug_span!(
            "charge",
            amount = 12.5,
            ?card,
            api_key = CANARY,
            query = format!("a=1&token={CANARY}"),
            pay = format!("{{\"secret\":\"{CANARY}\"}}"),
        );
        async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            tracing::info!("charged {id}");
        }
        .instrument(charge)
        .await;
        tracing::Span::current().record("note", "paid");
        let mail = async { trace_span!("too fine").in_scope(|| ()) };
        let mail = tokio::spawn(mail.instrument(debug_span!("mail", password = CANARY)));
        let _ = mail.await;
    }
    .instrument(order)
    .await;
    id
}

#[get("/many")]
async fn many() {
    let text = "x".repeat(100_000);
    let mut within = Vec::new();
    for round in 0..100 {
        within.push(info_span!("deep", round, text).entered());
    }
    while within.pop().is_some() {}
    for round in 0..100 {
        let _span = info_span!("wide", round, text).entered();
    }
}

#[get("/mine")]
async fn mine() {
    let _span = debug_span!("mine", mine = ?Mine).entered();
}

/// What notices that somebody looks at it.
#[derive(Default)]
struct Noticing(Cell<bool>);

impl fmt::Debug for Noticing {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.set(true);
        Ok(())
    }
}

#[get("/heard")]
async fn heard() -> bool {
    let look = Noticing::default();
    drop(debug_span!("heard", ?look));
    look.0.get()
}

#[get("/unheard")]
async fn unheard() -> bool {
    let look = Noticing::default();
    drop(debug_span!("unheard", ?look));
    look.0.get()
}

fn app() -> App {
    App::new().routes(routes![order, many, mine, heard, unheard])
}

/// The service, in a process that hears of spans; and what it logs.
fn start() -> (Served, Log) {
    static FIRST: Once = Once::new();
    static LOG: Mutex<Option<Log>> = Mutex::new(None);
    let log = LOG.lock().expect("the log").get_or_insert_default().clone();
    FIRST.call_once(|| {
        let writer = log.clone();
        let lines = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .with_filter(LiveFilter::new(EnvFilter::new("info,aplomb::live=off")));
        let subscriber = tracing_subscriber::registry().with(lines);
        subscriber.with(LiveSpans::layer()).init();
    });
    (Served::start(app()), log)
}

/// The names of spans, those that are within others in brackets behind them.
fn names(spans: &Value) -> String {
    let names = spans.as_array().into_iter().flatten().map(|span| {
        let name = span["name"].as_str().expect("a name");
        match names(&span["spans"]) {
            within if within.is_empty() => name.to_owned(),
            within => format!("{name}({within})"),
        }
    });
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_snapshot_has_the_spans_of_its_request() {
    let (served, log) = start();
    let id = served.set(&json!({"kind": "snapshot", "target": "GET /orders/{id}"}));
    let handler = json!({"kind": "snapshot", "target": "GET /orders/{id} @handler", "hits": 9});
    let early = json!({"kind": "snapshot", "target": "GET /orders/{id} @validate", "hits": 9});
    let (handler, early) = (served.set(&handler), served.set(&early));
    for of in [4711, 4712] {
        assert_eq!(served.public(&format!("GET /orders/{of}"), None).0, 200);
    }
    let snapshot = served.events(&id, 1).remove(0)["snapshot"].clone();
    let spans = &snapshot["spans"];
    assert_eq!(names(spans), "order(charge mail)", "{snapshot}");
    assert!(snapshot.get("spans_left_out").is_none(), "{snapshot}");
    let order = &spans[0];
    assert_eq!(order["target"], "live_spans");
    assert_eq!(order["level"], "info");
    let fields = json!({"id": 4711, "look": "\\u{1b}[2J", "note": "paid"});
    assert_eq!(order["fields"], fields);
    assert!(order.get("open").is_none(), "{order}");
    let charge = &order["spans"][0];
    let number = |span: &Value, name: &str| span[name].as_f64().expect("a number");
    assert!(number(charge, "duration_ms") >= 20.0, "{charge}");
    assert!(number(order, "duration_ms") >= number(charge, "duration_ms"));
    assert!(number(order, "start_ms") <= number(charge, "start_ms"));
    let elapsed = snapshot["elapsed_ms"].as_f64().expect("a number");
    assert!(elapsed >= number(order, "start_ms") + number(order, "duration_ms"));
    assert_eq!(
        charge["fields"],
        json!({
            "amount": 12.5, "card": "Card { holder: \"Ann\", pin:hidden", "api_key": "hidden",
            "query": "a=1&token=hidden", "pay": "{\"secret\":hidden",
        })
    );
    // Every request has its own.
    let two = served.events(&handler, 2);
    for event in &two {
        assert_eq!(names(&event["snapshot"]["spans"]), "order(charge mail)");
    }
    let two = served.events(&early, 2);
    assert_eq!(two[1]["snapshot"]["spans"], json!([]), "{two:?}");
    assert!(!format!("{snapshot} {two:?}").contains(CANARY));
    // The log says what it says without a snapshot.
    let log = String::from_utf8_lossy(&log.0.lock().expect("the log")).into_owned();
    let line = log.lines().find(|line| line.contains("charged 4711"));
    let line = line.expect("the line");
    assert!(line.contains("order{"), "{line}");
    assert!(!line.contains("charge{") && !log.contains(CANARY), "{line}");
}

#[test]
fn spans_are_bounded() {
    let (served, _) = start();
    let id = served.set(&json!({"kind": "snapshot", "target": "GET /many"}));
    assert_eq!(served.public("GET /many", None).0, 200);
    let snapshot = served.events(&id, 1).remove(0)["snapshot"].clone();
    let text = snapshot.to_string();
    assert!(text.len() < 32 << 10, "{}", text.len());
    let shown = text.matches("\"name\":\"deep\"").count();
    assert!((16..=32).contains(&shown), "{shown}: {snapshot}");
    let left_out = format!("{} more", 200 - shown);
    assert_eq!(snapshot["spans_left_out"], left_out);
}

#[test]
fn spans_are_heard_where_a_snapshot_looks_and_as_long_as_it_does() {
    let (served, _) = start();
    let ask = |path: &str| served.public(&format!("GET {path}"), None).1;
    assert_eq!(ask("/heard"), false);
    let id = served.set(&json!({"kind": "snapshot", "target": "GET /heard", "hits": 100}));
    assert_eq!(
        (ask("/heard"), ask("/unheard")),
        (json!(true), json!(false))
    );
    served.live(&format!("DELETE /live/probes/{id}"), None);
    assert_eq!(ask("/heard"), false);
    let log = json!({"kind": "log", "target": "GET /heard", "message": "a"});
    served.set(&log);
    assert_eq!(ask("/heard"), false);
    let short = json!({"kind": "snapshot", "target": "GET /heard", "expires_in": 1, "hits": 100});
    let id = served.set(&short);
    assert_eq!(ask("/heard"), true);
    eventually("it expires", || {
        (served.probe(&id)["state"] == "expired").then_some(())
    });
    assert_eq!(ask("/heard"), false);
}

#[test]
fn what_panics_when_it_is_looked_at_ends_the_snapshot_alone() {
    let (served, _) = start();
    let never = json!({"kind": "snapshot", "target": "GET /mine", "when": "elapsed_ms < 0"});
    let id = served.set(&never);
    assert_eq!(served.public("GET /mine", None).0, 200);
    let probe = eventually("the probe ends", || {
        let probe = served.probe(&id);
        (probe["state"] == "tripped").then_some(probe)
    });
    assert!(probe["reason"].to_string().contains("panicked"), "{probe}");
    assert_eq!(served.public("GET /mine", None).0, 200);
}
