//! [`Served`]: the service that the console looks into.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Once;
use std::thread;
use std::time::Duration;

use aplomb::observe::LiveFilter;
use aplomb::prelude::*;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;

use crate::beside::Beside;
use crate::prediction;

/// Always fails.
#[get("/broken")]
async fn broken() -> Result<()> {
    Err(std::io::Error::other("boom").into())
}

/// Whatever a client says.
#[get("/echo")]
async fn echo(q: String) -> usize {
    tracing::debug!(letters = q.len(), "echoed");
    q.len()
}

/// Lets levels decide what events and spans of this process give out.
pub(super) fn listen_to_levels() {
    static FIRST: Once = Once::new();
    FIRST.call_once(|| {
        let lines = tracing_subscriber::fmt::layer()
            .with_writer(std::io::sink)
            .with_filter(LiveFilter::new(LevelFilter::INFO));
        tracing_subscriber::registry().with(lines).init();
    });
}

/// A service with its management listener, on ports of their own.
pub(super) struct Served {
    pub(super) public: u16,
    pub(super) management: u16,
    _beside: Beside,
}

impl Served {
    /// The service of the example, whose store takes so long for new customers.
    pub(super) fn start(scan: Duration) -> Self {
        Self::of(prediction::app(scan).routes(routes![broken, echo]))
    }

    pub(super) fn of(app: App) -> Self {
        let ports = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port"));
        let [public, management] = ports.map(|port| port.local_addr().expect("its number").port());
        let app = app
            .quiet()
            .address(&*format!("127.0.0.1:{public}"))
            .management(&*format!("127.0.0.1:{management}"));
        let beside = Beside::start(app);
        for port in [public, management] {
            while TcpStream::connect(("127.0.0.1", port)).is_err() {
                thread::sleep(Duration::from_millis(5));
            }
        }
        Self {
            public,
            management,
            _beside: beside,
        }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.management)
    }

    /// Sends a request, and reads the whole answer.
    pub(super) fn ask(port: u16, line: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
        let length = body.len();
        let head = format!(
            "{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n{headers}\r\n"
        );
        stream.write_all((head + body).as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    pub(super) fn predict(&self, customer: &str) {
        let line = format!("POST /predict/{customer}");
        let answer = Self::ask(self.public, &line, "", r#"{"price": 3}"#);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    /// Sends a request and does not wait for the answer.
    pub(super) fn ask_for(&self, customer: &str) -> thread::JoinHandle<()> {
        let (port, line) = (self.public, format!("POST /predict/{customer}"));
        thread::spawn(move || drop(Self::ask(port, &line, "", r#"{"price": 3}"#)))
    }
}
