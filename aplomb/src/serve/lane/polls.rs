//! How long the polls of a thread held it, and the last that held it for long.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::clock::{self, nanoseconds};
use super::slot::{self, Owner};
use crate::observe::{Histogram, Sum};

/// Polls above this are kept.
const LONG: u64 = nanoseconds(Duration::from_millis(1));
/// How many are kept of one thread.
const KEPT: usize = 1024;
/// A worker that was held for so long may have left sockets unread …
const HELD: u64 = nanoseconds(Duration::from_millis(5));
/// … until so long after.
const RECENT: u64 = nanoseconds(Duration::from_millis(50));

/// The polls of one thread.
#[derive(Debug)]
pub(super) struct Polls {
    times: Histogram,
    waits: Histogram,
    /// The last long ones; they end one after the other.
    long: Mutex<VecDeque<LongPoll>>,
    is_worker: bool,
    /// The thread, for people.
    pub(super) thread: String,
}

/// A poll that held its thread for long.
#[derive(Clone, Copy, Debug)]
pub(super) struct LongPoll {
    pub(super) route: u32,
    pub(super) began: u64,
    pub(super) ended: u64,
}

/// When a worker was held last; zero when that is long ago.
static HELD_AT: AtomicU64 = AtomicU64::new(0);

/// A worker is held now.
pub(super) fn held_at(now: u64) {
    HELD_AT.store(now, Relaxed);
}

/// Whether a worker was held a moment ago, so that others may have waited for it.
#[inline]
pub(crate) fn worker_was_held() -> bool {
    let held = HELD_AT.load(Relaxed);
    held != 0 && is_recent(held)
}

#[cold]
fn is_recent(held: u64) -> bool {
    let recent = clock::now().saturating_sub(held) < RECENT;
    if !recent {
        // Until it happens again nobody looks at the clock for this.
        let _ = HELD_AT.compare_exchange(held, 0, Relaxed, Relaxed);
    }
    recent
}

/// The polls of all threads together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Times {
    /// How long those on workers took.
    pub(crate) inline: Sum,
    /// How long those in the isolated lane took.
    pub(crate) isolated: Sum,
    /// How long those in the isolated lane had waited for a thread.
    pub(crate) waits: Sum,
}

/// Those of threads that have ended.
static ENDED: Mutex<Option<Times>> = Mutex::new(None);

impl Polls {
    /// For the calling thread.
    pub(super) fn new(owner: &Owner, id: u32) -> Self {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("thread");
        Self {
            times: Histogram::default(),
            waits: Histogram::default(),
            long: Mutex::default(),
            is_worker: matches!(owner, Owner::Worker(_)),
            thread: format!("{name} {id}"),
        }
    }

    /// Counts a poll that began then and took so long, in ns; for the thread itself alone.
    #[inline]
    pub(super) fn ended(&self, route: u32, began: u64, took: u64) {
        self.times.add(took);
        if took > LONG {
            self.keep(route, began, took);
        }
    }

    #[cold]
    fn keep(&self, route: u32, began: u64, took: u64) {
        let ended = began + took;
        if self.is_worker && took > HELD {
            held_at(ended);
        }
        let mut long = self.long.lock().unwrap_or_else(PoisonError::into_inner);
        if long.len() == KEPT {
            long.pop_front();
        }
        long.push_back(LongPoll {
            route,
            began,
            ended,
        });
    }

    /// The long polls that are kept and had not ended by then.
    pub(super) fn long_since(&self, moment: u64) -> Vec<LongPoll> {
        let long = self.long.lock().unwrap_or_else(PoisonError::into_inner);
        let latest = long.iter().rev();
        latest
            .take_while(|poll| poll.ended > moment)
            .copied()
            .collect()
    }

    /// Counts how long a poll had to wait for the thread, in ns; for the thread itself alone.
    #[inline]
    pub(super) fn waited(&self, time: u64) {
        self.waits.add(time);
    }

    /// Keeps what was counted when the thread ends; nobody may look at the slots meanwhile.
    pub(super) fn outlive(&self, owner: &Owner) {
        let mut ended = ENDED.lock().unwrap_or_else(PoisonError::into_inner);
        ended.get_or_insert_default().add(self, owner);
    }
}

impl Times {
    fn add(&mut self, polls: &Polls, owner: &Owner) {
        let times = match owner {
            Owner::Worker(_) => &mut self.inline,
            Owner::Isolated => &mut self.isolated,
        };
        times.add(&polls.times);
        self.waits.add(&polls.waits);
    }
}

/// What all threads have counted.
pub(super) fn times() -> Times {
    slot::with_all(|slots| {
        let ended = ENDED.lock().unwrap_or_else(PoisonError::into_inner);
        let mut times = ended.clone().unwrap_or_default();
        for slot in slots {
            times.add(&slot.polls, &slot.owner);
        }
        times
    })
}
