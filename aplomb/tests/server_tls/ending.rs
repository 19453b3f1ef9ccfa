//! The end of a server, and of single connections, over TLS.

use std::io::{ErrorKind, Read as _, Write as _};
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use aplomb::serve::Limits;

use crate::certificates::Certificates;
use crate::client::{Client, ask, fetch, read_answer};
use crate::echo;

#[test]
fn what_is_open_comes_to_its_end() {
    let certificates = Certificates::new();
    let mut server = echo(&certificates, Limits::default());
    let client = Client::of(&certificates);
    let connect = || client.connect(server.address).expect("a handshake");
    let (mut idle, mut busy, mut streaming) = (connect(), connect(), connect());
    assert_eq!(ask(&mut idle, "/").expect("an answer").0, 200);
    write!(busy, "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n").expect("sent");
    write!(streaming, "GET /events HTTP/1.1\r\nHost: h\r\n\r\n").expect("sent");
    streaming.read_exact(&mut [0; 100]).expect("an event");
    std::thread::sleep(Duration::from_millis(150));
    server.ask_to_stop();
    let (status, head, body) = read_answer(&mut busy).expect("an answer");
    assert_eq!((status, &*body), (200, &b"slow"[..]));
    assert!(head.contains("connection: close"), "{head}");
    // Each has a close of TLS at its end, or reading is an error.
    for mut stream in [idle, busy, streaming] {
        stream.read_to_end(&mut Vec::new()).expect("a close of TLS");
    }
    assert!(server.stop() < Duration::from_secs(3));
}

#[tokio::test]
async fn http2_says_goodbye() {
    let certificates = Certificates::new();
    let mut server = echo(&certificates, Limits::default());
    let client = Client::of(&certificates);
    let (mut requests, connection) = client.http2(server.address).await;
    let mut slow = requests.clone();
    let slow = tokio::spawn(async move { fetch(&mut slow, "/slow", "").await });
    tokio::time::sleep(Duration::from_millis(150)).await;
    server.ask_to_stop();
    let slow = slow.await.expect("no panic").expect("an answer");
    assert_eq!(slow.1, b"slow");
    // GOAWAY without an error, and a close of TLS behind it.
    connection.await.expect("no panic").expect("a goodbye");
    assert!(fetch(&mut requests, "/", "").await.is_err());
    assert!(server.stop() < Duration::from_secs(3));
}

#[test]
fn a_handshake_does_not_hold_up_the_end() {
    let certificates = Certificates::new();
    let server = echo(&certificates, Limits::default());
    let client = Client::of(&certificates);
    let mut stream = client.open(server.address);
    stream.conn.write_tls(&mut stream.sock).expect("sent");
    std::thread::sleep(Duration::from_millis(100));
    let took = server.stop();
    assert!(took < Duration::from_secs(3), "{took:?}");
}

#[test]
fn an_answer_that_breaks_off_has_no_close() {
    let certificates = Certificates::new();
    let server = echo(&certificates, Limits::default());
    let client = Client::of(&certificates);
    let mut stream = client.connect(server.address).expect("a handshake");
    // HTTP/1.0: nothing but the end of the connection says where the answer ends.
    write!(stream, "GET /panic-in-body HTTP/1.0\r\nHost: h\r\n\r\n").expect("sent");
    let mut answer = Vec::new();
    let error = stream.read_to_end(&mut answer).expect_err("cut");
    use ErrorKind::{ConnectionReset, UnexpectedEof};
    assert!(
        matches!(error.kind(), ConnectionReset | UnexpectedEof),
        "{error}"
    );
    assert!(answer.ends_with(b"piece"), "{}", answer.escape_ascii());
}

#[test]
fn a_client_that_leaves_is_noticed() {
    let certificates = Certificates::new();
    let server = echo(&certificates, Limits::default());
    let client = Client::of(&certificates);
    let mut stream = client.connect(server.address).expect("a handshake");
    write!(stream, "GET /forever HTTP/1.1\r\nHost: h\r\n\r\n").expect("sent");
    std::thread::sleep(Duration::from_millis(100));
    drop(stream);
    let begun = Instant::now();
    while server.echo.dropped.load(SeqCst) == 0 {
        assert!(begun.elapsed() < Duration::from_secs(10), "it goes on");
        std::thread::sleep(Duration::from_millis(10));
    }
}
