//! An application on a port of its own, and raw clients for it.

#![allow(dead_code, reason = "every test file uses the part it needs")]

#[path = "running.rs"]
mod running;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aplomb::App;
use aplomb::serve::{Limits, Server};
use running::Running;

/// A running application; it is stopped when this is dropped.
pub(crate) struct Served(Running);

impl Served {
    pub(crate) fn start(app: App, limits: Limits) -> Self {
        let server = Server::new(Arc::new(app.build())).limits(limits);
        Self(Running::start(server, 2))
    }

    /// Sends the head of a request, with further lines, each with its line end.
    pub(crate) fn ask(&self, method: &str, path: &str, lines: &str) -> TcpStream {
        let mut stream = self.connect();
        let head =
            format!("{method} {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{lines}\r\n");
        stream.write_all(head.as_bytes()).expect("sent");
        stream
    }

    /// Asks the server to stop; how long it took.
    pub(crate) fn stop(self) -> Duration {
        self.0.stop()
    }
}

impl Deref for Served {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.0
    }
}

/// The answer on a connection that closes after it: status, head and body.
pub(crate) fn answer(mut stream: TcpStream) -> (u16, String, String) {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let answer = String::from_utf8(answer).expect("text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head[9..12].parse().expect("a status");
    (status, head.to_owned(), body.to_owned())
}

/// Waits until something is so, for as long as a test may take.
pub(crate) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
