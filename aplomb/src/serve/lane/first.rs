//! [`comes_first`]: whether a worker has put off nobody.
//!
//! A task that has used up its turn, or gives way, is put off until its worker has run out of work.
//! Then the worker looks at its sockets and wakes all of those. A task that is polled directly after
//! that, before any other, can be sure that nobody is put off beside the thread it is on: it may block
//! the thread.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, ThreadId};

use tokio::runtime::Handle;
use tokio::task::yield_now;

use super::put_off;

/// Gives way until the worker has run out of work; whether the calling task is the first that it polls
/// after that.
///
/// The last that a worker has woken is the next that it polls, and who was woken before that comes
/// behind all others. So two are woken, a follower and this task, and who comes first tells. Seldom it
/// tells wrong of tasks of the program itself: where it is the turn of one from another thread, which it is
/// now and then, or another worker takes the follower. Tasks of the server are known by name.
pub(super) async fn comes_first() -> bool {
    let mut woken: Option<Arc<Woken>> = None;
    poll_fn(|context| {
        let Some(woken) = &woken else {
            let woken = woken.insert(Arc::new(Woken::new(context.waker())));
            let waker = Waker::from(Arc::clone(woken));
            // What gives way is this waker: it is told when the worker has run out of work.
            let gives_way = pin!(yield_now()).poll(&mut Context::from_waker(&waker));
            return gives_way.map(|()| false);
        };
        match woken.by.get() {
            Some(thread) => {
                let is_here = *thread == thread::current().id();
                let is_first = !woken.is_followed.load(Relaxed) && !put_off::is_any();
                Poll::Ready(is_here && is_first)
            }
            None => Poll::Pending,
        }
    })
    .await
}

/// Wakes a task, and one before it that tells whether it has been polled.
struct Woken {
    task: Waker,
    /// The worker that has run out of work.
    by: OnceLock<ThreadId>,
    /// Whether the follower has been polled.
    is_followed: Arc<AtomicBool>,
}

impl Woken {
    fn new(task: &Waker) -> Self {
        Self {
            task: task.clone(),
            by: OnceLock::new(),
            is_followed: Arc::default(),
        }
    }
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        let is_followed = Arc::clone(&self.is_followed);
        match Handle::try_current() {
            Ok(runtime) => _ = runtime.spawn(async move { is_followed.store(true, Relaxed) }),
            Err(_) => self.is_followed.store(true, Relaxed),
        }
        // With this one the runtime wakes them all.
        put_off::forget();
        let _ = self.by.set(thread::current().id());
        self.task.wake_by_ref();
    }
}
