//! Knows since when a task of the server is ready, and who has made it so: tells requests how long
//! their task had waited when a worker came to poll it, and the lanes whom a poll may keep waiting.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use super::lane::{clock, neighbour, put_off};
use crate::observe::{Record, WaitFor};

/// Waits below this are nobody's business, in ns.
const LATE: u64 = clock::nanoseconds(Duration::from_millis(2));

thread_local! {
    /// From when to when the task that is polled on this thread was ready and nobody polled it.
    static WAITED: Cell<Option<(u64, u64)>> = const { Cell::new(None) };
    /// Whether bells that are rung on this thread are held back.
    static HUSHED: Cell<bool> = const { Cell::new(false) };
    /// Those that were.
    static RUNG: RefCell<Vec<Arc<Bell>>> = const { RefCell::new(Vec::new()) };
}

/// Runs a task of the server, and notes when it is woken.
pub(super) fn watched<F: Future>(task: F) -> impl Future<Output = F::Output> {
    let bell = Arc::new(Bell::new(neighbour::is_elsewhere()));
    let waker = Waker::from(Arc::clone(&bell));
    async move {
        let mut task = pin!(task);
        poll_fn(|context| {
            let own = bell.task.get_or_init(|| context.waker().clone());
            if !own.will_wake(context.waker()) {
                // Another task polls it now, which the bell does not know.
                return task.as_mut().poll(context);
            }
            let rung = bell.answer();
            neighbour::polls(rung.elsewhere);
            let _waited = rung.waited().map(Waited::note);
            let mut context = Context::from_waker(&waker);
            let polled = task.as_mut().poll(&mut context);
            if polled.is_pending() {
                put_off::waits(&context);
            }
            polled
        })
        .await
    }
}

/// Tells a request if the task that polls it had to wait for its worker.
#[inline]
pub(super) fn tell(record: &Record) {
    if let Some((from, to)) = WAITED.get() {
        record.waited(WaitFor::Worker, from, to);
    }
}

/// Wakes a task, and knows since when and from where.
struct Bell {
    /// When it was rung first after the last poll, or zero, twice; and one more if any that rang was
    /// no worker.
    rung: AtomicU64,
    task: OnceLock<Waker>,
}

/// How a bell was rung.
#[derive(Clone, Copy)]
struct Rung {
    /// When first; zero for a task that is new.
    since: u64,
    /// Whether by a thread that is no worker, so that the task comes to one from elsewhere.
    elsewhere: bool,
}

impl Rung {
    #[inline]
    fn of(number: u64) -> Self {
        Self {
            since: number >> 1,
            elsewhere: number & 1 == 1,
        }
    }

    #[inline]
    fn number(self) -> u64 {
        (self.since << 1) | u64::from(self.elsewhere)
    }

    /// From when to when the task was ready, if that was long.
    #[inline]
    fn waited(self) -> Option<(u64, u64)> {
        let late = self.since != 0 && clock::coarse().saturating_sub(self.since) > LATE;
        late.then(|| (self.since, clock::now()))
    }
}

impl Bell {
    /// That of a task that is about to be started, on a worker or elsewhere.
    fn new(elsewhere: bool) -> Self {
        let started = Rung {
            since: 0,
            elsewhere,
        };
        Self {
            rung: AtomicU64::new(started.number()),
            task: OnceLock::new(),
        }
    }

    /// How it was rung; from now on it has not been.
    #[inline]
    fn answer(&self) -> Rung {
        let number = self.rung.load(Relaxed);
        if number != 0 {
            self.rung.store(0, Relaxed);
        }
        Rung::of(number)
    }

