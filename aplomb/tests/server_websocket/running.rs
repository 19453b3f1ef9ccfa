//! [`Running`]: a server to connect to.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use aplomb::App;
use aplomb::serve::{Address, Limits, Server};
use tokio::sync::oneshot;

use crate::wire::read_head;

/// A server in a thread of its own.
pub(crate) struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: JoinHandle<()>,
}

impl Running {
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
                .worker_threads(4)
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
            thread,
        }
    }

    pub(crate) fn ask(&self, target: &str, extensions: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        stream
            .set_read_timeout(Some(Duration::from_secs(5)))
            .expect("a timeout");
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

    pub(crate) fn stop(mut self) -> Duration {
        let begun = Instant::now();
        drop(self.stop.take());
        self.thread.join().expect("an end without panic");
        begun.elapsed()
    }
}
