//! Instances, found by addresses and names.

use aplomb::prelude::*;

use crate::app::app;
use crate::served::{Following, Served, run};

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
    let log = Following::start(&probe);
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
    let refused = run(&["--at", "127.0.0.1:1", "routes"], &[]);
    for err in [gone.err, refused.err] {
        for hint in ["`--at`", "App::management", "MANAGEMENT="] {
            assert!(err.contains(hint), "{err}");
        }
    }
    let nonsense = run(&["--at", "ftp://host", "routes"], &[]);
    assert_eq!(nonsense.code, 2);
}

#[test]
fn addresses_of_ipv6_are_reached() {
    let served = Served::at_port(app(), "[::1]:0");
    let port = served.management.rsplit(':').next().expect("a port");
    for way in [
        ["--at", &served.management],
        ["--at", &format!("http://[::1]:{port}")],
        ["--dns", &format!("[::1]:{port}")],
    ] {
        let listed = run(&[&way[..], &["probes"]].concat(), &[]);
        assert_eq!(listed.code, 0, "{way:?}: {listed:?}");
    }
}
