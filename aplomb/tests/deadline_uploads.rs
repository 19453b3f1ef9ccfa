//! Deadlines of requests over a socket: bodies that come in slowly, and those that wait afterwards.

#[path = "server/served.rs"]
mod served;

use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

use aplomb::prelude::*;
use aplomb::serve::Limits;
use served::{Served, answer};

const SHORT: Duration = Duration::from_millis(200);

#[post("/upload")]
async fn upload(text: Vec<String>) -> usize {
    text.len()
}

#[post("/upload-and-wait")]
async fn upload_and_wait(text: Vec<String>) -> usize {
    std::future::pending::<()>().await;
    text.len()
}

#[post("/left-after-upload")]
async fn left(request: Request, deadline: Deadline) -> Result<bool> {
    let before = deadline.remaining();
    request.body().await?;
    // What was waited for does not count, whatever else happened in the meantime.
    Ok(before
        .zip(deadline.remaining())
        .is_some_and(|(before, left)| before - left < SHORT))
}

fn start() -> Served {
    let all = routes![upload, upload_and_wait, left];
    Served::start(App::new().deadline(SHORT).routes(all), Limits::default())
}

const BODY: &str = "[\"a\", \"b\", \"c\", \"d\", \"e\"]";

/// Sends the body in pieces that take several deadlines together.
fn send_slowly(mut stream: &TcpStream) {
    for piece in BODY.as_bytes().chunks(5) {
        std::thread::sleep(SHORT);
        stream.write_all(piece).expect("sent");
    }
}

fn head(more: &str) -> String {
    format!(
        "Content-Type: application/json\r\nContent-Length: {}\r\n{more}",
        BODY.len()
    )
}

#[test]
fn an_upload_may_take_longer_than_the_deadline() {
    let served = start();
    for path in ["/upload", "/left-after-upload"] {
        let stream = served.ask("POST", path, &head(""));
        send_slowly(&stream);
        let (status, _, body) = answer(stream);
        let expected = if path == "/upload" { "5" } else { "true" };
        assert_eq!((status, &*body), (200, expected), "{path}");
    }
}

#[test]
fn what_comes_after_the_upload_may_not() {
    let served = start();
    let stream = served.ask("POST", "/upload-and-wait", &head(""));
    send_slowly(&stream);
    let (status, _, body) = answer(stream);
    assert_eq!(status, 504);
    assert!(
        body.starts_with("{\"detail\":\"No answer within "),
        "{body}"
    );
}

#[test]
fn whoever_says_how_long_they_wait_means_all_of_it() {
    let served = start();
    let stream = served.ask("POST", "/upload", &head("X-Request-Timeout-Ms: 300\r\n"));
    let (status, _, body) = answer(stream);
    assert_eq!(status, 504, "without a byte of the body");
    assert!(body.contains("went to: body"), "{body}");
}

#[test]
fn a_connection_goes_on_after_a_deadline() {
    let served = start();
    let mut stream = served.connect();
    let ask = |path: &str, more: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: h\r\n{}\r\n{BODY}",
            head(more)
        )
    };
    stream
        .write_all(ask("/upload-and-wait", "").as_bytes())
        .expect("sent");
    stream
        .write_all(ask("/upload", "Connection: close\r\n").as_bytes())
        .expect("sent");
    let (status, _, rest) = answer(stream);
    assert_eq!(status, 504);
    assert!(
        rest.contains("HTTP/1.1 200 OK") && rest.ends_with('5'),
        "{rest}"
    );
}
