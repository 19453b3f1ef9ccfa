//! How much background work an application holds.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::live::WatchCell;

/// How many tasks an application holds, waiting and running together.
#[derive(Debug)]
pub(crate) struct BackgroundLimit {
    most: usize,
    held: Arc<AtomicUsize>,
    /// The live probes that look at its tasks.
    pub(crate) live: WatchCell,
}

/// One task's room; it is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Seat(Arc<AtomicUsize>);

impl BackgroundLimit {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            held: Arc::default(),
            live: WatchCell::default(),
        }
    }

    /// How many tasks it holds.
    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// Room for one more task, where there is any.
    pub(super) fn take(&self) -> Option<Seat> {
        let more = |held: usize| (held < self.most).then(|| held + 1);
        self.held
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, more)
            .ok()
            .map(|_| Seat(Arc::clone(&self.held)))
    }
}

impl Default for BackgroundLimit {
    fn default() -> Self {
        Self::new(10_000)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
