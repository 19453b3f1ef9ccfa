//! An app that is served, and raw requests to it.

#![allow(dead_code, reason = "every test file uses the part it needs")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use aplomb::serve::{Address, Server};
use aplomb::{App, Service};

/// A served app; dropping it stops the server.
pub(crate) struct Served {
    pub(crate) service: Service,
    address: String,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    pub(crate) fn start(app: App) -> Self {
        let service = app.build();
        let server = Server::new(Arc::new(service.clone())).address("127.0.0.1:0");
        let bound = server.bind().expect("a port");
        let Address::Tcp(address) = bound.address() else {
            panic!("not TCP")
        };
        let address = address.clone();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            let stopped = async { drop(stopped.await) };
            runtime
                .block_on(bound.serve_until(stopped))
                .expect("served");
        });
        Self {
            service,
            address,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).expect("a connection");
        let limit = Some(Duration::from_secs(20));
        stream.set_read_timeout(limit).expect("a timeout");
        stream
    }

    /// Sends a request line and headers; the whole answer.
    pub(crate) fn ask(&self, line: &str, headers: &[&str]) -> String {
        let mut stream = self.connect();
        let headers: String = headers
            .iter()
            .map(|header| format!("{header}\r\n"))
            .collect();
        let head = format!("{line} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n{headers}\r\n");
        stream.write_all(head.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What is found once it is there; a request ends a little after its client has the answer.
pub(crate) fn eventually<T>(what: &str, mut find: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = find() {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "never: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
