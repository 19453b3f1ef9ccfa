//! The isolated lane: threads of lower priority that poll what may hold its thread.
//!
//! One job is one poll, so that an `await` gives the thread to another operation; who goes next is
//! the business of the [`line`](super::line).

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Duration;

use async_task::{Runnable, Task};
use tokio::runtime::Handle;

use super::clock;
use super::guarded::{Given, Guarded, polls};
use super::line::{Figures, Job, Line, Seat};
use super::{RouteLane, slot, thread, watchdog};
use crate::observe::{Record, WaitFor};

/// The most polls at a time, counting those that are blocked; more where there are many processors.
const THREADS: usize = 64;
/// How long a thread waits for an operation before it ends; as many as processors stay.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// Waits for a thread above this are told of.
const WAIT: u64 = clock::nanoseconds(Duration::from_millis(2));

/// One operation between its polls.
#[derive(Debug)]
pub(super) struct Operation {
    lane: Arc<RouteLane>,
    runtime: Handle,
    /// Since when it waits for a thread.
    since: AtomicU64,
    /// The request it is of, if that is to know of its waits.
    record: Option<Arc<Record>>,
    /// Whether it goes before all others.
    first: bool,
}

impl Operation {
    fn new(lane: &Arc<RouteLane>, record: Option<Arc<Record>>, first: bool) -> Self {
        Self {
            lane: Arc::clone(lane),
            runtime: Handle::current(),
            since: AtomicU64::new(0),
            record,
            first,
        }
    }
}

type Poll = Runnable<Operation>;

impl Job for Poll {
    fn route(&self) -> u32 {
        self.metadata().lane.id
    }

    fn is_new(&self) -> bool {
        self.metadata().lane.is_new()
    }

    fn is_light(&self) -> bool {
        self.metadata().lane.is_light()
    }

    fn cost(&self) -> u64 {
        self.metadata().lane.cost()
    }

    fn is_first(&self) -> bool {
        self.metadata().first
    }
}

static LINE: LazyLock<Line<Poll>> = LazyLock::new(|| Line::new(processors(), threads(), PATIENCE));

/// Polls an operation in this lane; dropping the task cancels it. `held` is let go of once the
/// operation has gone, which is later when it is cancelled while a thread polls it.
pub(super) fn spawn<T, F, H>(
    lane: &Arc<RouteLane>,
    record: Option<Arc<Record>>,
    operation: F,
    held: H,
) -> Task<Given<T>, Operation>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
    H: Send + Unpin + 'static,
{
    let about = Operation::new(lane, record, false);
    start(about, operation, held)
}

/// The same for what holds much memory until it is done, and so goes before what would take more.
pub(super) fn spawn_first<T, F>(lane: &Arc<RouteLane>, operation: F) -> Task<Given<T>, Operation>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    start(Operation::new(lane, None, true), operation, ())
}

fn start<T, F, H>(about: Operation, operation: F, held: H) -> Task<Given<T>, Operation>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
    H: Send + Unpin + 'static,
{
    let (poll, task) = async_task::Builder::new()
        .metadata(about)
        .propagate_panic(true)
        .spawn(move |_| Guarded::new(operation, held), push);
    watchdog::start();
    poll.schedule();
    task
}

fn push(poll: Poll) {
    watchdog::wake();
    let now = clock::now();
    poll.metadata().since.store(now, Relaxed);
    start_if(LINE.push(poll, now));
}

/// How long an operation of a known route will wait for its first poll, by what those before it
/// usually take.
pub(super) fn predicted_wait(lane: &RouteLane) -> Duration {
    Duration::from_nanos(LINE.predicted_wait(lane.is_light()))
}

/// What waits and runs here.
pub(super) fn figures() -> Figures {
    LINE.figures()
}

/// A poll of this route is blocked in the kernel: another thread takes its place, if there is one;
/// `mark` tells the blocked thread, unless its poll has ended.
pub(super) fn stand_in(route: u32, mark: impl FnOnce() -> bool) {
    start_if(LINE.stand_in(route, mark));
}

