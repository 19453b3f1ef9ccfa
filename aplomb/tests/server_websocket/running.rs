//! [`Running`]: a server to open WebSockets to.

#[path = "../server/running.rs"]
mod server;

use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use aplomb::App;
use aplomb::serve::{Limits, Server};

use crate::wire::read_head;

/// A server in a thread of its own.
pub(crate) struct Running(server::Running);

impl Running {
    pub(crate) fn start(app: App, limits: Limits) -> Self {
        let server = Server::new(Arc::new(app.build())).limits(limits);
        Self(server::Running::start(server, 4))
    }

    pub(crate) fn ask(&self, target: &str, extensions: &str) -> TcpStream {
        let mut stream = self.0.connect();
        let head = format!(
            "GET {target} HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             {extensions}\r\n"
        );
        stream.write_all(head.as_bytes()).expect("sent");
        stream
    }

    pub(crate) fn open(&self, target: &str, extensions: &str) -> TcpStream {
        let stream = self.ask(target, extensions);
        let head = read_head(&stream).expect("an answer");
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        stream
    }

    pub(crate) fn stop(self) -> Duration {
        self.0.stop()
    }
}
