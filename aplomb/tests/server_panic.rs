//! A handler that panics is answered, and its connection goes on.

#[path = "server/echo.rs"]
mod echo;
#[path = "observe/log.rs"]
mod log;
#[path = "observe/served.rs"]
mod served;

use std::io::Write;
use std::sync::atomic::Ordering;
use std::time::Duration;

use aplomb::prelude::*;
use aplomb::serve::Limits;
use echo::{EchoServer, exchange, read_answer};
use log::Log;
use served::{Served, eventually};

fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n").into_bytes()
}

#[test]
fn panic_is_a_500_and_the_connection_stays() {
    let running = EchoServer::start(Limits::default());
    let mut stream = running.connect();
    for path in [
        "/panic",
        "/panic-later",
        "/panic-at-once",
        "/panic",
        "/panic-later",
    ] {
        stream.write_all(&get(path)).expect("sent");
        let (status, head, body) = read_answer(&stream).expect("an answer");
        assert_eq!(
            (status, body.as_slice()),
            (500, b"Internal Server Error".as_slice()),
            "{path}"
        );
        assert!(
            head.contains("content-type: text/plain; charset=utf-8"),
            "{head}"
        );
        assert!(!head.to_lowercase().contains("connection: close"), "{head}");
        stream.write_all(&get("/")).expect("sent");
        assert_eq!(read_answer(&stream).expect("an answer").0, 200);
    }
    drop(stream);
    assert!(
        running.stop() < Duration::from_secs(3),
        "open requests must be back at zero"
    );
}

#[test]
fn panic_in_a_body_cuts_the_answer_short() {
    let running = EchoServer::start(Limits::default());
    let stream = running.connect();
    let (answer, closed) = exchange(&stream, &get("/panic-in-body"), Duration::from_secs(5));
    let answer = String::from_utf8(answer).expect("text");
    assert!(
        closed && answer.contains("piece") && !answer.ends_with("0\r\n\r\n"),
        "{answer}"
    );
    let (answer, _) = exchange(&running.connect(), &get("/"), Duration::from_millis(300));
    assert!(answer.starts_with(b"HTTP/1.1 200"));
}

#[test]
fn client_that_leaves_ends_its_request() {
    let running = EchoServer::start(Limits::default());
    let mut stream = running.connect();
    stream.write_all(&get("/forever")).expect("sent");
    std::thread::sleep(Duration::from_millis(200));
    drop(stream);
    std::thread::sleep(Duration::from_millis(2000));
    assert_eq!(running.echo.dropped.load(Ordering::SeqCst), 1);
}

#[test]
fn half_closed_client_is_answered() {
    let running = EchoServer::start(Limits::default());
    let length = "Content-Length: 4\r\n\r\nslow";
    let chunks = "Transfer-Encoding: chunked\r\n\r\n4\r\nslow\r\n0\r\n\r\n";
    for rest in ["\r\n", length, chunks] {
        // What is read at once, and what nobody reads until the end has been seen.
        for path in ["/", "/slow"] {
            let request = format!("POST {path} HTTP/1.1\r\nHost: h\r\n{rest}");
            let mut stream = running.connect();
            stream.write_all(request.as_bytes()).expect("sent");
            stream
                .shutdown(std::net::Shutdown::Write)
                .expect("half-closed");
            let (answer, closed) = exchange(&stream, b"", Duration::from_secs(3));
            let answer = String::from_utf8_lossy(&answer);
            let whole = path == "/" && rest == "\r\n" || answer.ends_with("slow");
            let answered = answer.starts_with("HTTP/1.1 200");
            assert!(answered && whole && closed, "{request}: {answer}");
        }
    }
}

#[get("/orders/{number}")]
async fn read_order(number: String) -> usize {
    assert!(number == "0", "as asked");
    number.len()
}

#[test]
fn panic_is_logged_with_its_route_and_not_with_its_path() {
    let log = Log::of_this_process();
    let served = Served::start(App::new().routes(routes![read_order]));
    let answer = served.ask("GET /orders/7081", &[]);
    assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
    let line = eventually("a line", || {
        let log = log.0.lock().expect("the log");
        let text = String::from_utf8_lossy(&log);
        let mut lines = text.lines();
        let line = lines.find(|line| line.contains("/orders/"));
        line.map(str::to_owned)
    });
    let named = line.contains("method=\"GET\" route=\"/orders/{number}\"");
    assert!(named && line.contains("a handler panicked"), "{line}");
    assert!(!line.contains("7081"), "{line}");
}
