//! An application that is served beside a test, at the addresses it says itself.

#![allow(dead_code, reason = "every test file uses the part it needs")]

use std::thread::{JoinHandle, spawn};

use aplomb::App;
use tokio::sync::oneshot;

/// The service; it is stopped when this is dropped.
pub(crate) struct Beside {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Beside {
    pub(crate) fn start(app: App) -> Self {
        let (stop, stopped) = oneshot::channel();
        let thread = spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .expect("a runtime");
            let served = app.serve_until(async {
                let _ = stopped.await;
            });
            runtime.block_on(served).expect("a clean end");
        });
        Self {
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Asks it to stop, and does not wait for it.
    pub(crate) fn ask_to_stop(&mut self) {
        drop(self.stop.take());
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.ask_to_stop();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            // A test that has failed already says why.
            if !std::thread::panicking() {
                ended.expect("a clean end");
            }
        }
    }
}
