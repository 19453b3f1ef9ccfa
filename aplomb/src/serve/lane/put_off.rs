//! Tasks that were put off: those that used up their turn, and wait until their worker has nothing
//! else to do.
//!
//! A runtime keeps them beside the worker, which wakes them when it has run out of work. No other
//! worker can. So a worker that is about to be held by an operation, or sent to rest, has to wake them
//! before.

use std::cell::{Cell, RefCell};
use std::mem::take;
use std::task::{Context, Waker};

use tokio::task::coop;

/// How many are remembered: then they are woken, and go to the queue that every worker takes from.
const MOST: usize = 32;

thread_local! {
    static IS_ANY: Cell<bool> = const { Cell::new(false) };
    static PUT_OFF: RefCell<Vec<Waker>> = const { RefCell::new(Vec::new()) };
}

/// A task of the server waits: remembers it, if that is because it has used up its turn.
#[inline]
pub(in crate::serve) fn waits(context: &Context<'_>) {
    if !coop::has_budget_remaining() {
        remember(context.waker());
    }
}

#[cold]
fn remember(task: &Waker) {
    let is_full = PUT_OFF.with_borrow_mut(|tasks| {
        if !tasks.iter().any(|known| known.will_wake(task)) {
            tasks.push(task.clone());
        }
        tasks.len() >= MOST
    });
    IS_ANY.set(true);
    if is_full {
        wake();
    }
}

/// Whether there are any on this thread.
pub(super) fn is_any() -> bool {
    IS_ANY.get()
}

/// Wakes those of this thread; whether there were any.
#[inline]
pub(super) fn wake() -> bool {
    let is_any = IS_ANY.get();
    if is_any {
        taken().into_iter().for_each(Waker::wake);
    }
    is_any
}

/// The runtime has woken them: the thread had nothing else to do.
#[inline]
pub(super) fn forget() {
    if IS_ANY.get() {
        drop(taken());
    }
}

/// What is woken or dropped may do anything, so that nothing is borrowed meanwhile.
#[cold]
fn taken() -> Vec<Waker> {
    IS_ANY.set(false);
    PUT_OFF.with_borrow_mut(take)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
    use std::task::Wake;

    use super::*;

    #[derive(Default)]
    struct Task(AtomicUsize);

    impl Wake for Task {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Relaxed);
        }
    }

    impl Task {
        fn woken(&self) -> usize {
            self.0.load(Relaxed)
        }
    }

    #[test]
    fn each_is_woken_once_unless_the_runtime_has_done_it() {
        let task = Arc::new(Task::default());
        let waker = Waker::from(Arc::clone(&task));
        remember(&waker);
        remember(&waker);
        assert!(wake() && !wake());
        assert_eq!(task.woken(), 1);
        remember(&waker);
        forget();
        wake();
        assert_eq!(task.woken(), 1);
    }

    #[test]
    fn no_more_are_kept_than_a_few() {
        let tasks: Vec<_> = (0..MOST).map(|_| Arc::new(Task::default())).collect();
        for task in &tasks {
            assert_eq!(task.woken(), 0);
            remember(&Waker::from(Arc::clone(task)));
        }
        assert!(tasks.iter().all(|task| task.woken() == 1));
        assert!(PUT_OFF.with_borrow(Vec::is_empty));
    }
}
