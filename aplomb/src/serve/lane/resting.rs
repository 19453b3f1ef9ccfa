//! [`Resting`]: workers that rest until they are released.

use std::time::Duration;

use super::sync::{Condvar, Mutex, lock, wait, wait_for};

/// Those of one runtime.
#[derive(Debug)]
pub(super) struct Resting {
    state: Mutex<State>,
    released: Condvar,
}

#[derive(Debug, Default)]
struct State {
    count: usize,
    /// How many of those are to wake.
    wanted: usize,
    /// The runtime ends: nobody rests any more.
    closed: bool,
}

impl Resting {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::new(State::default()),
            released: Condvar::new(),
        }
    }

    /// How many rest.
    pub(super) fn count(&self) -> usize {
        lock(&self.state).count
    }

    /// Whether nobody rests any more.
    pub(super) fn is_closed(&self) -> bool {
        lock(&self.state).closed
    }

    /// Blocks the thread until it is released, or for so long; whether it was released. `begins` is
    /// called once it can be.
    pub(super) fn rest(&self, nap: Duration, begins: impl FnOnce()) -> bool {
        let mut state = lock(&self.state);
        if state.closed {
            return true;
        }
        state.count += 1;
        begins();
        let mut is_over = false;
        // One whose nap is over may take the release for which another was woken.
        while state.wanted == 0 && !state.closed && !is_over {
            (state, is_over) = match nap {
                Duration::MAX => (wait(&self.released, state), false),
                nap => wait_for(&self.released, state, nap),
            };
        }
        let is_released = state.wanted > 0 || state.closed;
        state.wanted = state.wanted.saturating_sub(1);
        state.count -= 1;
        is_released
    }

    /// Wakes one that rests; false when there is none.
    pub(super) fn release(&self) -> bool {
        let mut state = lock(&self.state);
        if state.closed || state.count <= state.wanted {
            return false;
        }
        state.wanted += 1;
        self.released.notify_one();
        true
    }

    /// Wakes them all, for good.
    pub(super) fn close(&self) {
        lock(&self.state).closed = true;
        self.released.notify_all();
    }
}
