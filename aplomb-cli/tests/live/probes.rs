//! Probes that are set, followed and removed.

use aplomb::prelude::*;

use crate::app::app;
use crate::served::{Served, eventually};

#[test]
fn a_log_comes_line_by_line_and_ends_with_its_hits() {
    let served = Served::start(app());
    let log = served.follow(&[
        "log",
        "POST /items @validate",
        "ordered {body.name} for {body.price}",
        "--when",
        "body.price > 10",
        "--hits",
        "2",
    ]);
    let ids = served.probes(1);
    let order = |name: &str, price: u32| {
        let body = json!({"name": name, "price": price}).to_string();
        served
            .send("POST /items", &["x-request-id: r1"], &body)
            .join()
            .expect("an answer");
    };
    order("chair", 5);
    order("table\u{1b}[2J\u{202e}", 50);
    let line = log.line();
    assert!(line.contains("ordered table"), "{line}");
    assert!(line.ends_with("r1"), "{line}");
    assert!(!line.contains(['\u{1b}', '\u{202e}']), "{line:?}");
    order("lamp", 20);
    assert!(log.line().contains("ordered lamp"));
    let (code, rest) = log.end();
    assert_eq!(code, 0);
    let totals = rest.last().expect("totals");
    assert!(
        totals.starts_with(&format!("{} done: ", ids[0])),
        "{totals}"
    );
    assert!(totals.contains("emitted 2, dropped 0"), "{totals}");
}

#[test]
fn ctrl_c_removes_the_probe_and_prints_what_it_did() {
    let served = Served::start(app());
    let log = served.follow(&[
        "log",
        "GET /items/{item_id}",
        "item {path.item_id}",
        "--json",
    ]);
    let ids = served.probes(1);
    served.ask("GET /items/3");
    let event: Value = log.line().parse().expect("JSON");
    assert_eq!(event["message"], "item 3");
    log.interrupt();
    let (code, rest) = log.end();
    assert_eq!(code, 0);
    let end: Value = rest.last().expect("an end").parse().expect("JSON");
    assert_eq!(
        (&end["kind"], &end["probe"]["state"]),
        (&json!("end"), &json!("removed"))
    );
    assert_eq!(end["probe"]["emitted"], 1);
    served.probes(0);
    let listed = served.printed(&["probes"]);
    assert!(
        listed.contains(&ids[0]) && listed.contains("removed") && listed.contains("ada"),
        "{listed}"
    );
}

#[test]
fn a_refused_probe_points_at_the_character() {
    let served = Served::start(app());
    let refused = served.live(&[
        "log",
        "GET /items/{item_id}",
        "x",
        "--when",
        "path.itemid > 3",
    ]);
    assert_eq!(refused.code, 3, "{refused:?}");
    let lines: Vec<&str> = refused.err.lines().collect();
    assert!(lines[0].starts_with("refused: when: "), "{}", refused.err);
    assert_eq!(lines[1], "  when: path.itemid > 3");
    assert!(
        lines[2].starts_with("            ^^^^^^^ no field itemid"),
        "{}",
        refused.err
    );
    assert!(lines[3].starts_with("Nothing was set"), "{}", refused.err);
    let secret = served.live(&["log", "POST /items @validate", "code {body.code}"]);
    assert_eq!(secret.code, 3);
    assert!(
        secret.err.contains(
            "  message: code {body.code}
"
        ) && secret.err.contains("^^^"),
        "{}",
        secret.err
    );
    let unknown = served.live(&["snapshot", "GET /nowhere"]);
    assert_eq!(unknown.code, 3);
    let nonsense = served.live(&["log", "GET /items/{item_id}", "x", "--hits", "0"]);
    assert_eq!(nonsense.code, 3);
    assert!(nonsense.err.contains("refused: hits: "), "{}", nonsense.err);
    assert_eq!(served.live(&["metric", "GET /nap", "gauge"]).code, 2);
    assert_eq!(served.live(&["no-such-command"]).code, 2);
    served.probes(0);
}

#[test]
fn metrics_are_counted_by_their_labels() {
    let served = Served::start(app());
    let label = "item=path.item_id";
    let counting = served.follow(&[
        "metric",
        "GET /items/{item_id}",
        "counter",
        "--label",
        label,
        "--every",
        "100ms",
    ]);
    served.probes(1);
    for id in [1, 1, 2] {
        served.ask(&format!("GET /items/{id}"));
    }
    eventually("both series are printed", || {
        counting.line().contains("item=\"2\"}: 1").then_some(())
    });
    counting.interrupt();
    let (code, rest) = counting.end();
    assert_eq!(code, 0);
    let name = "live_get_items_item_id_counter {item=\"1\"}: 2";
    assert!(rest.iter().any(|line| line == name), "{rest:?}");
    let measuring = served.follow(&["metric", "GET /nap @handler", "duration", "--hits", "1"]);
    served.probes(1);
    served.ask("GET /nap");
    let (code, rest) = measuring.end();
    assert_eq!(code, 0);
    assert!(
        rest.iter().any(|line| line.contains("1 times, ")),
        "{rest:?}"
    );
}

#[test]
fn a_snapshot_shows_what_a_request_brought() {
    let served = Served::start(app());
    let snapshot = served.follow(&["snapshot", "POST /items @response"]);
    served.probes(1);
    let body = json!({"name": "a\u{9b}b", "price": 2, "code": "canary"}).to_string();
    served
        .send("POST /items", &[], &body)
        .join()
        .expect("an answer");
    let (code, lines) = snapshot.end();
    assert_eq!(code, 0);
    let all = lines.join("\n");
    assert!(all.contains("POST /items @response"), "{all}");
    assert!(all.contains("price: 2"), "{all}");
    assert!(!all.contains("canary") && !all.contains('\u{9b}'), "{all}");
}

#[test]
fn probes_that_are_left_are_listed_followed_and_removed() {
    let served = Served::start(app());
    let set = served.printed(&[
        "log",
        "GET /items/{item_id}",
        "item {path.item_id}",
        "--detach",
        "--for",
        "2m",
        "--reason",
        "INC-7",
    ]);
    let id = set.split_whitespace().next().expect("an id").to_owned();
    assert_eq!(served.probes(1), std::slice::from_ref(&id));
    let listed = served.printed(&["probes"]);
    assert!(
        listed.contains("active") && listed.contains("GET /items/{item_id}"),
        "{listed}"
    );
    let following = served.follow(&["follow", &id]);
    served.ask("GET /items/9");
    assert!(following.line().contains("item 9"));
    let removed = served.printed(&["remove", &id]);
    assert_eq!(removed, format!("{id} removed: emitted 1, dropped 0\n"));
    let (code, rest) = following.end();
    assert_eq!(code, 0);
    assert!(
        rest.last().is_some_and(|line| line.contains("removed")),
        "{rest:?}"
    );
    assert_eq!(served.live(&["remove", &id]).code, 4);
    assert_eq!(served.live(&["follow", "p-none"]).code, 4);
    served.printed(&["snapshot", "GET /nap", "--detach"]);
    let check = served.live(&["snapshot", "GET /nap", "--check"]);
    assert!(
        check.code == 0 && check.err.contains("could be set"),
        "{check:?}"
    );
    assert!(
        served
            .printed(&["remove", "--every"])
            .ends_with(": 1 removed\n")
    );
    served.probes(0);
}
