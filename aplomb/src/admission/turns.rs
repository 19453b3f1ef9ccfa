//! [`Turns`]: room for a few at a time, in the order they came.

use std::collections::BTreeMap;
use std::task::{Poll, Waker};

use super::sync::{Mutex, MutexGuard, lock};

/// Room for a few at a time; the others wait in the order they came.
#[derive(Debug)]
pub(crate) struct Turns {
    room: u32,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    free: u32,
    next: u64,
    waiting: BTreeMap<u64, Waiting>,
    /// Those who have a turn and do not know it yet: how much room each has.
    called: BTreeMap<u64, u32>,
    /// What those who wait will cost together, in nanoseconds times room.
    cost: u64,
}

#[derive(Debug)]
struct Waiting {
    weight: u32,
    cost: u64,
    waker: Option<Waker>,
}

/// What came of asking for a turn.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// It is had.
    Had,
    /// It will come to this number.
    Waits(u64),
    Refused,
}

impl Turns {
    pub(crate) fn new(room: u32) -> Self {
        let state = State {
            free: room,
            next: 0,
            waiting: BTreeMap::new(),
            called: BTreeMap::new(),
            cost: 0,
        };
        Self {
            room,
            state: Mutex::new(state),
        }
    }

    /// The room that a request of this weight takes: never more than there is.
    pub(crate) fn fit(&self, weight: u32) -> u32 {
        weight.min(self.room)
    }

    /// Takes room, or waits for it if `admits` the nanoseconds that it will take until there is
    /// some, as far as is known; `nanoseconds` is what this request takes itself.
    pub(crate) fn ask(
        &self,
        weight: u32,
        nanoseconds: u64,
        admits: impl FnOnce(u64) -> bool,
    ) -> Asked {
        let mut state = lock(&self.state);
        if state.waiting.is_empty() && weight <= state.free {
            state.free -= weight;
            return Asked::Had;
        }
        let cost = nanoseconds.saturating_mul(u64::from(weight));
        let ahead = state.cost.saturating_add(cost);
        if !admits(ahead / u64::from(self.room)) {
            return Asked::Refused;
        }
        let number = state.next;
        state.next += 1;
        state.cost = ahead;
        let waiting = Waiting {
            weight,
            cost,
            waker: None,
        };
        state.waiting.insert(number, waiting);
        Asked::Waits(number)
    }

    /// Ready when the turn of this number has come.
    pub(crate) fn poll(&self, number: u64, waker: &Waker) -> Poll<()> {
        let mut state = lock(&self.state);
        if state.called.remove(&number).is_some() {
            return Poll::Ready(());
        }
        if let Some(waiting) = state.waiting.get_mut(&number) {
            waiting.waker = Some(waker.clone());
        }
        Poll::Pending
    }

    /// The one with this number waits no more, whether its turn has come meanwhile or not.
    pub(crate) fn leave(&self, number: u64) {
        let mut state = lock(&self.state);
        if let Some(waiting) = state.waiting.remove(&number) {
            state.cost -= waiting.cost;
        }
        if let Some(weight) = state.called.remove(&number) {
            state.free += weight;
        }
        call_and_wake(state);
    }

    /// Gives room back.
    pub(crate) fn give_back(&self, weight: u32) {
        let mut state = lock(&self.state);
        state.free += weight;
        call_and_wake(state);
    }

    /// How much room is taken, and how many wait.
    pub(crate) fn taken(&self) -> (u32, usize) {
        let state = lock(&self.state);
        (self.room - state.free, state.waiting.len())
    }
}

/// Gives those who wait longest the room there is, and wakes them once nobody holds the lock.
fn call_and_wake(mut guard: MutexGuard<'_, State>) {
    let mut wakers = Vec::new();
    let state = &mut *guard;
    while let Some(first) = state.waiting.first_entry()
        && first.get().weight <= state.free
    {
        let (number, waiting) = (*first.key(), first.remove());
        state.free -= waiting.weight;
        state.cost -= waiting.cost;
        state.called.insert(number, waiting.weight);
        wakers.extend(waiting.waker);
    }
    drop(guard);
    for waker in wakers {
        waker.wake();
    }
}
