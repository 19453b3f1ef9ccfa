//! Requests, and where their time goes.

use aplomb::prelude::*;

use crate::app::{Gate, app, gated};
use crate::served::{Served, eventually};

#[test]
fn requests_in_flight_tell_what_they_do_and_why() {
    let gate = Gate::closed();
    let served = Served::start(gated(&gate));
    assert_eq!(
        served.printed(&["requests"]),
        "no request is being answered\n"
    );
    let waiting = served.send("GET /vault?shelf=%1b[2J", &["x-request-id: stuck-1"], "");
    let line = eventually("the request is seen", || {
        let table = served.printed(&["requests"]);
        let line = table
            .lines()
            .find(|line| line.contains("in dependency vault"));
        line.map(str::to_owned)
    });
    assert!(line.contains("GET /vault?shelf=%1b[2J"), "{line}");
    let value: Value = served
        .printed(&["requests", "--json"])
        .trim()
        .parse()
        .expect("JSON");
    assert_eq!(value["route"], "/vault");
    let id = value["id"].to_string();
    let told = served.printed(&["why", &id]);
    assert!(told.contains("has taken"), "{told}");
    assert!(told.contains("is in dependency vault"), "{told}");
    assert!(
        told.contains("the dependency `vault` waited for something outside of it"),
        "{told}"
    );
    gate.0.add_permits(1);
    assert!(waiting.join().expect("an answer").ends_with('7'));
    eventually("it is over", || {
        (served.printed(&["requests"]) == "no request is being answered\n").then_some(())
    });
}

#[test]
fn slow_and_failed_requests_are_kept_and_explained() {
    let served = Served::start(app());
    served
        .send("GET /nap", &["x-request-id: nap-1"], "")
        .join()
        .expect("an answer");
    served.ask("GET /items/500");
    let table = eventually("both are kept", || {
        let table = served.printed(&["slow"]);
        (table.contains("/nap") && !table.contains("Failed last: none")).then_some(table)
    });
    assert!(table.contains("waiting in the handler"), "{table}");
    assert!(table.contains("Timed out last: none"), "{table}");
    let failed = served.printed(&["slow", "--kind", "failed", "--json"]);
    let failed: Value = failed.trim().parse().expect("one line of JSON");
    assert_eq!(
        (&failed["kind"], &failed["status"]),
        (&json!("failed"), &json!(500))
    );
    for name in ["nap-1", "GET /nap", "/nap"] {
        let told = served.printed(&["why", name]);
        assert!(
            told.contains("waited for something outside of it"),
            "{told}"
        );
        // The largest part comes first.
        assert!(
            told.lines()
                .nth(if name == "nap-1" { 2 } else { 1 })
                .is_some_and(|line| line.contains("the handler")),
            "{told}"
        );
    }
    let value: Value = served
        .printed(&["why", "nap-1", "--json"])
        .trim()
        .parse()
        .expect("JSON");
    assert_eq!(value["causes"][0]["what"], "waiting in the handler");
    let told = served.printed(&["why", "--slower-than", "100ms", "--last", "10m"]);
    assert!(
        told.starts_with("GET /nap: 1 request slower than 100 ms kept"),
        "{told}"
    );
    assert_eq!(served.live(&["why", "--slower-than", "1h"]).code, 4);
    let unknown = served.live(&["why", "12345"]);
    assert_eq!(unknown.code, 4);
    assert!(unknown.err.contains("no request 12345"), "{}", unknown.err);
}
