//! Spare workers of a runtime: asleep until one is to take the place of a worker that is held.
//!
//! A spare is an ordinary worker that polls a task which does not return. It takes no part in the
//! runtime's searching and waking, so that it costs nothing, and once released it does whatever
//! workers do: take over what the held one had queued, and wait for sockets.

use std::cell::OnceCell;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use tokio::runtime::Handle;

use super::first::comes_first;
use super::resting::Resting;
use super::watchdog;

/// The spare workers of one runtime.
#[derive(Debug)]
pub(super) struct Spares {
    resting: Resting,
    runtime: OnceLock<Handle>,
}

/// A task may be beside a worker that was just sent to rest, unseen and where nobody else can wake it.
/// That is rare, and it is not so each time a worker naps and looks again.
const NAPS: [Duration; 4] = [
    Duration::from_millis(1),
    Duration::from_millis(10),
    Duration::from_millis(100),
    Duration::MAX,
];

/// How long it takes, where other tasks come first, until it is tried again to send a worker to rest.
const PAUSE: Duration = Duration::from_millis(1);

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
        let spares = Arc::new(Self {
            resting: Resting::new(),
            runtime: OnceLock::new(),
        });
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
        match self.resting.is_closed() {
            true => None,
            false => self.runtime.get(),
        }
    }

    /// How many workers rest.
    pub(super) fn resting(&self) -> usize {
        self.resting.count()
    }

    /// Sends one worker of the runtime to rest, after what it is doing.
    pub(super) fn rest(self: &Arc<Self>) {
        if let Some(runtime) = self.runtime() {
            runtime.spawn(Arc::clone(self).resting_worker());
        }
    }

    async fn resting_worker(self: Arc<Self>) {
        for nap in NAPS {
            // Who waits beside this worker, where no other can take it, goes first.
            while !comes_first().await {
                tokio::time::sleep(PAUSE).await;
            }
            // The one that waited for sockets may be this one; somebody has to look after them.
            if self.resting.rest(nap, watchdog::nudge) {
                return;
            }
        }
    }

    /// Wakes one that rests; false when there is none.
    pub(super) fn release(&self) -> bool {
        let is_released = self.resting.release();
        if is_released {
            RELEASED.fetch_add(1, Relaxed);
        }
        is_released
    }

    /// Wakes them all, for good.
    pub(super) fn close(&self) {
        self.resting.close();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;
    use std::thread::sleep;
    use std::time::Instant;

    use crate::serve::lane::Runtime;

    use super::*;

    #[track_caller]
    fn until(mut is_so: impl FnMut() -> bool, what: &str, round: u64) {
        let since = Instant::now();
        while !is_so() {
            assert!(
                since.elapsed() < Duration::from_secs(10),
                "{what}, round {round}"
            );
            sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn who_has_given_way_is_not_left_beside_a_worker_that_rests() {
        let runtime = Runtime::new(1).expect("a runtime");
        let spares = runtime.spares();
        let (turns, ended) = <(Arc<AtomicU64>, Arc<AtomicBool>)>::default();
        for _ in 0..4 {
            let (turns, ended) = (Arc::clone(&turns), Arc::clone(&ended));
            runtime.handle().spawn(async move {
                while !ended.load(Relaxed) {
                    for _ in 0..100 {
                        turns.fetch_add(1, Relaxed);
                        tokio::task::yield_now().await;
                    }
                    tokio::time::sleep(Duration::from_micros(500)).await;
                }
            });
        }
        for round in 0..200 {
            until(|| spares.release(), "one rests", round);
            sleep(Duration::from_millis(round % 4));
            spares.rest();
            sleep(Duration::from_millis(5));
            let before = turns.load(Relaxed);
            until(|| turns.load(Relaxed) >= before + 8, "all go on", round);
        }
        ended.store(true, Relaxed);
        runtime.shut_down(Duration::from_secs(1));
    }
}
