//! An application on a port of its own, and raw clients for it.

#![allow(dead_code, reason = "every test file uses the part it needs")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use aplomb::App;
use aplomb::serve::{Address, Limits, Server};
use tokio::sync::oneshot;

/// A running application; it is stopped when this is dropped.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    pub(crate) fn start(app: App, limits: Limits) -> Self {
        let server = Server::new(Arc::new(app.build())).limits(limits);
        let bound = server.address("127.0.0.1:0").bind().expect("a port");
        let Address::Tcp(address) = bound.address() else {
            panic!("not TCP")
        };
        let address = address.parse().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .expect("a runtime");
            let served = runtime.block_on(bound.serve_until(async {
                let _ = stopped.await;
            }));
            runtime.shutdown_timeout(Duration::from_millis(200));
            served.expect("served");
        });
        Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("a connection");
        let long = Some(Duration::from_secs(20));
        stream.set_read_timeout(long).expect("a timeout");
        stream.set_write_timeout(long).expect("a timeout");
        stream.set_nodelay(true).expect("no delay");
        stream
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
    pub(crate) fn stop(mut self) -> Duration {
        let begun = Instant::now();
        self.end();
        begun.elapsed()
    }

    fn end(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(
                std::thread::panicking() || ended.is_ok(),
                "an end without panic"
            );
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.end();
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
pub(crate) fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
