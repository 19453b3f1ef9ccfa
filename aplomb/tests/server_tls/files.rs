//! The files of certificates and keys: what is wrong with them, and what is new in them.

use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aplomb::prelude::*;
use aplomb::serve::{Server, Tls};

use crate::certificates::Certificates;
use crate::client::{Client, Stream, ask};
use crate::echo::EchoServer;

/// Why a server does not start.
fn problem(tls: Tls) -> String {
    let service = Arc::new(App::new().build());
    let server = Server::new(service).address("127.0.0.1:0").tls(tls);
    server.bind().map(drop).expect_err("refused").to_string()
}

#[test]
fn what_is_wrong_is_said_with_its_file() {
    let certificates = Certificates::new();
    let path = |name| certificates.path(name);
    certificates.write("empty.pem", "");
    certificates.write(
        "broken.pem",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );
    certificates.write(
        "encrypted.pem",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
    );
    certificates.write("other.pem", &certificates.sign("127.0.0.1").key);
    let with = |certificate, key| problem(Tls::from_files(path(certificate), path(key)));
    let clients = |authorities| {
        problem(
            certificates
                .tls()
                .require_client_certificates(path(authorities)),
        )
    };
    for (problem, file, what) in [
        (with("none.pem", "key.pem"), "none.pem", "No such file"),
        (
            with("certificate.pem", "none.pem"),
            "none.pem",
            "No such file",
        ),
        (with("empty.pem", "key.pem"), "empty.pem", "no certificate"),
        (with("key.pem", "key.pem"), "key.pem", "no certificate"),
        (with("broken.pem", "key.pem"), "broken.pem", ""),
        (
            with("certificate.pem", "empty.pem"),
            "empty.pem",
            "no private key",
        ),
        (
            with("certificate.pem", "certificate.pem"),
            "certificate.pem",
            "no private key",
        ),
        (
            with("certificate.pem", "encrypted.pem"),
            "encrypted.pem",
            "is encrypted",
        ),
        (
            with("certificate.pem", "other.pem"),
            "other.pem",
            "does not belong to",
        ),
        (clients("none.pem"), "none.pem", "No such file"),
        (clients("empty.pem"), "empty.pem", "no certificate"),
        (clients("broken.pem"), "broken.pem", ""),
    ] {
        let start = format!("no TLS with {}: ", path(file).display());
        assert!(problem.starts_with(&start), "{problem}");
        assert!(problem[start.len()..].contains(what), "{problem}");
    }
}

/// What the server shows to who comes now.
fn shown(client: &Client, server: &EchoServer) -> Vec<u8> {
    let stream = client.open(server.address);
    let stream = finish(stream).expect("a handshake");
    let shown = stream.conn.peer_certificates().expect("certificates");
    shown[0].to_vec()
}

fn finish(mut stream: Stream) -> std::io::Result<Stream> {
    stream.conn.complete_io(&mut stream.sock)?;
    stream.flush()?;
    Ok(stream)
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_new_certificate_is_shown_without_a_restart_and_a_broken_one_is_not() {
    let certificates = Certificates::new();
    let tls = certificates.tls().reload_every(Duration::from_millis(50));
    let server = EchoServer::start_with(|server| server.tls(tls));
    let client = Client::of(&certificates);
    let first = shown(&client, &server);
    assert_eq!(shown(&client, &server), first);
    let mut open = client.connect(server.address).expect("a handshake");

    // The new certificate is there before its key, and then something else is.
    let new = certificates.sign("127.0.0.1");
    certificates.write("certificate.pem", &new.certificate);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(shown(&client, &server), first);
    std::fs::remove_file(certificates.path("key.pem")).expect("removed");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(shown(&client, &server), first);

    certificates.write("key.pem", &new.key);
    let (certificate, _) = new.der();
    wait_until("the new one", || {
        shown(&client, &server) == certificate.to_vec()
    });
    // Who was there before notices nothing.
    assert_eq!(ask(&mut open, "/").expect("an answer").0, 200);
}
