//! A process that serves TLS, and the signals it gets.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crate::certificates::Certificates;
use crate::client::{Client, ask};
use crate::program::{self, Program};

fn start(certificates: &Certificates) -> Program {
    let path = |name| certificates.path(name).to_str().expect("text").to_owned();
    let (certificate, key) = (path("certificate.pem"), path("key.pem"));
    let variables = [("SSL_CERTFILE", &*certificate), ("SSL_KEYFILE", &*key)];
    Program::with("usual", &variables)
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_successor_takes_over_and_no_client_notices() {
    let certificates = Certificates::new();
    let mut program = start(&certificates);
    let (address, client) = (program.address, Client::of(&certificates));
    let process = || -> u32 {
        let mut stream = client.connect(address).expect("a handshake");
        let (_, _, body) = ask(&mut stream, "/process").expect("an answer");
        String::from_utf8(body)
            .expect("text")
            .parse()
            .expect("a number")
    };
    let (stop, answered) = (AtomicBool::new(false), AtomicUsize::new(0));
    let last = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|number| {
                let (stop, answered, client) = (&stop, &answered, &client);
                scope.spawn(move || {
                    while !stop.load(Relaxed) {
                        let mut stream = client.connect(address).expect("a handshake");
                        // Half of them open a connection for every request.
                        for _ in 0..if number % 2 == 0 { 1 } else { usize::MAX } {
                            let (_, head, _) = ask(&mut stream, "/items/7").expect("an answer");
                            answered.fetch_add(1, Relaxed);
                            if head.contains("connection: close") || stop.load(Relaxed) {
                                break;
                            }
                        }
                    }
                })
            })
            .collect();
        let mut serving = process();
        assert_eq!(serving, program.id);
        for _ in 0..2 {
            let before = answered.load(Relaxed);
            wait_until("answers", || answered.load(Relaxed) > before + 50);
            let predecessor = serving;
            program::signal(serving, "USR2");
            wait_until("a successor", || process() != predecessor);
            serving = process();
        }
        stop.store(true, Relaxed);
        for client in clients {
            client.join().expect("every request is answered");
        }
        serving
    });
    program.wait();
    program::signal(last, "TERM");
    wait_until("the last ends", || {
        std::net::TcpStream::connect(address).is_err()
    });
}

#[test]
fn a_handshake_that_is_cut_is_named() {
    let certificates = Certificates::new();
    let mut program = start(&certificates);
    let mut stream = Client::of(&certificates).open(program.address);
    stream.conn.write_tls(&mut stream.sock).expect("sent");
    // The server has answered, and waits.
    stream.conn.read_tls(&mut stream.sock).expect("an answer");
    program.signal("TERM");
    program.wait_for("cut: half a handshake with 127.0.0.1");
    program.wait();
}
