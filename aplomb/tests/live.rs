//! Probes are set and removed while the service runs, and see what they may see.
#![cfg(unix)]

#[cfg(all(feature = "profile", target_os = "linux", target_env = "gnu"))]
#[path = "live/profile.rs"]
mod profile;
#[cfg(not(feature = "profile"))]
#[path = "live/profile_missing.rs"]
mod profile_missing;
#[path = "live/served.rs"]
mod served;

use std::time::Duration;

use aplomb::prelude::*;
use served::{Served, eventually};

#[derive(Model)]
struct Item {
    #[field(min_length = 2)]
    name: String,
    #[field(gt = 0)]
    price: f64,
    #[field(default)]
    tags: Vec<String>,
    owner: Option<Owner>,
}

#[derive(Model)]
struct Owner {
    mail: String,
}

#[derive(Model)]
struct Account {
    plan: String,
    seats: u32,
}

#[dependency]
async fn account() -> Account {
    tokio::time::sleep(Duration::from_millis(5)).await;
    Account {
        plan: "gold".to_owned(),
        seats: 3,
    }
}

#[get("/items/{item_id}")]
async fn read_item(item_id: u32, q: Option<String>, _account: Depends<account>) -> Result<u32> {
    match item_id {
        404 => Err(HttpException::not_found("no such item").into()),
        500 => Err(std::io::Error::other("boom").into()),
        id => Ok(id + u32::from(q.is_some())),
    }
}

#[post("/items", status = 201)]
async fn create_item(item: Item, tasks: BackgroundTasks) -> String {
    tasks.add(send_mail());
    item.name
}

async fn send_mail() {}

#[get("/block", lane = "inline")]
async fn block() -> &'static str {
    std::thread::sleep(Duration::from_millis(1500));
    "blocked"
}

fn app() -> App {
    App::new().routes(routes![read_item, create_item, block])
}

fn message(event: &Value) -> &str {
    event["message"].as_str().expect("a message")
}

#[test]
fn a_log_says_what_matching_requests_brought() {
    let served = Served::start(app());
    let id = served.set(&json!({
        "kind": "log",
        "target": "GET /items/{item_id}",
        "when": "path.item_id > 100 && header[\"x-tenant\"] == \"acme\"",
        "message": "item {path.item_id} q={query.q} {dep.account.plan} {response.status} {{}}",
        "hits": 2,
    }));
    let acme = ["x-tenant: acme"];
    served.ask("public", "GET /items/7", &acme, None);
    served.ask("public", "GET /items/101", &[], None);
    served.ask("public", "GET /items/102?q=lamp", &acme, None);
    served.ask("public", "GET /items/404", &acme, None);
    served.ask("public", "GET /items/105", &acme, None);
    let events = served.events(&id, 2);
    assert_eq!(message(&events[0]), "item 102 q=lamp gold 200 {}");
    assert_eq!(message(&events[1]), "item 404 q=null gold 404 {}");
    assert_eq!(events[0]["place"], "GET /items/{item_id} @response");
    let probe = served.probe(&id);
    assert_eq!(probe["state"], "done", "{probe}");
    assert_eq!(probe["emitted"], 2);
    assert_eq!(probe["matched"], 2);
}

