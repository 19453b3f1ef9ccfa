//! [`Wait`]: a while in which a request waited for a thread.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, OnceLock, PoisonError};

/// The most waits of one request that are kept.
const MOST: usize = 32;

/// What a request waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaitFor {
    /// Somebody to read its head from the socket.
    Reading,
    /// The worker of its connection, although there was something to do.
    Worker,
    /// A thread of the isolated lane.
    Lane,
}

impl WaitFor {
    pub(crate) const ALL: [Self; 3] = [Self::Reading, Self::Worker, Self::Lane];

    /// The same in one word.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Worker => "worker",
            Self::Lane => "isolated",
        }
    }
}

/// A while in which a request waited for a thread, on the clock of the lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) on: WaitFor,
    pub(crate) from: u64,
    pub(crate) to: u64,
}

/// The waits of one request; it costs nothing where there are none.
#[derive(Debug, Default)]
pub(super) struct Waits {
    waits: OnceLock<Box<Mutex<Vec<Wait>>>>,
    /// How long it had waited before its head was read, in ns.
    before: AtomicU64,
}

impl Waits {
    /// Adds a wait of a request that arrived then.
    #[cold]
    pub(super) fn add(&self, wait: Wait, arrived: u64) {
        let waits = self.waits.get_or_init(Box::default);
        let mut waits = waits.lock().unwrap_or_else(PoisonError::into_inner);
        if waits.len() == MOST || waits.contains(&wait) {
            return;
        }
        waits.push(wait);
        let before = arrived.saturating_sub(wait.from);
        self.before.fetch_max(before, Relaxed);
    }

    pub(super) fn all(&self) -> Vec<Wait> {
        let waits = self.waits.get();
        waits.map_or_else(Vec::new, |waits| {
            let waits = waits.lock().unwrap_or_else(PoisonError::into_inner);
            waits.clone()
        })
    }

    #[inline]
    pub(super) fn before(&self) -> u64 {
        self.before.load(Relaxed)
    }
}
