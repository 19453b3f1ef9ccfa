//! [`Spent`]: how long something took, by what was going on meanwhile.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use super::Phase;

/// How long something took: on a thread, and waiting for something.
///
/// ```
/// use std::time::Duration;
/// use aplomb::observe::Spent;
///
/// let spent = Spent { busy: Duration::from_millis(2), awaiting: Duration::from_millis(40) };
/// assert_eq!(spent.total(), Duration::from_millis(42));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// How long it held its thread.
    pub busy: Duration,
    /// How long it waited: for a socket, a timer, a lock, a thread of another pool, or its turn.
    pub awaiting: Duration,
}

impl Spent {
    /// Both together.
    pub fn total(self) -> Duration {
        self.busy + self.awaiting
    }
}

/// What a request has spent in each phase, at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times([Spent; Phase::ALL.len()]);

impl Times {
    /// What was spent in one phase.
    pub fn of(&self, phase: Phase) -> Spent {
        self.0[phase as usize]
    }

    /// What was spent in each phase, in the order a request goes through them.
    pub fn iter(&self) -> impl Iterator<Item = (Phase, Spent)> {
        Phase::ALL.into_iter().zip(self.0)
    }

    /// What was spent in all.
    pub fn total(&self) -> Duration {
        self.0.iter().map(|spent| spent.total()).sum()
    }

    /// The phase that took the longest.
    pub fn longest(&self) -> Phase {
        let longest = self.iter().max_by_key(|(_, spent)| spent.total());
        longest.map_or(Phase::Routing, |(phase, _)| phase)
    }

    pub(super) fn new(mut spent: impl FnMut(usize) -> Spent) -> Self {
        Self(std::array::from_fn(&mut spent))
    }
}

/// A [`Spent`] in nanoseconds that one thread at a time adds to, and any may read.
#[derive(Debug, Default)]
pub(super) struct Clocked {
    busy: AtomicU64,
    awaiting: AtomicU64,
}

impl Clocked {
    /// Adds time; not meant for two threads at once, which is what makes it cheap.
    #[inline]
    pub(super) fn add(&self, nanoseconds: u64, busy: bool) {
        let clock = if busy { &self.busy } else { &self.awaiting };
        clock.store(clock.load(Relaxed) + nanoseconds, Relaxed);
    }

    /// Takes away time that was waited, as much as there is.
    pub(super) fn take_awaited(&self, nanoseconds: u64) -> u64 {
        let awaited = self.awaiting.load(Relaxed);
        let taken = awaited.min(nanoseconds);
        self.awaiting.store(awaited - taken, Relaxed);
        taken
    }

    /// Both together.
    #[inline]
    pub(super) fn nanoseconds(&self) -> u64 {
        self.busy.load(Relaxed) + self.awaiting.load(Relaxed)
    }

    pub(super) fn spent(&self) -> Spent {
        Spent {
            busy: Duration::from_nanos(self.busy.load(Relaxed)),
            awaiting: Duration::from_nanos(self.awaiting.load(Relaxed)),
        }
    }
}