#[test]
fn every_point_has_its_values() {
    let served = Served::start(app());
    let log = |target: &str, message: &str| {
        served.set(&json!({"kind": "log", "target": target, "message": message}))
    };
    let invalid = log(
        "POST /items @invalid",
        "{body.name} {body.price} {body.owner.mail}: {errors[0].loc} {errors[0].msg}",
    );
    let validate = log(
        "POST /items @validate",
        "{body.name} {size(body.tags)} {size(errors)}",
    );
    let dependency = log("dep account", "{dep.account.seats} {duration_ms}");
    let handler = log(
        "GET /items/* @handler",
        "{path.item_id} {error.kind} {error.detail}",
    );
    let error = log("GET /items/* @error", "{error.status} {error.kind}");
    let failed = log("error 5xx", "{request.route} {response.status}");
    let task = log("task send_mail", "{task.ok} {request.route}");
    let good = json!({"name": "lamp", "price": 2.5, "tags": ["a", "b"]});
    assert_eq!(served.public("POST /items", Some(&good)).0, 201);
    let bad = json!({"name": "lamp", "price": -1, "owner": {"mail": "a@b.c"}});
    assert_eq!(served.public("POST /items", Some(&bad)).0, 422);
    assert_eq!(served.public("GET /items/404", None).0, 404);
    assert_eq!(served.public("GET /items/500", None).0, 500);
    let said = |id: &str, count| {
        let events = served.events(id, count).into_iter();
        events
            .map(|event| message(&event).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        said(&invalid, 1),
        ["lamp -1 a@b.c: body.price Input should be greater than 0"]
    );
    assert_eq!(said(&validate, 2), ["lamp 2 null", "lamp null 1"]);
    assert_eq!(
        said(&handler, 2),
        ["404 HttpException no such item", "500 other null"]
    );
    assert_eq!(said(&error, 2), ["404 HttpException", "500 other"]);
    assert_eq!(said(&failed, 1), ["/items/{item_id} 500"]);
    assert_eq!(said(&task, 1), ["true /items"]);
    let waited = said(&dependency, 2);
    let (seats, milliseconds) = waited[0].split_once(' ').expect("two");
    assert_eq!(seats, "3");
    assert!(
        milliseconds.parse::<f64>().expect("a time") >= 4.0,
        "{waited:?}"
    );
}

#[test]
fn what_is_not_known_is_refused_with_its_place() {
    let served = Served::start(app());
    let log = |target: &str, when: &str| json!({"kind": "log", "target": target, "when": when, "message": "x"});
    let refused = served.refused(&log("GET /items/{item_id}", "path.itemid > 3"));
    let mistake = &refused["mistakes"][0];
    assert_eq!(
        mistake["message"],
        "no field itemid; path has: item_id (integer)"
    );
    assert_eq!((&mistake["at"], &mistake["length"]), (&json!(4), &json!(7)));
    for (target, when, wanted) in [
        (
            "POST /items",
            "body.prize > 3",
            "no field prize; body has: name (text)",
        ),
        (
            "POST /items",
            "body.name > 3",
            "text and integer cannot be compared",
        ),
        (
            "POST /items",
            "body.price",
            "a condition is true or false, and this is number",
        ),
        (
            "POST /items @validate",
            "response.status == 200",
            "`response` is not known at @validate",
        ),
        ("POST /items", "item.price > 3", "nothing is called `item`"),
        (
            "POST /items",
            "body.name.matches(\"(\")",
            "this is no regular expression",
        ),
        ("/nowhere", "true", "no route has what `/nowhere` asks for"),
        ("@nowhere", "true", "no point is called `@nowhere`"),
        ("*", "body.price > 3", "`body` is not known at @response"),
    ] {
        let refused = served.refused(&log(target, when));
        let text = refused["message"].as_str().unwrap_or_default();
        assert!(text.contains(wanted), "{target} {when}: {refused}");
    }
    let (_, probes) = served.live("GET /live/probes", None);
    assert_eq!(probes, json!([]));
    let (status, checked) = served.live(
        "POST /live/probes?check=true",
        Some(&log("GET /items/{item_id}", "path.item_id > 3")),
    );
    assert_eq!(status, 201, "{checked}");
    assert_eq!(served.live("GET /live/probes", None).1, json!([]));
}

#[test]
fn metrics_and_snapshots() {
    let served = Served::start(app());
    let metric = |metric: Value| {
        served.set(&json!({"kind": "metric", "target": "POST /items", "metric": metric}))
    };
    metric(json!({"name": "orders", "type": "counter", "labels": {"name": "body.name"}}));
    metric(json!({"name": "price", "type": "gauge", "value": "body.price * 2"}));
    metric(json!({"name": "spread", "type": "histogram", "value": "body.price"}));
    metric(json!({"name": "whole", "type": "duration", "from": "@validate"}));
    let snapshot = served.set(&json!({"kind": "snapshot", "target": "POST /items"}));
    for (name, price) in [("lamp", 2.0), ("lamp", 30.0), ("chair", 4.0)] {
        let item = json!({"name": name, "price": price});
        assert_eq!(served.public("POST /items", Some(&item)).0, 201);
    }
    let text = served.ask("management", "GET /metrics", &[], None).1;
    for (line, value) in [
        ("live_orders_total{", "name=\"lamp\"} 2"),
        ("live_orders_total{", "name=\"chair\"} 1"),
        ("live_price{", "} 8"),
        ("live_spread_bucket{", "le=\"10\"} 2"),
        ("live_spread_sum{", "} 36"),
        ("live_whole_seconds_count{", "} 3"),
    ] {
        let mut lines = text.lines();
        let found = lines.any(|it| it.starts_with(line) && it.ends_with(value));
        assert!(found, "{line}…{value} in {text}");
    }
    let event = &served.events(&snapshot, 1)[0];
    let snapshot = &event["snapshot"];
    assert_eq!(snapshot["status"], 201, "{event}");
    assert_eq!(snapshot["arguments"]["body"]["price"], 2.0);
    assert_eq!(snapshot["headers"]["host"], "localhost");
    assert_eq!(snapshot["route"], "/items");
}

#[test]
fn the_api_answers_while_every_worker_is_blocked() {
    let served = Served::start(app());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| served.public("GET /block", None));
        }
        std::thread::sleep(Duration::from_millis(200));
        let begun = std::time::Instant::now();
        let (status, catalog) = served.live("GET /live/catalog", None);
        assert_eq!(status, 200);
        assert!(
            begun.elapsed() < Duration::from_secs(1),
            "{:?}",
            begun.elapsed()
        );
        let routes = catalog["routes"].as_array().expect("routes");
        assert_eq!(routes[0]["target"], "GET /items/{item_id}");
        assert!(
            routes[0]["location"]
                .as_str()
                .is_some_and(|it| it.contains("live.rs:"))
        );
    });
}