    fn ring(&self) {
        let number = self.rung.load(Relaxed);
        let elsewhere = neighbour::is_elsewhere();
        if number >> 1 == 0 {
            let since = clock::coarse();
            let elsewhere = elsewhere || number == 1;
            self.rung.store(Rung { since, elsewhere }.number(), Relaxed);
        } else if elsewhere && number & 1 == 0 {
            self.rung.fetch_or(1, Relaxed);
        }
        if let Some(task) = self.task.get() {
            task.wake_by_ref();
            neighbour::woken();
        }
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        match HUSHED.get() {
            true => RUNG.with_borrow_mut(|rung| rung.push(self)),
            false => self.ring(),
        }
    }

    fn wake_by_ref(self: &Arc<Self>) {
        match HUSHED.get() {
            true => Arc::clone(self).wake(),
            false => self.ring(),
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

/// Tasks of the server that are woken on this thread are held back until this is dropped.
pub(super) struct Hush(());

impl Hush {
    pub(super) fn begin() -> Self {
        HUSHED.set(true);
        Self(())
    }

    /// Wakes nobody: what was done has nothing for them.
    pub(super) fn in_vain(self) {
        while let Some(bell) = next_rung() {
            drop(bell);
        }
    }
}

impl Drop for Hush {
    fn drop(&mut self) {
        HUSHED.set(false);
        while let Some(bell) = next_rung() {
            bell.ring();
        }
    }
}

/// What is rung or dropped may do anything, so that nothing is borrowed meanwhile.
fn next_rung() -> Option<Arc<Bell>> {
    RUNG.with_borrow_mut(Vec::pop)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::sync::mpsc::channel;
    use std::time::Instant;

    use tokio::runtime::Builder;
    use tokio::sync::oneshot;

    use super::*;
    use crate::serve::Lane;
    use crate::serve::lane::{self, RouteLane, Runtime};

    /// How long an operation holds its worker.
    const HOLD: Duration = Duration::from_millis(400);

    /// Computes without an await, on the worker it comes to.
    async fn hold_a_worker(begins: impl FnOnce()) {
        let lane = RouteLane::new("GET /".to_owned(), Some(Lane::Inline));
        let mut begins = Some(begins);
        let operation = async {
            if let Some(begins) = begins.take() {
                begins();
            }
            let begin = Instant::now();
            while begin.elapsed() < HOLD {
                std::hint::spin_loop();
            }
        };
        lane::inline(&lane, operation).await;
    }

    #[cfg(unix)]
    #[test]
    fn who_is_woken_by_a_socket_does_not_wait_for_an_operation_from_elsewhere() {
        use std::io::Write as _;
        use std::os::unix::net::UnixStream;

        // A worker looks at sockets, and then at what comes from other threads, each time.
        let mut builder = Builder::new_multi_thread();
        builder.event_interval(1).global_queue_interval(1);
        let runtime = Runtime::built(&mut builder, 1).expect("a runtime");
        let (mut client, server) = UnixStream::pair().expect("two sockets");
        let (ready, is_ready) = channel();
        let (answer, answered) = oneshot::channel();
        runtime.block_on(async {
            server.set_nonblocking(true).expect("a socket");
            let server = tokio::net::UnixStream::from_std(server).expect("a socket");
            tokio::spawn(async move {
                let mut readable = pin!(server.readable());
                poll_fn(|context| {
                    let _ = ready.send(());
                    readable.as_mut().poll(context)
                })
                .await
                .expect("bytes");
                let _ = answer.send(Instant::now());
            });
            is_ready.recv().expect("it waits for the socket");
            let (let_go, wait) = channel::<()>();
            let (begin, begun) = channel();
            tokio::spawn(async move {
                let _ = begin.send(());
                let _ = wait.recv();
            });
            begun.recv().expect("the worker is busy");
            let asked = Instant::now();
            client.write_all(b"x").expect("room");
            let held = tokio::spawn(watched(hold_a_worker(|| {})));
            drop(let_go);
            let took = answered.await.expect("an answer") - asked;
            assert!(took < HOLD / 2, "{took:?}");
            held.await.expect("an end");
        });
        runtime.shut_down(Duration::ZERO);
    }

    #[test]
    fn who_is_woken_by_an_operation_does_not_wait_for_its_end() {
        let runtime = Runtime::new(1).expect("a runtime");
        let (wake, woken) = oneshot::channel();
        let (ready, is_ready) = channel();
        runtime.block_on(async {
            let other = tokio::spawn(watched(async move {
                let mut woken = pin!(woken);
                poll_fn(|context| {
                    let _ = ready.send(());
                    woken.as_mut().poll(context)
                })
                .await
                .expect("a sign");
                Instant::now()
            }));
            is_ready.recv().expect("it waits for a sign");
            let asked = Instant::now();
            let held = tokio::spawn(watched(hold_a_worker(|| {
                let _ = wake.send(());
            })));
            let took = other.await.expect("an answer") - asked;
            assert!(took < HOLD / 2, "{took:?}");
            held.await.expect("an end");
        });
        runtime.shut_down(Duration::ZERO);
    }

    /// Gives way at its first turn; when it has its second.
    async fn give_way() -> Instant {
        use tokio::task::coop;

        let mut turns = 0;
        poll_fn(|context| {
            while coop::has_budget_remaining() && turns == 0 {
                let _ = coop::poll_proceed(context).map(|step| step.made_progress());
            }
            turns += 1;
            coop::poll_proceed(context).map(|step| step.made_progress())
        })
        .await;
        Instant::now()
    }

    #[test]
    fn who_has_given_way_does_not_wait_for_an_operation_of_this_worker() {
        let runtime = Runtime::new(1).expect("a runtime");
        runtime.block_on(async {
            let begun = tokio::spawn(async {
                // The last that is begun here goes first.
                let held = tokio::spawn(watched(hold_a_worker(|| {})));
                (Instant::now(), tokio::spawn(watched(give_way())), held)
            });
            let (asked, other, held) = begun.await.expect("two tasks");
            let took = other.await.expect("an answer") - asked;
            assert!(took < HOLD / 2, "{took:?}");
            held.await.expect("an end");
        });
        runtime.shut_down(Duration::ZERO);
    }

    #[test]
    fn who_has_given_way_does_not_wait_for_an_operation() {
        let mut builder = Builder::new_multi_thread();
        builder.global_queue_interval(1);
        let runtime = Runtime::built(&mut builder, 1).expect("a runtime");
        runtime.block_on(async {
            let (let_go, wait) = channel::<()>();
            let (begin, begun) = channel();
            tokio::spawn(async move {
                let _ = begin.send(());
                let _ = wait.recv();
            });
            begun.recv().expect("the worker is busy");
            let other = tokio::spawn(watched(give_way()));
            let held = tokio::spawn(watched(hold_a_worker(|| {})));
            let asked = Instant::now();
            drop(let_go);
            let took = other.await.expect("an answer") - asked;
            assert!(took < HOLD / 2, "{took:?}");
            held.await.expect("an end");
        });
        runtime.shut_down(Duration::ZERO);
    }

    #[derive(Default)]
    struct Heard(AtomicUsize);

    impl Wake for Heard {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Relaxed);
        }
    }

    #[test]
    fn bells_are_held_back_and_ring_unless_it_was_in_vain() {
        let heard = Arc::new(Heard::default());
        let bell = Arc::new(Bell::new(false));
        let _ = bell.task.set(Waker::from(Arc::clone(&heard)));
        let waker = Waker::from(bell);
        let times = || heard.0.load(Relaxed);
        waker.wake_by_ref();
        assert_eq!(times(), 1);
        let hush = Hush::begin();
        waker.wake_by_ref();
        assert_eq!(times(), 1);
        drop(hush);
        assert_eq!(times(), 2);
        let hush = Hush::begin();
        waker.wake_by_ref();
        let by_value = waker.clone();
        by_value.wake();
        hush.in_vain();
        assert_eq!(times(), 2);
        waker.wake();
        assert_eq!(times(), 3);
    }
}
