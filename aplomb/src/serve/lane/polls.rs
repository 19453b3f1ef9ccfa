//! How long the polls of a thread held it.

use std::sync::{Mutex, PoisonError};

use super::slot::{self, Owner};
use crate::observe::{Histogram, Sum};

/// The polls of one thread.
#[derive(Debug, Default)]
pub(super) struct Polls {
    times: Histogram,
    waits: Histogram,
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
    /// Counts a poll that took so long, in ns; for the thread itself alone.
    #[inline]
    pub(super) fn ended(&self, took: u64) {
        self.times.add(took);
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
