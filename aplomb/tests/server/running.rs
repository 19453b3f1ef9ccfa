//! [`Running`]: a server on a thread of its own, and connections to it.

#![allow(dead_code, reason = "every test file uses the part it needs")]

use std::net::{SocketAddr, TcpStream};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use aplomb::serve::{Address, Server};
use tokio::sync::oneshot;

/// How long a client waits for what should come at once.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server; it is stopped when this is dropped.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Starts a server on a port of its own.
    pub(crate) fn start(server: Server, workers: usize) -> Self {
        let bound = server.address("127.0.0.1:0").bind().expect("a port");
        let Address::Tcp(address) = bound.address() else {
            panic!("not TCP")
        };
        let address = address.parse().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(workers)
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
        let long = Some(PATIENCE);
        stream.set_read_timeout(long).expect("a timeout");
        stream.set_write_timeout(long).expect("a timeout");
        stream.set_nodelay(true).expect("no delay");
        stream
    }

    /// Asks the server to stop, without waiting.
    pub(crate) fn ask_to_stop(&mut self) {
        drop(self.stop.take());
    }

    /// Asks the server to stop; how long that took.
    pub(crate) fn stop(mut self) -> Duration {
        let begun = Instant::now();
        self.end();
        begun.elapsed()
    }

    fn end(&mut self) {
        self.ask_to_stop();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(
                std::thread::panicking() || ended.is_ok(),
                "an end without panic"
            );
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}
