//! [`Wait`]: a while in which a request waited for a thread.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU8, AtomicU64};
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
    first: First,
    more: OnceLock<Box<Mutex<Vec<Wait>>>>,
    /// How long it had waited before its head was read, in ns.
    before: AtomicU64,
}

/// One wait that is noted once.
///
/// Under load most requests note one, so that it is written without a lock.
#[derive(Debug, Default)]
struct First {
    on: AtomicU8,
    /// Zero until there is one.
    from: AtomicU64,
    /// Zero until all of it can be read.
    to: AtomicU64,
}

impl First {
    /// Notes it, unless there is one.
    fn set(&self, wait: Wait) -> bool {
        let is_first = self.from.compare_exchange(0, wait.from, Relaxed, Relaxed);
        if is_first.is_ok() {
            self.on.store(wait.on as u8, Relaxed);
            self.to.store(wait.to, Release);
        }
        is_first.is_ok()
    }

    fn get(&self) -> Option<Wait> {
        let to = self.to.load(Acquire);
        let on = WaitFor::ALL[usize::from(self.on.load(Relaxed))];
        let from = self.from.load(Relaxed);
        (to != 0).then_some(Wait { on, from, to })
    }
}

impl Waits {
    /// Adds a wait of a request, unless it is known already; `arrived` says when that arrived.
    #[cold]
    pub(super) fn add(&self, wait: Wait, arrived: impl FnOnce() -> u64) {
        if self.first.get() == Some(wait) {
            return;
        }
        if !self.first.set(wait) {
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
        let mut all: Vec<Wait> = self.first.get().into_iter().collect();
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
