//! Tells requests how long their task had been ready when a worker came to poll it.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use super::lane::clock;
use crate::observe::{Record, WaitFor};

/// Waits below this are nobody's business, in ns.
const LATE: u64 = clock::nanoseconds(Duration::from_millis(2));

thread_local! {
    /// From when to when the task that is polled on this thread was ready and nobody polled it.
    static WAITED: Cell<Option<(u64, u64)>> = const { Cell::new(None) };
}

/// Runs a task of the server, and notes when it is woken.
pub(super) async fn watched<F: Future>(task: F) -> F::Output {
    let mut task = pin!(task);
    let bell = Arc::new(Bell::default());
    let waker = Waker::from(Arc::clone(&bell));
    poll_fn(|context| {
        let own = bell.task.get_or_init(|| context.waker().clone());
        if !own.will_wake(context.waker()) {
            // Another task polls it now, which the bell does not know.
            return task.as_mut().poll(context);
        }
        let _waited = bell.waited().map(Waited::note);
        task.as_mut().poll(&mut Context::from_waker(&waker))
    })
    .await
}

/// Tells a request if the task that polls it had to wait for its worker.
#[inline]
pub(super) fn tell(record: &Record) {
    if let Some((from, to)) = WAITED.get() {
        record.waited(WaitFor::Worker, from, to);
    }
}

/// Wakes a task, and knows since when.
#[derive(Default)]
struct Bell {
    /// When it was rung first after the last poll; zero while it has not been.
    since: AtomicU64,
    task: OnceLock<Waker>,
}

impl Bell {
    /// From when to when the task was ready, if that was long.
    #[inline]
    fn waited(&self) -> Option<(u64, u64)> {
        let since = self.since.load(Relaxed);
        if since == 0 {
            return None;
        }
        self.since.store(0, Relaxed);
        let late = clock::coarse().saturating_sub(since) > LATE;
        late.then(|| (since, clock::now()))
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.since.load(Relaxed) == 0 {
            self.since.store(clock::coarse(), Relaxed);
        }
        if let Some(task) = self.task.get() {
            task.wake_by_ref();
        }
    }
}

/// What is noted as long as the poll runs that comes late.
struct Waited;

impl Waited {
    fn note(waited: (u64, u64)) -> Self {
        WAITED.set(Some(waited));
        Self
    }
}

impl Drop for Waited {
    fn drop(&mut self) {
        WAITED.set(None);
    }
}
