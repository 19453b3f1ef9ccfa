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
    /// The first stands apart: most that wait at all do so once, and need no list.
    first: OnceLock<Wait>,
    more: OnceLock<Box<Mutex<Vec<Wait>>>>,
    /// How long it had waited before its head was read, in ns.
    before: AtomicU64,
}

impl Waits {
    /// Adds a wait of a request, unless it is known already; `arrived` says when that arrived.
    #[cold]
    pub(super) fn add(&self, wait: Wait, arrived: impl FnOnce() -> u64) {
        if self.first.get() == Some(&wait) {
            return;
        }
        if self.first.set(wait).is_err() {
            let more = self.more.get_or_init(Box::default);
            let mut more = more.lock().unwrap_or_else(PoisonError::into_inner);
            if more.len() == MOST - 1 || more.contains(&wait) {
                return;
            }
            more.push(wait);
        }
        let before = arrived().saturating_sub(wait.from);
        self.before.fetch_max(before, Relaxed);
    }

    pub(super) fn all(&self) -> Vec<Wait> {
        let mut all: Vec<Wait> = self.first.get().copied().into_iter().collect();
        if let Some(more) = self.more.get() {
            all.extend(&*more.lock().unwrap_or_else(PoisonError::into_inner));
        }
        all
    }

    #[inline]
    pub(super) fn before(&self) -> u64 {
        self.before.load(Relaxed)
    }
}
