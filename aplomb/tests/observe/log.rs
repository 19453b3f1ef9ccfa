//! [`Log`]: what a service logs, kept for its test.

use std::io::{Result, Write};
use std::sync::{Arc, Mutex};

/// What the service logs.
#[derive(Clone, Default)]
pub(crate) struct Log(pub(crate) Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Hears all that the process logs from now on, which one of them can.
    #[allow(dead_code, reason = "every test file uses the part it needs")]
    pub(crate) fn of_this_process() -> Self {
        let log = Self::default();
        let writer = log.clone();
        tracing_subscriber::fmt()
            .without_time()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .init();
        log
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}
