//! What goes through routes.

use aplomb::prelude::*;

use crate::app::{Gate, app, gated};
use crate::served::{Served, eventually};

#[test]
fn routes_are_listed_with_what_goes_through_them() {
    let served = Served::start(app());
    for id in [1, 2, 500] {
        served.ask(&format!("GET /items/{id}"));
    }
    let table = eventually("all are counted", || {
        let table = served.printed(&["routes", "--over", "10ms"]);
        let line = table.lines().find(|line| line.contains("/items/{item_id}"));
        line.filter(|line| line.split_whitespace().nth(2) == Some("3"))
            .map(str::to_owned)
    });
    assert!(table.starts_with("GET /items/{item_id}"), "{table}");
    assert!(table.contains("read_item"), "{table}");
    assert!(table.contains("tests/live/app.rs:"), "{table}");
    let values = served.printed(&["routes", "--over", "10ms", "--json"]);
    let values: Vec<Value> = values
        .lines()
        .map(|line| line.parse().expect("JSON"))
        .collect();
    let item = values
        .iter()
        .find(|route| route["path"] == "/items/{item_id}");
    let item = item.expect("the route");
    assert_eq!((&item["requests"], &item["failed"]), (&json!(3), &json!(1)));
    let points = served.printed(&["routes", "--over", "0s", "--points"]);
    assert!(points.contains("    body.price: number\n"), "{points}");
    assert!(points.contains("    body.code: text, secret\n"), "{points}");
    assert!(points.contains("  @dep:vault\n"), "{points}");
}

#[test]
fn quantiles_are_those_of_the_requests() {
    let served = Served::start(app());
    served.ask("GET /nap");
    let slow = eventually("it is kept", || {
        let slow = served.printed(&["slow", "--kind", "slow", "--json"]);
        let slow = slow.lines().map(|line| line.parse().expect("JSON"));
        slow.into_iter()
            .find(|request: &Value| request["route"] == "/nap")
    });
    let took = slow["duration_ms"].as_f64().expect("a time");
    let routes = served.printed(&["routes", "--over", "0s", "--json"]);
    let routes = routes.lines().map(|line| line.parse().expect("JSON"));
    let nap = routes
        .into_iter()
        .find(|route: &Value| route["path"] == "/nap");
    for share in ["p50_ms", "p99_ms"] {
        let told = nap.as_ref().and_then(|nap| nap[share].as_f64());
        let off = told.expect("a time") / took - 1.0;
        assert!(off.abs() < 0.07, "{share}: {told:?} for {took}");
    }
}

#[test]
fn top_prints_one_frame() {
    let gate = Gate::closed();
    let served = Served::start(gated(&gate));
    let waiting = served.send("GET /vault", &[], "");
    eventually("it is seen", || {
        served
            .printed(&["requests"])
            .contains("vault")
            .then_some(())
    });
    served.ask("GET /items/1");
    let frame = served.printed(&["top", "--once", "--every", "50ms"]);
    assert!(frame.contains("1 in flight"), "{frame}");
    assert!(
        frame.contains("oldest request: ") && frame.contains("in dependency vault"),
        "{frame}"
    );
    assert!(frame.contains("isolated lane: "), "{frame}");
    assert!(
        frame
            .lines()
            .any(|line| line.starts_with("GET /items/{item_id}")),
        "{frame}"
    );
    assert!(!frame.contains('\u{1b}'), "{frame:?}");
    let frame: Value = served
        .printed(&["top", "--once", "--every", "50ms", "--json"])
        .trim()
        .parse()
        .expect("JSON");
    assert_eq!(frame["in_flight"], 1.0);
    gate.0.add_permits(1);
    waiting.join().expect("an answer");
}
