//! Two hundred probes that want too much.

use std::time::{Duration, Instant};

use super::{api, app, set};
use crate::json;
use crate::json::Value;
use crate::observe::MetricsText;
use crate::testing::TestClient;

/// What somebody asks for who means harm, or does not know better.
fn definitions() -> Vec<Value> {
    let log = |when: String, message: String| {
        json!({
            "kind": "log", "target": "POST /orders @response", "when": when, "message": message,
            "hits": 1_000_000, "per_second": 50.0, "expires_in": 86400,
        })
    };
    let metric = |name: String, kind: &str, labels: Value| {
        let mut metric = json!({"name": name, "type": kind, "labels": labels});
        if kind != "counter" {
            metric.insert("value", "body.price");
        }
        json!({"kind": "metric", "target": "POST /orders", "metric": metric})
    };
    let mut definitions = Vec::new();
    for number in 0..200 {
        let round = number / 8;
        let text = |piece: &str, most: usize| piece.repeat(most / piece.len());
        let definition = match number % 8 {
            0 => log(
                "true".into(),
                text("{body}{body.extra}{header}", 1024 >> (round % 3)),
            ),
            1 => log("true".into(), text("x", 1024 << (round % 8))),
            2 => {
                let depth = [31, 33, 100, 10_000][round % 4];
                log("(".repeat(depth) + "true" + &")".repeat(depth), "x".into())
            }
            3 => log(
                text("body.name in body.tags || ", 950) + "true",
                "{size(body.name)}".into(),
            ),
            4 => {
                let pattern = [
                    "(a|b|x).{12}c",
                    "(x+x+)+y",
                    "[a-z]{900}",
                    "(?:.*){50}",
                    "a{1000}{1000}",
                    "(x|y)*z$",
                ][round % 6];
                let one = format!("body.name.matches('{pattern}') || ");
                log(text(&one, 960) + "true", "{body.tags[9999]}".into())
            }
            5 => json!({"kind": "snapshot", "target": "*", "hits": 1_000_000, "per_second": 50.0}),
            6 => metric(
                format!("m{number}"),
                "counter",
                json!({"n": "body.name", "t": "body.tags[0]"}),
            ),
            _ => metric(
                format!("m{number}"),
                "histogram",
                json!({"n": "body.extra"}),
            ),
        };
        definitions.push(definition);
    }
    definitions
}

/// Orders that take much to look at.
fn orders() -> Vec<Value> {
    let nested = (0..20).fold(json!([]), |inside, _| json!([inside, [], {}, []]));
    let tags = vec!["y".repeat(50); 900];
    let tags = json!(tags);
    vec![
        json!({"name": "lamp", "price": 1.0}),
        json!({"name": "x".repeat(1_000_000), "price": 1e308}),
        json!({"name": "x".repeat(600), "price": 1e308, "tags": tags}),
        json!({"name": "\u{1b}[2J\u{202e}", "price": 2.0, "extra": {"a": nested}}),
        json!({"name": "x", "price": 1, "extra": {"e": vec![json!([]); 15_000]}}),
        json!({"name": "", "price": -1, "extra": {"e": vec![json!({}); 15_000]}, "more": tags}),
    ]
}

#[test]
fn two_hundred_hostile_probes_are_refused_or_bounded() {
    const MIB: usize = 1 << 20;
    let service = app().build();
    let (api, client) = (api(&service), TestClient::new(service.clone()));
    let live = service.live();
    let orders = orders();
    let (mut accepted, mut refused, mut longest) = (0, 0, Duration::ZERO);
    for (number, definition) in definitions().iter().enumerate() {
        let begun = Instant::now();
        let (status, said) = set(&api, definition);
        longest = longest.max(begun.elapsed());
        match status {
            201 => accepted += 1,
            400 | 422 => refused += 1,
            409 => {
                // There are too many by now.
                refused += 1;
                live.remove_all("test");
            }
            status => panic!("{status} {said} for {definition}"),
        }
        let order = &orders[number % orders.len()];
        let wanted = if order["name"] == "" { 422 } else { 200 };
        let mut order = order.clone();
        if number % 2 == 0 && order["name"] != "" {
            order.insert("name", format!("{number} {}", order["name"]));
        }
        client
            .post("/orders")
            .json(&order)
            .send()
            .assert_status(wanted);
        let [waiting, kept, held] = live.hub.bytes();
        assert!(
            waiting <= MIB && kept <= MIB && held <= 4 * MIB,
            "{waiting} {kept} {held}"
        );
        live.tick();
    }
    assert!(accepted > 50 && refused > 20, "{accepted} {refused}");
    // Far more than any takes without optimisation; one that runs away takes longer.
    assert!(longest < Duration::from_secs(10), "{longest:?}");
    assert_eq!(
        live.hub.bytes()[2],
        0,
        "a request that is over holds something"
    );
    // What they have counted is written, and is JSON.
    let mut metrics = MetricsText::default();
    live.write_metrics(&mut metrics);
    let metrics = metrics.into_string();
    assert!(metrics.len() < 2 * MIB, "{}", metrics.len());
    let list = api
        .get("/live/probes")
        .header("authorization", "Bearer t0ken")
        .send();
    assert_eq!(list.status(), 200);
    live.remove_all("test");
}
