//! Bodies that try a JSON reader, sent over a socket to typed handlers: no crash, no 500.

#[path = "server/running.rs"]
mod running;

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use aplomb::json::Value;
use aplomb::prelude::*;
use aplomb::serve::{Limits, Server};
use running::Running;

#[derive(Model)]
struct Order {
    name: String,
    count: i64,
    price: f64,
    tags: Vec<String>,
}

#[post("/orders")]
async fn order(order: Order) -> Order {
    order
}

#[post("/anything")]
async fn anything(#[body] value: Value) -> Value {
    value
}

fn start() -> Running {
    let app = App::new().routes(routes![order, anything]);
    let limits = Limits {
        body_bytes: 4 << 20,
        ..Limits::default()
    };
    Running::start(Server::new(Arc::new(app.build())).limits(limits), 2)
}

fn post(running: &Running, path: &str, content_type: &str, body: &[u8]) -> (u16, String) {
    let mut stream = running.connect();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{content_type}Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("sent");
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let text = String::from_utf8_lossy(&answer);
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    (head[9..12].parse().expect("a status"), body.to_owned())
}

#[test]
fn hostile_bodies_are_refused_in_time() {
    let running = start();
    let deep_arrays = "[".repeat(100_000) + &"]".repeat(100_000);
    let deep_objects = "{\"a\":".repeat(50_000) + "1" + &"}".repeat(50_000);
    let digits = "9".repeat(1_000_000);
    let with_count =
        |count: &str| format!(r#"{{"name":"n","count":{count},"price":1,"tags":[]}}"#).into_bytes();
    let many_keys = (0..100_000)
        .map(|key| format!("\"{key}\":0,"))
        .collect::<String>();
    let bodies: Vec<(&str, Vec<u8>, &[u16])> = vec![
        ("nothing", Vec::new(), &[422]),
        ("deep arrays", deep_arrays.clone().into(), &[400, 422]),
        (
            "deep arrays, open",
            "[".repeat(1_000_000).into(),
            &[400, 422],
        ),
        ("deep objects", deep_objects.into(), &[400, 422]),
        ("deep in a field", with_count(&deep_arrays), &[400, 422]),
        ("a million digits", with_count(&digits), &[400, 422]),
        (
            "integer above 64 bits",
            with_count("18446744073709551616"),
            &[422],
        ),
        ("not a number", with_count("NaN"), &[422]),
        ("infinity", with_count("-Infinity"), &[422]),
        ("huge exponent", with_count("1e400"), &[422]),
        ("huge exponent, tiny", with_count("1e-400"), &[200, 422]),
        ("lone surrogate", with_count(r#""\ud800""#), &[422]),
        ("bad UTF-8", b"{\"name\":\"\xff\xfe\xfd\"}".to_vec(), &[400]),
        ("cut UTF-8", b"{\"name\":\"\xe2\x82".to_vec(), &[400]),
        ("NUL bytes", vec![0; 1000], &[400, 422]),
        (
            "UTF-16 without an end",
            b"\xff\xfe{\0\"".to_vec(),
            &[400, 422],
        ),
        (
            "control character",
            b"{\"name\":\"a\x01\"}".to_vec(),
            &[422],
        ),
        ("wrong shape", b"[1,2]".to_vec(), &[422]),
        ("null", b"null".to_vec(), &[422]),
        ("cut short", br#"{"name":"n","count"#.to_vec(), &[422]),
        (
            "trailing text",
            [with_count("1"), b"x".to_vec()].concat(),
            &[422],
        ),
        (
            "many unknown keys",
            format!("{{{many_keys}\"b\":1}}").into(),
            &[422],
        ),
        (
            "the same key twice",
            br#"{"name":"n","count":1,"count":2,"price":1,"tags":[]}"#.to_vec(),
            &[200],
        ),
        (
            "a million blanks",
            [vec![b' '; 1_000_000], with_count("1")].concat(),
            &[200],
        ),
        ("above the limit", vec![b' '; 5 << 20], &[413]),
    ];
    let mut faults = Vec::new();
    for path in ["/orders", "/anything"] {
        for (name, body, wanted) in &bodies {
            let begun = Instant::now();
            let (status, text) = post(&running, path, "Content-Type: application/json\r\n", body);
            let right = if path == "/orders" {
                wanted.contains(&status)
            } else {
                status < 500
            };
            if !right || begun.elapsed() > Duration::from_secs(5) {
                let shown: String = text.chars().take(120).collect();
                faults.push(format!(
                    "{path} {name}: {status} {shown} {:?}",
                    begun.elapsed()
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn only_json_is_read_as_json() {
    let running = start();
    let body = br#"{"name":"n","count":"1","price":1,"tags":[]}"#;
    for (content_type, status) in [
        ("Content-Type: application/json\r\n", 200),
        (
            "Content-Type: application/vnd.x+json; charset=utf-8\r\n",
            200,
        ),
        ("Content-Type: text/plain\r\n", 422),
        ("", 422),
    ] {
        assert_eq!(
            post(&running, "/orders", content_type, body).0,
            status,
            "{content_type}"
        );
    }
}
