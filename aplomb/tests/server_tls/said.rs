//! What is said over TLS: protocols, schemes, WebSockets.

use std::io::Write as _;
use std::sync::Arc;

use aplomb::middleware::HttpsRedirect;
use aplomb::prelude::*;
use aplomb::serve::{Limits, Server};

use crate::certificates::Certificates;
use crate::client::{Client, ask, fetch, read_answer, read_head};
use crate::echo;
use crate::echo::running::Running;

#[test]
fn protocols_and_versions_are_the_clients_choice() {
    let certificates = Certificates::new();
    let server = echo(&certificates, Limits::default());
    for version in rustls::ALL_VERSIONS {
        let client = Client::with(&certificates, &[version], None);
        for (asked, chosen) in [
            (["http/1.1"].as_slice(), Some("http/1.1")),
            (&["http/1.1", "h2"], Some("h2")),
            (&[], None),
        ] {
            let client = client.clone().speaking(asked);
            let mut stream = client.connect(server.address).expect("a handshake");
            let spoken = stream.conn.alpn_protocol();
            assert_eq!(spoken, chosen.map(str::as_bytes), "{asked:?}");
            assert_eq!(stream.conn.protocol_version(), Some(version.version));
            if chosen != Some("h2") {
                for _ in 0..2 {
                    let (status, head, _) = ask(&mut stream, "/big").expect("an answer");
                    assert_eq!(status, 200, "{head}");
                }
            }
        }
        let unknown = client.speaking(&["gopher"]).connect(server.address);
        assert!(unknown.is_err(), "nothing else is spoken");
    }
}

#[tokio::test]
async fn http2_is_spoken_with_the_limits_of_clear_text() {
    let certificates = Certificates::new();
    let limits = Limits {
        body_bytes: 5,
        ..Limits::default()
    };
    let server = echo(&certificates, limits);
    let (mut requests, _) = Client::of(&certificates).http2(server.address).await;
    let mut slow = requests.clone();
    let slow = tokio::spawn(async move { fetch(&mut slow, "/slow", "").await });
    let answer = fetch(&mut requests, "/", "hello").await;
    assert_eq!(answer.expect("an answer"), (200, b"hello".to_vec()));
    assert!(!slow.is_finished(), "side by side");
    let refused = fetch(&mut requests, "/", "hello!").await;
    assert_eq!(refused.expect("an answer").0, 413);
    let (status, body) = fetch(&mut requests, "/big", "").await.expect("an answer");
    assert_eq!((status, body.len()), (200, 5 << 20));
    let slow = slow.await.expect("no panic").expect("an answer");
    assert_eq!(slow.1, b"slow");
}

#[route("/where/{item}", methods = ["GET", "POST"])]
async fn read_where(item: String, request: Request) -> Result<Value> {
    let link = request.url_for("read_where", &[("item", &item)])?;
    Ok(json!([
        request.scheme(),
        request.url(),
        request.base_url(),
        link
    ]))
}

#[websocket("/echo")]
async fn echo_socket(socket: WebSocket) -> Result<()> {
    socket.accept().await?;
    loop {
        let message = socket.receive_message().await?;
        socket.send_message(message).await?;
    }
}

fn served(certificates: &Certificates) -> Running {
    let app = App::new()
        .middleware(HttpsRedirect)
        .routes(routes![read_where, echo_socket]);
    let server = Server::new(Arc::new(app.build())).tls(certificates.tls());
    Running::start(server, 2)
}

fn expected(host: &str) -> Value {
    let link = format!("https://{host}/where/7");
    json!([
        "https",
        format!("{link}?a=b"),
        format!("https://{host}/"),
        link
    ])
}

#[tokio::test]
async fn requests_know_that_they_are_secure() {
    let certificates = Certificates::new();
    let server = served(&certificates);
    let client = Client::of(&certificates);
    let (mut requests, _) = client.http2(server.address).await;
    let answer = fetch(&mut requests, "/where/7?a=b", "").await;
    let (status, body) = answer.expect("an answer");
    assert_eq!(status, 200, "not sent elsewhere");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(body, expected("h.example"));

    let mut stream = client.connect(server.address).expect("a handshake");
    let (status, head, body) = ask(&mut stream, "/where/7?a=b").expect("an answer");
    assert_eq!(status, 200, "{head}");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(body, expected("h"));
}

#[test]
fn websockets_are_spoken_and_pages_of_the_same_origin_may_open_them() {
    let certificates = Certificates::new();
    let server = served(&certificates);
    let open = |origin: &str| {
        let client = Client::of(&certificates);
        let mut stream = client.connect(server.address).expect("a handshake");
        write!(
            stream,
            "GET /echo HTTP/1.1\r\nHost: shop.example\r\nOrigin: {origin}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        .expect("sent");
        stream
    };
    let mut stream = open("http://shop.example");
    let (status, ..) = read_answer(&mut stream).expect("an answer");
    assert_eq!(status, 403, "a page in clear text is another origin");
    let mut stream = open("https://shop.example");
    let head = read_head(&mut stream).expect("an answer");
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    // A text and a close, masked with zeros, and both unmasked.
    let text = [&[0x81, 0x85, 0, 0, 0, 0][..], b"hello"].concat();
    let close = [0x88, 0x82, 0, 0, 0, 0, 3, 232];
    stream.write_all(&text).expect("sent");
    stream.write_all(&close).expect("sent");
    let mut answers = Vec::new();
    // It ends with a close of TLS, or this is an error.
    std::io::Read::read_to_end(&mut stream, &mut answers).expect("an end");
    assert_eq!(answers, b"\x81\x05hello\x88\x02\x03\xe8");
}
