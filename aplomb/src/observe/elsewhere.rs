//! Work that a request hands to another thread.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use super::{Phase, Record};

impl Record {
    /// An operation that another thread polls, which tells this record from its first poll on;
    /// until then it waits for its thread.
    ///
    /// Whoever hands it over goes on being polled, but does not tell when any more.
    pub(crate) fn handed_over<T, F: Future<Output = T> + Send>(
        self: &Arc<Self>,
        operation: F,
    ) -> impl Future<Output = T> + Send + use<T, F> {
        self.hand_over();
        let record = Arc::clone(self);
        async move {
            let mut operation = pin!(operation);
            record.enter(Phase::Routing);
            poll_fn(|context| {
                record.polled_elsewhere(true);
                let polled = operation.as_mut().poll(context);
                record.polled_elsewhere(false);
                polled
            })
            .await
        }
    }
}

/// When a function was called that runs on a thread of its own, and when it ran.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(super) asked: Instant,
    pub(super) began: Instant,
    pub(super) ended: Instant,
}

impl Call {
    /// The function with its times.
    pub(crate) fn timed<T>(function: impl FnOnce() -> T) -> impl FnOnce() -> (T, Self) {
        let asked = Instant::now();
        move || {
            let began = Instant::now();
            let result = function();
            let ended = Instant::now();
            let call = Self {
                asked,
                began,
                ended,
            };
            (result, call)
        }
    }
}
