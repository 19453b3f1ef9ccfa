//! A served app with its management listener, and requests to both.

#![allow(dead_code, reason = "every test file uses the part it needs")]

#[path = "../server/beside.rs"]
mod beside;

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use aplomb::prelude::*;
use beside::Beside;
use tempfile::TempDir;

/// A served app with its management listener; dropping it stops both.
pub(crate) struct Served {
    /// The first, so that it ends before its folder does.
    _beside: Beside,
    folder: TempDir,
}

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(30);

impl Served {
    pub(crate) fn start(app: App) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| format!("unix:{}", folder.path().join(name).display());
        let app = app
            .quiet()
            .address(&*at("public"))
            .management(&*at("management"));
        let beside = Beside::start(app);
        let served = Self {
            folder,
            _beside: beside,
        };
        eventually("the service listens", || {
            served.connect("public").and(served.connect("management"))
        });
        served
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn connect(&self, name: &str) -> Option<UnixStream> {
        let stream = UnixStream::connect(self.path(name)).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        Some(stream)
    }

    /// Status and body of an answer of the service or of its management listener.
    pub(crate) fn ask(
        &self,
        of: &str,
        line: &str,
        headers: &[&str],
        body: Option<&Value>,
    ) -> (u16, String) {
        let mut stream = self.connect(of).expect("a connection");
        let body = body.map(ToString::to_string).unwrap_or_default();
        let mut head = format!("{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
        if !body.is_empty() {
            let length = body.len();
            head += &format!("content-type: application/json\r\ncontent-length: {length}\r\n");
        }
        for header in headers {
            head += &format!("{header}\r\n");
        }
        stream
            .write_all(format!("{head}\r\n{body}").as_bytes())
            .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        let body = match head
            .to_ascii_lowercase()
            .contains("transfer-encoding: chunked")
        {
            true => unchunked(body),
            false => body.to_owned(),
        };
        (status.expect("a status"), body)
    }

    /// Sends a request to the management listener, and goes away a little later.
    pub(crate) fn begin(&self, line: &str, body: &Value) {
        let mut stream = self.connect("management").expect("a connection");
        let body = body.to_string();
        let length = body.len();
        let head = format!(
            "{line} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(head.as_bytes()).expect("sent");
        sleep(Duration::from_millis(300));
    }

    /// The answer of the service, as JSON.
    pub(crate) fn public(&self, line: &str, body: Option<&Value>) -> (u16, Value) {
        let (status, body) = self.ask("public", line, &[], body);
        (status, body.parse().unwrap_or_default())
    }

    /// The answer of the management listener, as JSON.
    pub(crate) fn live(&self, line: &str, body: Option<&Value>) -> (u16, Value) {
        let (status, body) = self.ask("management", line, &[], body);
        (status, body.parse().unwrap_or_default())
    }

    /// Sets a probe that is accepted; its id.
    #[track_caller]
    pub(crate) fn set(&self, probe: &Value) -> String {
        let (status, answer) = self.live("POST /live/probes", Some(probe));
        assert_eq!(status, 201, "{answer}");
        answer["id"].as_str().expect("an id").to_owned()
    }

    /// Sets a probe that is refused; why.
    #[track_caller]
    pub(crate) fn refused(&self, probe: &Value) -> Value {
        let (status, answer) = self.live("POST /live/probes", Some(probe));
        assert!((400..=409).contains(&status), "{status} {answer}");
        answer["detail"].clone()
    }

    /// A probe as it is now.
    pub(crate) fn probe(&self, id: &str) -> Value {
        let (status, answer) = self.live(&format!("GET /live/probes/{id}"), None);
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// The stream of events.
    pub(crate) fn listen(&self, query: &str) -> Listening {
        let mut stream = self.connect("management").expect("a connection");
        let line = format!("GET /live/events{query} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        stream.write_all(line.as_bytes()).expect("sent");
        Listening(BufReader::new(stream))
    }

    /// Messages of the logs, or the snapshots, that a probe has made; so many of them.
    #[track_caller]
    pub(crate) fn events(&self, id: &str, count: usize) -> Vec<Value> {
        let mut listening = self.listen(&format!("?probe={id}"));
        let next = |_| {
            let (name, event) = listening.next();
            assert_ne!(name, "end", "the probe has ended: {event}");
            event
        };
        (0..count).map(next).collect()
    }
}

/// A stream of events.
pub(crate) struct Listening(BufReader<UnixStream>);

impl Listening {
    /// The name and the data of the next event.
    #[track_caller]
    pub(crate) fn next(&mut self) -> (String, Value) {
        let (mut name, mut line) = (String::new(), String::new());
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < PATIENCE, "no event came");
            line.clear();
            let read = self.0.read_line(&mut line).expect("an event in time");
            assert!(read > 0, "the stream has ended");
            if let Some(event) = line.strip_prefix("event: ") {
                name = event.trim_end().to_owned();
            }
            if let Some(data) = line.strip_prefix("data: ") {
                return (name, data.trim_end().parse().expect("JSON"));
            }
        }
    }
}

fn unchunked(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((length, rest)) = body.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16).expect("a length");
        if length == 0 {
            break;
        }
        whole += &rest[..length];
        body = &rest[length + 2..];
    }
    whole
}

/// What is found once it is there.
#[track_caller]
pub(crate) fn eventually<T>(what: &str, mut find: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = find() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        sleep(Duration::from_millis(5));
    }
}
