//! Load over TLS, against a server that does what is needed for that and no more.
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use loadtool::client;
use loadtool::plan::Thread;
use loadtool::samples::Outcome;
use loadtool::transport::Dialer;
use rcgen::CertifiedKey;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

/// Longer than a record of TLS, and than what is read at a time.
const LENGTH: usize = 1 << 20;

/// What one connection said before its first request: its protocol and whether it was resumed.
type Hands = (String, bool);

struct Server {
    port: u16,
    folder: tempfile::TempDir,
    shaken: Arc<Mutex<Vec<Hands>>>,
}

impl Server {
    fn start() -> Self {
        let CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("certificate.pem"), cert.pem()).expect("written");
        let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .expect("a key");
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let (config, shaken) = (Arc::new(config), Arc::<Mutex<Vec<_>>>::default());
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let seen = Arc::clone(&shaken);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let session = ServerConnection::new(Arc::clone(&config)).expect("a session");
                let seen = Arc::clone(&seen);
                std::thread::spawn(move || serve(StreamOwned::new(session, stream), &seen));
            }
        });
        Self {
            port,
            folder,
            shaken,
        }
    }

    fn certificate(&self) -> std::path::PathBuf {
        self.folder.path().join("certificate.pem")
    }

    /// What became of the requests of a thread, and how its connections began.
    fn ask(&self, trusted: &Path, thread: Value) -> (Vec<Outcome>, Vec<Hands>) {
        let thread: Thread = serde_json::from_value(thread).expect("a thread");
        let dialer = Dialer::new(self.port, false).secured(trusted, thread.http2);
        let found = client::run(dialer.expect("a certificate"), &thread, Instant::now());
        let samples = found.into_iter().flat_map(|(_, samples)| samples);
        let hands = std::mem::take(&mut *self.shaken.lock().expect("no panic"));
        (samples.map(|sample| sample.outcome).collect(), hands)
    }
}

type Stream = StreamOwned<ServerConnection, std::net::TcpStream>;

/// Answers all requests of one connection.
fn serve(mut stream: Stream, shaken: &Mutex<Vec<Hands>>) -> Option<()> {
    stream.conn.complete_io(&mut stream.sock).ok()?;
    let protocol = String::from_utf8(stream.conn.alpn_protocol()?.to_vec()).ok()?;
    let is_resumed = stream.conn.handshake_kind() == Some(rustls::HandshakeKind::Resumed);
    let is_http2 = protocol == "h2";
    shaken.lock().ok()?.push((protocol, is_resumed));
    if is_http2 {
        http2(stream)
    } else {
        http1(stream)
    }
}

fn http1(mut stream: Stream) -> Option<()> {
    let mut head = Vec::new();
    loop {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
        if head.ends_with(b"\r\n\r\n") {
            head.clear();
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {LENGTH}\r\n\r\n");
            stream.write_all(answer.as_bytes()).ok()?;
            stream.write_all(&vec![b'x'; LENGTH]).ok()?;
            stream.flush().ok()?;
        }
    }
}

fn http2(mut stream: Stream) -> Option<()> {
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).ok()?;
    stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).ok()?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).ok()?;
        let mut payload = vec![0; usize::from(head[1]) << 8 | usize::from(head[2])];
        stream.read_exact(&mut payload).ok()?;
        if head[3] == 1 {
            // `:status: 200` to who asks for https, and the end.
            let status = if payload.get(1) == Some(&0x87) {
                0x88
            } else {
                0x8c
            };
            let mut answer = vec![0, 0, 1, 1, 5];
            answer.extend_from_slice(&head[5..]);
            answer.push(status);
            stream.write_all(&answer).ok()?;
            stream.flush().ok()?;
        }
    }
}

fn source(more: Value) -> Value {
    let mut source = json!({"name": "asking", "paths": ["/"], "from": 0.0, "to": 0.4, "rate": 50});
    let fields = source.as_object_mut().expect("an object");
    fields.extend(more.as_object().expect("an object").clone());
    source
}

#[test]
fn http1_is_asked_over_tls() {
    let server = Server::start();
    let thread = json!({"connections": 2, "sources": [source(json!({}))]});
    let (outcomes, hands) = server.ask(&server.certificate(), thread);
    assert_eq!(outcomes, [Outcome::Ok; 20]);
    assert!(hands.iter().all(|(protocol, _)| protocol == "http/1.1"));
    assert!(hands.len() < 20, "connections are kept");
}

#[test]
fn fresh_connections_shake_hands_anew() {
    let server = Server::start();
    let thread = json!({"connections": 0, "sources": [source(json!({"fresh": true}))]});
    let (outcomes, hands) = server.ask(&server.certificate(), thread);
    assert_eq!(outcomes, [Outcome::Ok; 20]);
    assert_eq!(hands, vec![("http/1.1".to_owned(), false); 20]);
}

#[test]
fn http2_is_asked_over_tls() {
    let server = Server::start();
    let thread = json!({"http2": true, "sources": [source(json!({}))]});
    let (outcomes, hands) = server.ask(&server.certificate(), thread);
    assert_eq!(outcomes, [Outcome::Ok; 20]);
    assert_eq!(hands, [("h2".to_owned(), false)]);
}

#[test]
fn a_server_with_another_certificate_gets_no_request() {
    let (server, other) = (Server::start(), Server::start());
    let thread = json!({"sources": [source(json!({}))]});
    let (outcomes, hands) = server.ask(&other.certificate(), thread);
    assert!(
        outcomes.iter().all(|outcome| *outcome == Outcome::Broken),
        "{outcomes:?}"
    );
    assert_eq!(hands, []);
}