/// A poll of this route holds its thread: it has no claim to a place kept for others.
pub(super) fn holds_its_thread(route: u32) {
    start_if(LINE.holds_its_thread(route));
}

/// How many may compute at a time.
fn processors() -> usize {
    static PROCESSORS: OnceLock<usize> = OnceLock::new();
    *PROCESSORS.get_or_init(|| std::thread::available_parallelism().map_or(1, Into::into))
}

/// How many threads there may be, counting those whose polls are blocked.
pub(super) fn threads() -> usize {
    THREADS.max(3 * processors())
}

/// Starts a thread where one is wanted.
fn start_if(wanted: bool) {
    if !wanted {
        return;
    }
    let started = std::thread::Builder::new()
        .name("aplomb-isolated".to_owned())
        .spawn(work);
    if let Err(error) = started {
        LINE.lost_thread();
        tracing::error!(%error, "the isolated lane gets no thread");
    }
}

/// What a thread of this lane does until it is of no use.
fn work() {
    thread::lower_priority();
    let seat = Seat::new();
    while let Some((next, wanted)) = LINE.take(&seat, clock::now) {
        start_if(wanted);
        let replaced = poll(next.job);
        LINE.done(next.turn, replaced);
    }
}

/// Polls an operation once; whether somebody stands in for this thread.
fn poll(poll: Poll) -> bool {
    let lane = Arc::clone(&poll.metadata().lane);
    let runtime = poll.metadata().runtime.clone();
    let _entered = runtime.enter();
    let since = poll.metadata().since.load(Relaxed);
    if let Some(record) = &poll.metadata().record
        && clock::coarse().saturating_sub(since) > WAIT
    {
        record.waited(WaitFor::Lane, since, clock::now());
    }
    let ended = slot::isolated(&lane, since, || {
        polls(|| {
            poll.run();
        })
    });
    if let Some(took) = ended.took {
        // What is blocked holds up others no more than its share of the threads.
        lane.cost_isolated(match ended.replaced {
            true => took / threads() as u64 * processors() as u64,
            false => took,
        });
    }
    ended.replaced
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::time::Instant;

    use super::*;

    struct Short;

    impl Job for Short {
        fn route(&self) -> u32 {
            1
        }

        fn is_new(&self) -> bool {
            false
        }

        fn is_light(&self) -> bool {
            true
        }

        fn cost(&self) -> u64 {
            1
        }
    }

    const IDLE: Duration = Duration::from_millis(10);

    struct Lane {
        line: Line<Short>,
        done: AtomicUsize,
    }

    impl Lane {
        fn push(self: &Arc<Self>) {
            self.start_if(self.line.push(Short, 1));
        }

        fn start_if(self: &Arc<Self>, wanted: bool) {
            if wanted {
                let lane = Arc::clone(self);
                std::thread::spawn(move || lane.work());
            }
        }

        fn work(self: Arc<Self>) {
            let seat = Seat::new();
            while let Some((next, wanted)) = self.line.take(&seat, || 1) {
                self.start_if(wanted);
                std::thread::sleep(Duration::from_millis(1));
                self.line.done(next.turn, false);
                self.done.fetch_add(1, Relaxed);
            }
        }
    }

    fn wait(what: &str, is_so: impl Fn() -> bool) {
        let begin = Instant::now();
        while !is_so() {
            assert!(begin.elapsed() < Duration::from_secs(20), "{what}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn threads_beyond_the_processors_end_when_they_have_nothing_to_do() {
        let lane = Arc::new(Lane {
            line: Line::new(1, 8, IDLE),
            done: AtomicUsize::new(0),
        });
        for round in 1..=20 {
            (0..4).for_each(|_| lane.push());
            wait("all are done", || lane.done.load(Relaxed) == 4 * round);
            if round % 2 == 0 {
                wait("one is left", || lane.line.counts() == (1, 1, 1));
            } else {
                std::thread::sleep(IDLE);
            }
        }
    }
}
