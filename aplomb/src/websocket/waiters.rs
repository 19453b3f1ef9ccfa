//! Those who wait for the next message: a channel knows only the last one that asked.

use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

/// How many are remembered; beyond, some of them must have stopped waiting.
const MOST: usize = 64;

/// Wakes everybody who waits; they ask again.
#[derive(Debug, Default)]
pub(super) struct Waiters(Mutex<Vec<Waker>>);

impl Waiters {
    /// Adds one, and gives what wakes all.
    pub(super) fn with(self: &Arc<Self>, waker: &Waker) -> Waker {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut stale = Vec::new();
        if !all.iter().any(|known| known.will_wake(waker)) {
            if all.len() >= MOST {
                stale = take(&mut *all);
            }
            all.push(waker.clone());
        }
        drop(all);
        stale.into_iter().for_each(Waker::wake);
        Arc::clone(self).into()
    }
}

impl Wake for Waiters {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let all = take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        all.into_iter().for_each(Waker::wake);
    }
}
