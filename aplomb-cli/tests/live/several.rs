//! Several instances together, some of which are dead, slow or something else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread::spawn;
use std::time::{Duration, Instant};

use aplomb::prelude::*;

use crate::app::app;
use crate::served::{Following, Served, run};

/// A status and a body for the line of a request; nothing is no answer.
type Answer = fn(&str) -> Option<(u16, String)>;

/// What answers in the place of a management listener.
fn stranger(answer: Answer) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            spawn(move || {
                let mut reader = BufReader::new(stream);
                let mut lines = Vec::new();
                loop {
                    let mut line = String::new();
                    if reader.read_line(&mut line).unwrap_or(0) == 0 {
                        return;
                    }
                    match line.trim() {
                        "" => break,
                        line => lines.push(line.to_ascii_lowercase()),
                    }
                }
                let length = lines
                    .iter()
                    .find_map(|line| line.strip_prefix("content-length: "));
                let length: u64 = length.map_or(0, |length| length.parse().unwrap_or(0));
                let mut body = Vec::new();
                let _ = reader.by_ref().take(length).read_to_end(&mut body);
                let Some((status, body)) = answer(&lines[0]) else {
                    // It says nothing until its client goes away.
                    let _ = reader.read_to_end(&mut Vec::new());
                    return;
                };
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
                );
                let _ = reader.get_mut().write_all((head + &body).as_bytes());
            });
        }
    });
    address
}

#[test]
fn what_is_no_service_is_taken_for_none() {
    let answers: [Answer; 4] = [
        |_| Some((200, "<html>".to_owned())),
        |_| Some((200, "{}".to_owned())),
        |_| Some((200, "[1, null]".to_owned())),
        |_| {
            Some((
                200,
                r#"{"slow": [1], "failed": 7, "routes": [1]}"#.to_owned(),
            ))
        },
    ];
    for answer in answers {
        let address = stranger(answer);
        for command in [
            &["requests"][..],
            &["slow"],
            &["why"],
            &["why", "0", "--json"],
            &["routes", "--over", "0s", "--json"],
            &["probes"],
            &["top", "--once"],
            &["log", "GET /", "x"],
        ] {
            let ended = run(&[&["--at", &address], command].concat(), &[]);
            assert_eq!(ended.code, 1, "{command:?}: {ended:?}");
            assert!(ended.err.contains("is no management listener"), "{ended:?}");
            assert_eq!(ended.out, "", "{command:?}");
        }
    }
}

#[test]
fn what_refuses_does_not_command_the_terminal() {
    let address = stranger(|_| {
        let detail = "no\u{1b}[2J\nall is well\u{61c}".to_owned();
        Some((403, json!({"detail": detail}).to_string()))
    });
    let ended = run(&["--at", &address, "probes"], &[("LIVE_TOKEN", "t0ken\n")]);
    assert_eq!(ended.code, 5, "{ended:?}");
    assert_eq!(ended.err.lines().count(), 1, "{}", ended.err);
    let refused = |letter: char| letter != '\n' && letter.is_control() || letter == '\u{61c}';
    assert!(!ended.err.contains(refused), "{:?}", ended.err);
    assert!(!ended.err.contains("t0ken"), "{}", ended.err);
}

#[test]
fn an_instance_that_says_nothing_holds_up_no_other() {
    let served = Served::start(app());
    let silent = stranger(|line| match line.split('/').next() {
        Some("post ") => {
            let probe = r#"{"id": "p-1", "places": ["GET /items/{item_id} @response"]}"#;
            Some((201, probe.to_owned()))
        }
        Some("delete ") => Some((404, "{}".to_owned())),
        _ => None,
    });
    let both = format!("{silent},{}", served.management);
    let log = Following::start(&[
        "--at",
        &both,
        "log",
        "GET /items/{item_id}",
        "{path.item_id}",
    ]);
    served.probes(1);
    let begun = Instant::now();
    // Longer than a probe lives that nobody listens to.
    std::thread::sleep(Duration::from_secs(6));
    served.ask("GET /items/7");
    assert!(log.line().contains(&served.management));
    assert!(begun.elapsed() < Duration::from_secs(9), "{begun:?}");
    log.interrupt();
    log.end();
    served.probes(0);
    // Nobody waits for it to say that all is over.
    let top = Following::start(&["--at", &both, "top", "--every", "100ms"]);
    std::thread::sleep(Duration::from_millis(300));
    let begun = Instant::now();
    top.interrupt();
    assert_eq!(top.end().0, 0);
    assert!(begun.elapsed() < Duration::from_secs(5), "{begun:?}");
}

