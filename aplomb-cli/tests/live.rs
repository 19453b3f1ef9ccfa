//! Every command of `aplomb live`, on services of this process.
#![cfg(unix)]

#[path = "live/kubernetes.rs"]
mod kubernetes;
#[path = "live/levels.rs"]
mod levels;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[path = "live/profile.rs"]
mod profile;
#[path = "live/served.rs"]
mod served;
#[path = "live/several.rs"]
mod several;
#[path = "live/six_seconds.rs"]
mod six_seconds;

use std::sync::Arc;
use std::time::Duration;

use aplomb::prelude::*;
use served::{Served, eventually, run};
use tokio::sync::Semaphore;

#[derive(Model)]
struct Item {
    name: String,
    price: f64,
    #[field(secret)]
    #[field(default)]
    code: String,
}

/// What holds up those who wait for it.
#[derive(Clone)]
struct Gate(Arc<Semaphore>);

#[dependency]
async fn vault(gate: State<Gate>) -> Result<u32> {
    let permit = gate.0.acquire().await;
    permit.map_err(std::io::Error::other)?.forget();
    Ok(7)
}

#[get("/items/{item_id}")]
async fn read_item(item_id: u32) -> Result<u32> {
    match item_id {
        500 => Err(std::io::Error::other("boom").into()),
        id => Ok(id),
    }
}

#[post("/items", status = 201)]
async fn create_item(item: Item) -> String {
    item.name
}

#[get("/vault")]
async fn open_vault(vault: Depends<vault>) -> u32 {
    *vault
}

#[get("/nap")]
async fn nap() -> &'static str {
    tokio::time::sleep(Duration::from_millis(120)).await;
    "awake"
}

fn app() -> App {
    gated(&Gate(Arc::new(Semaphore::new(0))))
}

fn gated(gate: &Gate) -> App {
    App::new()
        .state(gate.clone())
        .middleware(aplomb::middleware::RequestId::new())
        .routes(routes![read_item, create_item, open_vault, nap])
}

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
    assert!(table.contains("tests/live.rs:"), "{table}");
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
fn requests_in_flight_tell_what_they_do_and_why() {
    let gate = Gate(Arc::new(Semaphore::new(0)));
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

#[test]
fn top_prints_one_frame() {
    let gate = Gate(Arc::new(Semaphore::new(0)));
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

#[test]
fn several_instances_are_asked_together() {
    let (one, other) = (Served::start(app()), Served::on_port(app()));
    let both = format!("{},{}", one.management, other.management);
    let probe = [
        "--at",
        &both,
        "log",
        "GET /items/{item_id}",
        "item {path.item_id}",
        "--json",
        "--hits",
        "1",
    ];
    let log = served::Following::start(&probe);
    one.probes(1);
    other.probes(1);
    one.ask("GET /items/1");
    other.ask("GET /items/2");
    let (code, lines) = log.end();
    assert_eq!(code, 0);
    let values: Vec<Value> = lines
        .iter()
        .map(|line| line.parse().expect("JSON"))
        .collect();
    let messages: Vec<(&Value, &Value)> = values
        .iter()
        .filter(|value| value["kind"] == "log")
        .map(|value| (&value["instance"], &value["message"]))
        .collect();
    let (first, second) = (json!(one.management), json!(other.management));
    assert_eq!(
        messages,
        [(&first, &json!("item 1")), (&second, &json!("item 2"))]
    );
    // Who cannot be asked keeps nobody from seeing the others, and is told of.
    let partly = run(
        &[
            "--at",
            &both,
            "--at",
            "127.0.0.1:1",
            "routes",
            "--over",
            "0s",
        ],
        &[],
    );
    assert_eq!(partly.code, 1);
    assert!(partly.err.starts_with("127.0.0.1:1: "), "{}", partly.err);
    assert_eq!(partly.out.matches("GET /items/{item_id}").count(), 2);
    // A probe that one of them cannot have is set nowhere.
    let refused = run(
        &["--at", &both, "--at", "127.0.0.1:1", "snapshot", "GET /nap"],
        &[],
    );
    assert_eq!(refused.code, 1);
    one.probes(0);
    let by_name = run(
        &["--all", "probes"],
        &[("APLOMB_LIVE", &format!("http://{}", other.management))],
    );
    assert_eq!(by_name.code, 0, "{by_name:?}");
    let port = other.management.rsplit(':').next().expect("a port");
    let by_name = run(
        &[
            "--dns",
            &format!("127.0.0.1:{port}"),
            "routes",
            "--over",
            "0s",
        ],
        &[],
    );
    assert_eq!(by_name.code, 0, "{by_name:?}");
}

#[test]
fn who_is_not_there_is_told_of() {
    let gone = run(&["--at", "unix:/nowhere/at/all", "routes"], &[]);
    assert_eq!(gone.code, 1);
    assert!(
        gone.err.starts_with("unix:/nowhere/at/all: "),
        "{}",
        gone.err
    );
    let nonsense = run(&["--at", "ftp://host", "routes"], &[]);
    assert_eq!(nonsense.code, 2);
}