#[test]
fn a_probe_ends_when_its_time_is_over_or_its_listener_is_gone() {
    let served = Served::start(app());
    let log = json!({"kind": "log", "target": "*", "message": "x", "expires_in": 1});
    let short = served.set(&log);
    let mut listening = served.listen(&format!("?probe={short}"));
    let (name, end) = listening.next();
    assert_eq!((&*name, &end["state"]), ("end", &json!("expired")));
    let mut attached = json!({"kind": "log", "target": "*", "message": "x", "attached": true});
    attached.insert("owner", "ada");
    let id = served.set(&attached);
    drop(served.listen(&format!("?probe={id}")));
    eventually("it is removed", || {
        let probe = served.probe(&id);
        (probe["state"] == "removed").then_some(())
    });
    let (_, changes) = served.live("GET /live/audit", None);
    let changes: Vec<_> = changes.as_array().expect("changes").iter().collect();
    let names: Vec<_> = changes.iter().map(|it| it["change"].as_str()).collect();
    assert_eq!(
        names,
        [Some("removed"), Some("set"), Some("expired"), Some("set")]
    );
    assert_eq!(changes[0]["owner"], "ada (unix socket)");
    let (_, removed) = served.live("DELETE /live/probes", None);
    assert_eq!(removed, json!({"removed": 0}));
}

#[test]
fn probes_end_in_time_however_much_goes_on() {
    let served = Served::start(app());
    let log = |message: &str, seconds: u64| {
        served.set(&json!({
            "kind": "log", "target": "GET /items/*", "message": message, "hits": 1_000_000,
            "per_second": 50.0, "expires_in": seconds,
        }))
    };
    let (short, _) = (log("short", 1), log("long", 60));
    let begun = std::time::Instant::now();
    // More often than it is looked whether anything is to end.
    while begun.elapsed() < Duration::from_millis(2500) {
        served.public("GET /items/1", None);
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut listening = served.listen("");
    let mut last_short = 0;
    for number in 0.. {
        let (_, event) = listening.next();
        match message(&event) {
            "short" => last_short = number,
            _ if number > last_short + 10 => break,
            _ => {}
        }
    }
    // While another goes on, its stream ends.
    std::thread::scope(|scope| {
        let (over, listened) = std::sync::mpsc::channel::<()>();
        let served = &served;
        scope.spawn(move || {
            while listened.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty) {
                served.public("GET /items/1", None);
            }
        });
        let mut listening = served.listen(&format!("?probe={short}"));
        while listening.next().0 != "end" {}
        drop(over);
    });
}

#[test]
fn sums_stay_numbers_and_names_apart() {
    let served = Served::start(app());
    let metric = |name: &str| {
        json!({
            "kind": "metric", "target": "POST /items",
            "metric": {"name": name, "type": "histogram", "value": "body.price"},
        })
    };
    served.set(&metric("large"));
    let refused = served.refused(&metric("large_sum"));
    assert!(
        refused["message"].to_string().contains("ends with none of"),
        "{refused}"
    );
    for _ in 0..2 {
        let item = json!({"name": "lamp", "price": 1.7e308});
        assert_eq!(served.public("POST /items", Some(&item)).0, 201);
    }
    let (status, probes) = served.live("GET /live/probes", None);
    assert_eq!(status, 200);
    assert_eq!(probes[0]["series"][0]["count"], 2, "{probes}");
}

#[test]
fn the_api_is_documented_and_guarded() {
    let served = Served::start(app());
    let (status, document) = served.live("GET /live/openapi.json", None);
    assert_eq!(status, 200);
    for path in [
        "/live/probes",
        "/live/probes/{id}",
        "/live/events",
        "/live/catalog",
    ] {
        assert!(!document["paths"][path].is_null(), "{path}");
    }
    let (status, _) = served.ask(
        "management",
        "POST /live/probes",
        &["content-type: text/plain", "content-length: 2", "", "{}"],
        None,
    );
    assert_eq!(status, 415);
    let through_proxy = ["x-forwarded-for: 192.0.2.1"];
    let (status, _) = served.ask("management", "DELETE /live/probes", &through_proxy, None);
    assert_eq!(status, 403);
    let (status, _) = served.ask("management", "GET /live/events", &through_proxy, None);
    assert_eq!(status, 403);
    let (status, _) = served.ask("management", "GET /live/probes", &through_proxy, None);
    assert_eq!(status, 200);
}
