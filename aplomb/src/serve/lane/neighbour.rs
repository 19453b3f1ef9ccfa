//! The task that waits next to a worker, where no other worker can take it.
//!
//! A runtime keeps what a worker has woken last beside it, for that worker alone to poll next. Most
//! often it does so at once. Two go before it: a task that came from another thread, whose turn it is
//! now and then, and the task that woke it, as long as it goes on. Where one of them is an operation
//! that holds the worker, a connection that has nothing to do with it would wait until the end, and no
//! spare worker could help. So somebody else is put in its place, which sends it to the queue that
//! every worker takes from.

use std::cell::Cell;

use tokio::runtime::Handle;

use super::{put_off, slot};

thread_local! {
    /// Whether this thread is a worker that spare ones can stand in for.
    static IS_WORKER: Cell<bool> = const { Cell::new(false) };
    /// Whether some other task may be waiting next to this worker while it polls.
    static MAY_WAIT: Cell<bool> = const { Cell::new(false) };
}

/// Says that the calling thread is a worker.
pub(super) fn works_here() {
    IS_WORKER.set(true);
}

/// Whether a task that the calling thread wakes, or starts, comes to workers from another thread.
#[inline]
pub(in crate::serve) fn is_elsewhere() -> bool {
    !IS_WORKER.get()
}

/// A task is polled that was woken here, or elsewhere.
#[inline]
pub(in crate::serve) fn polls(from_elsewhere: bool) {
    MAY_WAIT.set(from_elsewhere);
}

/// An operation is about to be polled, which may hold this worker.
#[inline]
pub(super) fn make_way() {
    // The last that is woken waits next to the worker too.
    if put_off::wake() || MAY_WAIT.get() {
        MAY_WAIT.set(false);
        take_its_place();
    }
}

/// A task was woken on this thread.
#[inline]
pub(in crate::serve) fn woken() {
    if slot::is_polling_inline() {
        take_its_place();
    }
}

/// Takes the place next to this worker, if it is one, for what does nothing.
#[cold]
fn take_its_place() {
    if IS_WORKER.get()
        && let Ok(runtime) = Handle::try_current()
    {
        runtime.spawn(async {});
    }
}
