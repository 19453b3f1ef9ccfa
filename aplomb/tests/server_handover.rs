//! SIGUSR2: a successor takes over, and nobody is refused meanwhile.
#![cfg(unix)]

#[path = "server/program.rs"]
mod program;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use program::Program;

/// Not a test by itself: the process that the others start and signal.
#[test]
fn program() {
    program::serve_if_asked();
}

/// Reads one answer with a `content-length`; its head and body.
fn read_answer(mut stream: &TcpStream) -> std::io::Result<(String, String)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("a head");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.expect("a length").parse().expect("a number")];
    stream.read_exact(&mut body)?;
    Ok((head, String::from_utf8(body).expect("text")))
}

fn connect(address: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    Ok(stream)
}

fn ask(mut stream: &TcpStream, path: &str) -> std::io::Result<(String, String)> {
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n").as_bytes())?;
    read_answer(stream)
}

/// The number of the process that answers new connections.
fn process(address: SocketAddr) -> u32 {
    let stream = connect(address).expect("a connection");
    let (_, body) = ask(&stream, "/process").expect("an answer");
    body.parse().expect("a number")
}

/// Waits until something is so, for as long as a test may take.
fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn lives(id: u32) -> bool {
    let state = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // What nobody has waited for yet has ended all the same.
    state
        .rsplit_once(") ")
        .is_some_and(|(_, state)| !state.starts_with('Z'))
}

#[test]
fn a_successor_takes_over_and_no_client_notices() {
    let mut program = Program::with("usual", &[("MANAGEMENT", "127.0.0.1:0")]);
    let address = program.address;
    let management = program.wait_for("  management ");
    let (_, management) = management.split_once("http://").expect("an address");
    let management: SocketAddr = management.parse().expect("an address");
    let (stop, answered) = (AtomicBool::new(false), AtomicUsize::new(0));
    let last = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..12)
            .map(|number| {
                let (stop, answered) = (&stop, &answered);
                scope.spawn(move || {
                    while !stop.load(Relaxed) {
                        let stream = connect(address).expect("a connection");
                        // A third opens a connection for every request.
                        for _ in 0..if number % 3 == 0 { 1 } else { usize::MAX } {
                            let (head, _) = ask(&stream, "/items/7").expect("an answer");
                            answered.fetch_add(1, Relaxed);
                            if head.contains("connection: close") || stop.load(Relaxed) {
                                break;
                            }
                        }
                    }
                })
            })
            .collect();
        let probes = scope.spawn(|| {
            while !stop.load(Relaxed) {
                let probe = connect(management).expect("a connection");
                let (head, body) = ask(&probe, "/readyz").expect("an answer");
                assert!(head.starts_with("HTTP/1.1 200"), "{body}");
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        let mut serving = process(address);
        assert_eq!(serving, program.id);
        for _ in 0..3 {
            let before = answered.load(Relaxed);
            wait_until("answers", || answered.load(Relaxed) > before + 200);
            program::signal(serving, "USR2");
            wait_until("the predecessor ends", || !lives(serving));
            let successor = process(address);
            assert_ne!(successor, serving);
            serving = successor;
        }
        stop.store(true, Relaxed);
        for client in clients {
            client.join().expect("every request is answered");
        }
        probes.join().expect("ready all along");
        serving
    });
    program.wait();
    program::signal(last, "TERM");
    wait_until("the last ends", || !lives(last));
    assert!(connect(address).is_err() && connect(management).is_err());
}

#[test]
fn a_successor_that_does_not_start_changes_nothing() {
    let mut program = Program::with("no-successor", &[]);
    let stream = connect(program.address).expect("a connection");
    program.signal("USR2");
    program.wait_for("no successor: this process goes on");
    let (_, body) = ask(&stream, "/process").expect("an answer");
    assert_eq!(body, program.id.to_string());
    assert_eq!(process(program.address), program.id);
    program.signal("TERM");
    program.wait();
}

#[test]
fn a_successor_that_hangs_is_ended_and_changes_nothing() {
    let mut program = Program::with("hung-successor", &[]);
    let stream = connect(program.address).expect("a connection");
    program.signal("USR2");
    let hangs = program.wait_for("hangs as ");
    let (_, successor) = hangs.split_once("hangs as ").expect("its number");
    let successor = successor.parse().expect("a number");
    assert!(lives(successor));
    // It is answered meanwhile, and afterwards.
    assert_eq!(process(program.address), program.id);
    let line = program.wait_for("no successor: this process goes on");
    assert!(line.contains("no connections after 1 s"), "{line}");
    assert!(!lives(successor));
    let (_, body) = ask(&stream, "/process").expect("an answer");
    assert_eq!(body, program.id.to_string());
    assert_eq!(process(program.address), program.id);
    program.signal("TERM");
    program.wait();
}

#[test]
fn what_a_successor_starts_has_none_of_its_sockets() {
    let mut program = Program::with("child", &[("MANAGEMENT", "127.0.0.1:0")]);
    program.signal("USR2");
    program.wait();
    let stream = connect(program.address).expect("a connection");
    let successor = process(program.address);
    let (_, child) = ask(&stream, "/child").expect("an answer");
    assert_eq!(child, "\"none 0\"");
    program::signal(successor, "TERM");
    wait_until("the last ends", || !lives(successor));
}

#[test]
fn an_address_is_given_up_before_the_last_request_has_ended() {
    let mut program = Program::start();
    let mut reader = connect(program.address).expect("a connection");
    let request = b"GET /report HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    reader.write_all(request).expect("a request");
    reader.read_exact(&mut [0]).expect("an answer that begins");
    program.signal("TERM");
    program.wait_for("stopping");
    wait_until("refused", || connect(program.address).is_err());
    assert!(lives(program.id), "the report is still being read");
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).expect("the whole answer");
    assert!(rest.len() > program::REPORT_LENGTH);
    program.wait();
}

#[test]
fn the_last_takes_its_paths_along() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name| folder.path().join(name).to_str().expect("text").to_owned();
    let (service, management) = (path("service"), path("management"));
    let unix = format!("unix:{management}");
    let variables = [("HOST", "unix"), ("PORT", &*service), ("MANAGEMENT", &unix)];
    let mut program = Program::with("usual", &variables);
    let process = || -> u32 {
        let mut stream = UnixStream::connect(&service).expect("a connection");
        let request = b"GET /process HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
        stream.write_all(request).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        body.parse().expect("a number")
    };
    let mut serving = program.id;
    for _ in 0..2 {
        program::signal(serving, "USR2");
        wait_until("the predecessor ends", || !lives(serving));
        serving = process();
        UnixStream::connect(&management).expect("a connection");
    }
    program.wait();
    program::signal(serving, "TERM");
    wait_until("the last ends", || !lives(serving));
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
