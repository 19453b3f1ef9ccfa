//! Spare workers of a runtime: asleep until one is to take the place of a worker that is held.
//!
//! A spare is an ordinary worker that polls a task which does not return. It takes no part in the
//! runtime's searching and waking, so that it costs nothing, and once released it does whatever
//! workers do: take over what the held one had queued, and wait for sockets.

use std::cell::OnceCell;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use tokio::runtime::Handle;

use super::watchdog;

/// The spare workers of one runtime.
#[derive(Debug, Default)]
pub(super) struct Spares {
    state: Mutex<State>,
    released: Condvar,
    runtime: OnceLock<Handle>,
}

#[derive(Debug, Default)]
struct State {
    resting: usize,
    /// How many of those are to wake.
    wanted: usize,
    /// The runtime ends: nobody rests any more.
    closed: bool,
}

static ALL: Mutex<Vec<Weak<Spares>>> = Mutex::new(Vec::new());

/// How often a spare was released, in the whole process.
static RELEASED: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static HERE: OnceCell<Arc<Spares>> = const { OnceCell::new() };
}

/// The spares of the runtime that the calling thread works for.
pub(super) fn of_this_thread() -> Option<Arc<Spares>> {
    HERE.with(|here| here.get().cloned())
}

/// How often a spare was released.
pub(super) fn released() -> u64 {
    RELEASED.load(Relaxed)
}

/// The spares of all runtimes that live.
pub(super) fn all() -> Vec<Arc<Spares>> {
    let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    all.retain(|spares| spares.strong_count() > 0);
    all.iter().filter_map(Weak::upgrade).collect()
}

impl Spares {
    pub(super) fn new() -> Arc<Self> {
        let spares = Arc::new(Self::default());
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(Arc::downgrade(&spares));
        drop(all);
        spares
    }

    /// Says that the calling thread works for the runtime of these spares.
    pub(super) fn enlist(self: &Arc<Self>) {
        HERE.with(|here| {
            let _ = here.set(Arc::clone(self));
        });
    }

    /// Says which runtime it is.
    pub(super) fn belong_to(&self, runtime: Handle) {
        let _ = self.runtime.set(runtime);
    }

    /// The runtime, unless it ends.
    pub(super) fn runtime(&self) -> Option<&Handle> {
        match self.state().closed {
            true => None,
            false => self.runtime.get(),
        }
    }

    /// How many workers rest.
    pub(super) fn resting(&self) -> usize {
        self.state().resting
    }

    /// Sends one worker of the runtime to rest, after what it is doing.
    pub(super) fn rest(self: &Arc<Self>) {
        if let Some(runtime) = self.runtime() {
            runtime.spawn(Arc::clone(self).resting_worker());
        }
    }

    async fn resting_worker(self: Arc<Self>) {
        // What this worker woke last waits where no other can take it: it goes first.
        tokio::task::yield_now().await;
        let mut state = self.state();
        if state.closed {
            return;
        }
        state.resting += 1;
        // The one that waited for sockets may be this one; somebody has to look after them.
        watchdog::nudge();
        while state.wanted == 0 && !state.closed {
            state = self
                .released
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.wanted = state.wanted.saturating_sub(1);
        state.resting -= 1;
    }

    /// Wakes one that rests; false when there is none.
    pub(super) fn release(&self) -> bool {
        let mut state = self.state();
        if state.closed || state.resting <= state.wanted {
            return false;
        }
        state.wanted += 1;
        RELEASED.fetch_add(1, Relaxed);
        self.released.notify_one();
        true
    }

    /// Wakes them all, for good.
    pub(super) fn close(&self) {
        self.state().closed = true;
        self.released.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
