//! Slow clients over TLS are closed as they are in clear text.

use std::io::{ErrorKind, Read as _, Write as _};
use std::time::{Duration, Instant};

use aplomb::serve::Limits;

use crate::certificates::Certificates;
use crate::client::{Client, ask};
use crate::echo;

#[test]
fn an_answer_that_nobody_reads_ends() {
    let certificates = Certificates::new();
    let limits = Limits {
        write_timeout: Duration::from_millis(600),
        ..Limits::default()
    };
    let server = echo(&certificates, limits);
    let client = Client::of(&certificates);
    let mut stream = client.connect(server.address).expect("a handshake");
    // More than the buffers of the system hold.
    for _ in 0..8 {
        write!(stream, "GET /big HTTP/1.1\r\nHost: h\r\n\r\n").expect("sent");
    }
    std::thread::sleep(Duration::from_millis(2000));
    let mut all = Vec::new();
    let error = stream.read_to_end(&mut all).expect_err("cut");
    // No close of TLS: who reads to the end must not take this for the whole.
    use ErrorKind::{ConnectionReset, UnexpectedEof};
    assert!(
        matches!(error.kind(), ConnectionReset | UnexpectedEof),
        "{error}"
    );
    assert!(all.len() < 8 * (5 << 20), "{}", all.len());
}

#[tokio::test]
async fn an_answer_that_nobody_lets_come_ends_over_http2() {
    let certificates = Certificates::new();
    let limits = Limits {
        write_timeout: Duration::from_millis(600),
        ..Limits::default()
    };
    let server = echo(&certificates, limits);
    let mut shut = h2::client::Builder::new();
    shut.initial_window_size(0);
    let client = Client::of(&certificates);
    let (mut requests, connection) = client.http2_with(server.address, &shut).await;
    let request = http::Request::get("https://h.example/big").body(());
    let (answer, _) = requests
        .send_request(request.expect("a request"), true)
        .expect("sent");
    // Its window is never opened.
    let answer = answer.await.expect("an answer");
    let closed = tokio::time::timeout(Duration::from_secs(20), connection);
    drop(closed.await.expect("it stayed open"));
    drop(answer);
}

#[test]
fn a_body_that_does_not_come_ends() {
    let certificates = Certificates::new();
    let server = echo(&certificates, Limits::default());
    let client = Client::of(&certificates);
    let mut stream = client.connect(server.address).expect("a handshake");
    write!(
        stream,
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9999\r\n\r\nx"
    )
    .expect("sent");
    let begun = Instant::now();
    let mut all = Vec::new();
    let ended = stream.read_to_end(&mut all);
    // It is measured over 5 s.
    let took = begun.elapsed();
    let expected = Duration::from_secs(4)..Duration::from_secs(12);
    assert!(expected.contains(&took), "{took:?}: {ended:?}");
}

#[test]
fn an_idle_connection_ends_with_a_word() {
    let certificates = Certificates::new();
    let limits = Limits {
        idle_timeout: Duration::from_millis(500),
        ..Limits::default()
    };
    let server = echo(&certificates, limits);
    let client = Client::of(&certificates);
    let mut stream = client.connect(server.address).expect("a handshake");
    assert_eq!(ask(&mut stream, "/").expect("an answer").0, 200);
    let begun = Instant::now();
    // An end without a close of TLS is an error.
    assert_eq!(stream.read(&mut [0; 16]).expect("a close of TLS"), 0);
    let took = begun.elapsed();
    let expected = Duration::from_millis(300)..Duration::from_secs(5);
    assert!(expected.contains(&took), "{took:?}");
}

#[test]
fn a_client_that_only_closes_its_sending_side_is_answered() {
    let certificates = Certificates::new();
    let server = echo(&certificates, Limits::default());
    let client = Client::of(&certificates);
    for says_so in [true, false] {
        let mut stream = client.connect(server.address).expect("a handshake");
        write!(stream, "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n").expect("sent");
        if says_so {
            stream.conn.send_close_notify();
            stream.conn.write_tls(&mut stream.sock).expect("sent");
        }
        stream
            .sock
            .shutdown(std::net::Shutdown::Write)
            .expect("closed");
        let mut answer = Vec::new();
        stream
            .read_to_end(&mut answer)
            .expect("an answer and a close of TLS");
        assert!(
            answer.ends_with(b"slow"),
            "{says_so}: {}",
            answer.escape_ascii()
        );
    }
}