#[test]
fn top_tells_of_those_who_are_not_there() {
    let served = Served::start(app());
    let both = format!("127.0.0.1:1,{}", served.management);
    let ended = run(&["--at", &both, "top", "--once", "--every", "50ms"], &[]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.out.contains("in flight"), "{ended:?}");
    assert!(ended.err.contains("127.0.0.1:1: "), "{ended:?}");
    // What is no terminal gets nothing that commands one, and each frame anew.
    let top = served.follow(&["top", "--every", "50ms"]);
    for _ in 0..20 {
        assert!(!top.line().contains('\u{1b}'));
    }
    top.interrupt();
    assert_eq!(top.end().0, 0);
}

#[test]
fn all_are_removed_but_those_that_are_not_there() {
    let served = Served::start(app());
    let set = |target: &str| {
        let set = served.printed(&["snapshot", target, "--detach"]);
        set.split_whitespace().next().expect("an id").to_owned()
    };
    let ids = [set("GET /nap"), set("GET /vault")];
    served.probes(2);
    for wrong in ["", "..", "p-1?x=1", "?"] {
        assert_eq!(served.live(&["remove", wrong]).code, 4, "{wrong}");
        assert_eq!(served.live(&["follow", wrong]).code, 4, "{wrong}");
    }
    served.probes(2);
    let both = format!("127.0.0.1:1,{}", served.management);
    let removed = run(&["--at", &both, "remove", "p-none", &ids[0], &ids[1]], &[]);
    assert_eq!(removed.code, 1, "{removed:?}");
    assert_eq!(removed.out.matches(" removed: ").count(), 2, "{removed:?}");
    served.probes(0);
    let unsure = run(&["--at", &both, "follow", "p-none"], &[]);
    assert_eq!(unsure.code, 1, "{unsure:?}");
}

#[test]
fn hits_of_all_instances_are_counted_together() {
    let (one, other) = (Served::start(app()), Served::on_port(app()));
    let both = format!("{},{}", one.management, other.management);
    let start = |more: &[&str]| {
        Following::start(&[&["--at", &*both], more, &["--fleet-hits", "3"]].concat())
    };
    let log = start(&[
        "log",
        "GET /items/{item_id}",
        "item {path.item_id}",
        "--json",
    ]);
    one.probes(1);
    other.probes(1);
    for id in 1..3 {
        one.ask(&format!("GET /items/{id}"));
    }
    // Neither of them has had its hits, and both are still there.
    let values: Vec<Value> = (0..2).map(|_| log.line().parse().expect("JSON")).collect();
    assert!(
        values
            .iter()
            .all(|value| value["instance"] == one.management)
    );
    one.probes(1);
    other.ask("GET /items/3");
    let (code, rest) = log.end();
    assert_eq!(code, 0);
    let values = rest.iter().map(|line| line.parse().expect("JSON"));
    let ends: Vec<Value> = values
        .filter(|value: &Value| value["kind"] == "end")
        .collect();
    let emitted: Vec<_> = ends
        .iter()
        .map(|end| (&end["probe"]["state"], &end["probe"]["emitted"]))
        .collect();
    let removed = json!("removed");
    assert_eq!(emitted, [(&removed, &json!(2)), (&removed, &json!(1))]);
    one.probes(0);
    other.probes(0);

    let count = start(&["metric", "GET /items/{item_id}", "counter", "--every", "1h"]);
    one.probes(1);
    other.probes(1);
    for (served, id) in [(&one, 1), (&one, 2), (&other, 3)] {
        served.ask(&format!("GET /items/{id}"));
    }
    assert_eq!(count.end().0, 0);
    one.probes(0);
    other.probes(0);
    let detached = start(&["snapshot", "GET /nap", "--detach"]);
    assert_eq!(detached.end().0, 2);
}
