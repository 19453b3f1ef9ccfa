//! A server that stops names what it does not let come to its end.

#[path = "observe/log.rs"]
mod log;
#[path = "server/served.rs"]
mod served;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use aplomb::middleware::Next;
use aplomb::prelude::*;
use aplomb::serve::Limits;
use log::Log;
use served::{Served, wait_until};

#[get("/")]
async fn root() -> &'static str {
    "root"
}

#[post("/uploads/{name}")]
async fn upload(name: String, numbers: Vec<i64>) -> String {
    format!("{name}: {}", numbers.len())
}

/// More than the buffers of a connection hold.
#[get("/reports/{year}")]
async fn report(year: u16) -> String {
    format!("{year}").repeat(3 << 20)
}

#[get("/ticks", response_class = EventStream)]
async fn ticks() -> impl Stream<Item = u8> {
    generate(async |events| {
        events.send(1).await;
        std::future::pending::<()>().await;
    })
}

#[get("/flood", response_class = EventStream)]
async fn flood() -> impl Stream<Item = String> {
    generate(async |events| {
        loop {
            events.send("x".repeat(1 << 16)).await;
        }
    })
}

#[websocket("/talk/{room}")]
async fn talk(socket: WebSocket, room: String) -> Result<()> {
    socket.accept().await?;
    socket.send_text(room).await?;
    loop {
        socket.receive_text().await?;
    }
}

#[get("/changes", deadline = "none")]
async fn changes() {
    std::future::pending::<()>().await;
}

#[post("/orders", deadline = "none")]
async fn order() {
    std::future::pending::<()>().await;
}

async fn noted(request: Request, next: Next) -> Result<Response> {
    tracing::info!("a request arrived");
    next.run(request).await
}

impl Log {
    /// The lines with these words.
    fn lines(&self, words: &str) -> Vec<String> {
        let log = self.0.lock().expect("the log");
        let text = std::str::from_utf8(&log).expect("text");
        let lines = text.lines().filter(|line| line.contains(words));
        lines.map(str::to_owned).collect()
    }

    /// The one line that has these words before its fields.
    fn line(&self, words: &str) -> String {
        let lines = self.lines(&format!("{words} "));
        assert_eq!(lines.len(), 1, "{words}: {:#?}", self.lines(""));
        lines.into_iter().next().unwrap_or_default()
    }
}

/// Reads until these bytes have come.
fn read_up_to(mut stream: &TcpStream, end: &str) {
    let mut read = Vec::new();
    while !read.ends_with(end.as_bytes()) {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("more");
        read.push(byte[0]);
    }
}

fn send(served: &Served, bytes: &str) -> TcpStream {
    let mut stream = served.connect();
    stream.write_all(bytes.as_bytes()).expect("sent");
    stream
}

// One test: the events come from threads of the server, so that all share one subscriber.
#[test]
fn what_is_cut_is_named_and_what_waits_is_not() {
    let log = Log::of_this_process();
    let app = App::new().middleware(noted).routes(routes![
        root, upload, report, ticks, flood, talk, changes, order
    ]);
    let limits = Limits {
        farewell: Duration::from_millis(200),
        shutdown_deadline: Duration::from_secs(3),
        ..Limits::default()
    };
    let served = Served::start(app, limits);
    let get = |path: &str| send(&served, &format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n"));

    let silent = served.connect();
    let idle = get("/");
    read_up_to(&idle, "\"root\"");
    let half_head = send(&served, "GET /half HTTP/1.1\r\nHo");
    let half_body = send(
        &served,
        "POST /uploads/cat?token=secret HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\
         Content-Length: 100\r\n\r\n[1,",
    );
    let unread = get("/reports/2026");
    let event_stream = get("/ticks");
    read_up_to(&event_stream, "data: 1\n\n");
    let unread_events = get("/flood");
    let websocket = send(
        &served,
        "GET /talk/blue HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    read_up_to(&websocket, "blue");
    let unanswered = get("/changes");
    let left = send(&served, "POST /orders HTTP/1.1\r\nHost: h\r\n\r\n");
    wait_until("all are being answered", || {
        log.lines("a request arrived").len() == 7
    });
    drop(left);
    wait_until("it goes on", || {
        !log.lines("the client left: the request goes on").is_empty()
    });
    // Until what nobody reads has filled every buffer.
    std::thread::sleep(Duration::from_millis(300));

    let head_of = half_head.local_addr().expect("an address");
    let body_of = half_body.local_addr().expect("an address");
    let took = served.stop();
    assert!(took < Duration::from_secs(6), "{took:?}");

    log.line("stopping listener=\"service\"");
    let ended = log.line("ends: an event stream of GET /ticks");
    assert!(ended.contains("phase=\"writing\""), "{ended}");
    assert!(ended.contains("INFO aplomb::serve::"), "{ended}");
    log.line("ends: an event stream of GET /flood");
    log.line("ends: a websocket of /talk/{room}");

    let head = log.line(&format!("cut: half a head from {head_of}"));
    assert!(head.contains("phase=\"head\""), "{head}");
    let body = log.line("cut: half a body of POST /uploads/{name}");
    assert!(body.contains("phase=\"body\""), "{body}");
    assert!(body.contains(&format!("client={body_of}")), "{body}");
    assert!(!body.contains("secret"), "{body}");
    let age = body.split("age_ms=").nth(1).expect("an age");
    let age: u64 = age.split(' ').next().map_or(Ok(0), str::parse).expect("ms");
    assert!((3300..60_000).contains(&age), "{body}");
    let answer = log.line("cut: an answer nobody reads of GET /reports/{year}");
    assert!(answer.contains("phase=\"writing\""), "{answer}");
    log.line("cut: an event stream of GET /flood");
    log.line("cut: a websocket of /talk/{room}");
    let handler = log.line("cut: no answer yet to GET /changes");
    assert!(handler.contains("phase=\"handler\""), "{handler}");
    log.line("cut: no answer yet to POST /orders");

    assert_eq!(log.lines("cut: ").len(), 7, "{:#?}", log.lines("cut: "));
    let end = log.line("stopped: not everything came to its end");
    assert!(end.ends_with("cut=7"), "{end}");
    drop((
        silent,
        idle,
        unread,
        unread_events,
        unanswered,
        event_stream,
    ));
}
