//! Handshakes that are not finished, or are none.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use aplomb::prelude::*;
use aplomb::serve::{Limits, Server};

use crate::certificates::Certificates;
use crate::client::{Client, ask};
use crate::echo;
use crate::echo::running::Running;

/// What a client says first.
fn hello(certificates: &Certificates) -> Vec<u8> {
    let mut hello = Vec::new();
    let mut session = Client::of(certificates).session();
    session.write_tls(&mut hello).expect("a hello");
    hello
}

fn connect(address: SocketAddr, said: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("a connection");
    let patience = Some(Duration::from_secs(20));
    stream.set_read_timeout(patience).expect("a timeout");
    stream.write_all(said).expect("sent");
    stream
}

/// All that comes until the server closes.
fn rest(mut stream: &TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return all,
            Ok(count) => all.extend_from_slice(&buffer[..count]),
            Err(error) => {
                use std::io::ErrorKind::{TimedOut, WouldBlock};
                assert!(!matches!(error.kind(), TimedOut | WouldBlock), "left open");
                return all;
            }
        }
    }
}

/// How many handshakes of this process went so.
fn count(service: &aplomb::Service, outcome: &str) -> u64 {
    let start = format!("aplomb_tls_handshakes_total{{outcome=\"{outcome}\"}} ");
    let text = service.metrics().render();
    let line = text.lines().find_map(|line| line.strip_prefix(&*start));
    line.expect("a count").parse().expect("a number")
}

fn impatient() -> Limits {
    Limits {
        head_timeout: Duration::from_millis(700),
        ..Limits::default()
    }
}

#[test]
fn a_handshake_is_over_before_a_head_must_be() {
    let certificates = Certificates::new();
    let service = App::new().build();
    let server = Server::new(Arc::new(service.clone()))
        .limits(impatient())
        .tls(certificates.tls());
    let server = Running::start(server, 2);
    let late = count(&service, "late");
    let hello = hello(&certificates);
    let begun = Instant::now();
    let silent = connect(server.address, b"");
    let half = connect(server.address, &hello[..hello.len() / 2]);
    // The server has answered this one, and waits for what is to follow.
    let unfinished = connect(server.address, &hello);
    // A byte at a time is no progress.
    let mut slow = connect(server.address, &hello[..1]);
    for byte in &hello[1..] {
        std::thread::sleep(Duration::from_millis(100));
        if slow.write_all(&[*byte]).is_err() {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(15), "it goes on");
    }
    for stream in [silent, half, unfinished, slow] {
        rest(&stream);
    }
    // A session that is there, and a head that does not come, are within the same time.
    let begun = Instant::now();
    let mut stream = Client::of(&certificates)
        .connect(server.address)
        .expect("a handshake");
    stream.write_all(b"GET / HT").expect("sent");
    let ended = stream.read(&mut [0; 64]);
    assert_eq!(ended.expect("a close of TLS"), 0);
    assert!(begun.elapsed() < Duration::from_secs(5));
    let all_late = || count(&service, "late") >= late + 4;
    let begun = Instant::now();
    while !all_late() {
        assert!(begun.elapsed() < Duration::from_secs(10), "four were late");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The hello of TLS 1.0 at best: RFC 2246, section 7.4.1.2.
fn old_hello() -> Vec<u8> {
    let mut body = vec![3, 1];
    body.extend([7; 32]);
    body.extend([0, 0, 2, 0, 0x2f, 1, 0]);
    let mut hello = vec![1, 0, 0, u8::try_from(body.len()).expect("short")];
    hello.extend(body);
    let mut record = vec![22, 3, 1, 0, u8::try_from(hello.len()).expect("short")];
    record.extend(hello);
    record
}

#[test]
fn what_is_no_handshake_costs_its_connection_alone() {
    let certificates = Certificates::new();
    let service = App::new().build();
    let server = Server::new(Arc::new(service.clone())).tls(certificates.tls());
    let server = Running::start(server, 2);
    let (failed, done) = (count(&service, "failed"), count(&service, "done"));
    let mut patient = Client::of(&certificates)
        .connect(server.address)
        .expect("a handshake");
    let all_kinds = [
        b"GET / HTTP/1.1\r\nHost: h\r\n\r\n".to_vec(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        vec![0; 100],
        vec![0xff; 70_000],
        old_hello(),
    ];
    for said in &all_kinds {
        let begun = Instant::now();
        let stream = TcpStream::connect(server.address).expect("a connection");
        // It may be closed before all is out.
        let _ = (&stream).write_all(said);
        let answer = rest(&stream);
        assert!(begun.elapsed() < Duration::from_secs(10), "at once");
        assert!(!answer.starts_with(b"HTTP/"), "nothing in clear text");
        if *said == old_hello() {
            // An alert that is fatal: RFC 8446, section 6.
            assert_eq!(answer[..6], [21, 3, 3, 0, 2, 2]);
        }
    }
    let stranger = Client::of(&Certificates::new());
    assert!(stranger.connect(server.address).is_err());
    let (status, ..) = ask(&mut patient, "/").expect("an answer");
    assert_eq!(status, 404);
    let begun = Instant::now();
    while count(&service, "failed") < failed + all_kinds.len() as u64 + 1 {
        let failed = count(&service, "failed");
        assert!(begun.elapsed() < Duration::from_secs(10), "{failed}");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(count(&service, "done") > done);
}

#[test]
fn unfinished_handshakes_are_connections_and_do_not_hold_accepting() {
    let certificates = Certificates::new();
    let limits = Limits {
        connections: 20,
        ..impatient()
    };
    let server = echo(&certificates, limits);
    let client = Client::of(&certificates);
    let hello = hello(&certificates);
    let begun = Instant::now();
    let waiting: Vec<_> = (0..19).map(|_| connect(server.address, &hello)).collect();
    // There is one place left, which is not behind those.
    let mut stream = client.connect(server.address).expect("a handshake");
    let (status, ..) = ask(&mut stream, "/").expect("an answer");
    let (status_again, ..) = ask(&mut stream, "/").expect("an answer");
    assert_eq!((status, status_again), (200, 200));
    if begun.elapsed() < Duration::from_millis(400) {
        // Now there is none, until the time of those is over.
        let mut late = client.connect(server.address).expect("a handshake");
        let (status, ..) = ask(&mut late, "/").expect("an answer");
        assert_eq!(status, 200);
        assert!(
            begun.elapsed() > Duration::from_millis(650),
            "it had to wait"
        );
    }
    drop(waiting);
}
