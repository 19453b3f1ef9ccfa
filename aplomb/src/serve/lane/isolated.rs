//! The isolated lane: threads of lower priority that poll what may hold its thread.
//!
//! One job is one poll, so that an `await` gives the thread to another operation. As many polls
//! run at a time as there are processors; one that is blocked in the kernel, not computing, gets a
//! thread to stand in for it. Short jobs go before long ones that came a little earlier.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet, VecDeque};
use std::future::Future;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_task::{Runnable, Task};
use tokio::runtime::Handle;

use super::clock::{self, nanoseconds};
use super::{RouteLane, slot, thread, watchdog};

/// The most polls at a time, counting those that are blocked.
const THREADS: usize = 64;
/// A job waits behind others as if it had come this many times its usual cost later …
const PATIENCE: u64 = 4;
/// … but no longer than this.
const MOST_PATIENCE: u64 = nanoseconds(Duration::from_secs(2));

/// One operation between its polls.
#[derive(Debug)]
pub(super) struct Operation {
    lane: Arc<RouteLane>,
    runtime: Handle,
}

type Job = Runnable<Operation>;

/// A job and its place among the others: the time from which it is due.
struct Waiting {
    due: u64,
    /// What its poll usually takes, in ns.
    cost: u64,
    job: Job,
}

/// What a thread polls next.
struct Next {
    job: Job,
    /// What is taken off the queue's cost once it has been polled.
    cost: u64,
    on_trial: bool,
}

#[derive(Default)]
struct Queue {
    known: BinaryHeap<Reverse<Waiting>>,
    /// What the polls of all those, and those that run, usually take together, in ns.
    cost: u64,
    /// Of routes that nothing is known of.
    new: VecDeque<Job>,
    /// The routes whose first polls run; one of them runs even when all others are held.
    trials: HashSet<u32>,
    polling: usize,
    /// Of those, how many are blocked and have somebody standing in for them.
    blocked: usize,
    threads: usize,
    idle: usize,
}

static QUEUE: Mutex<Option<Queue>> = Mutex::new(None);
static ARRIVED: Condvar = Condvar::new();

/// Polls an operation in this lane; dropping the task cancels it.
pub(super) fn spawn<T, F>(lane: &Arc<RouteLane>, operation: F) -> Task<T, Operation>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let about = Operation {
        lane: Arc::clone(lane),
        runtime: Handle::current(),
    };
    let (job, task) = async_task::Builder::new()
        .metadata(about)
        .propagate_panic(true)
        .spawn(move |_| operation, push);
    watchdog::start();
    job.schedule();
    task
}

fn push(job: Job) {
    watchdog::wake();
    let lane = &job.metadata().lane;
    let is_new = lane.is_new();
    let cost = lane.cost();
    let due = clock::now() + cost.saturating_mul(PATIENCE).min(MOST_PATIENCE);
    let mut queue = lock();
    let queue = queue.get_or_insert_default();
    match is_new {
        true => queue.new.push_back(job),
        false => queue.wait(Waiting { due, cost, job }),
    }
    queue.attend();
}

/// How long an operation of a known route will wait for its first poll, by what those before it
/// usually take.
pub(super) fn predicted_wait() -> Duration {
    let queue = lock();
    let cost = queue.as_ref().map_or(0, |queue| queue.cost);
    Duration::from_nanos(cost) / u32::try_from(at_a_time()).unwrap_or(1)
}

/// A poll is blocked in the kernel: another thread takes its place.
pub(super) fn stand_in() {
    let mut queue = lock();
    let queue = queue.get_or_insert_default();
    if queue.polling - queue.blocked <= at_a_time() + 1 && queue.threads < THREADS {
        queue.blocked += 1;
        queue.attend();
    }
}

/// A route on trial holds its thread: the next may have its trial.
pub(super) fn failed_trial(route: u32) {
    let mut queue = lock();
    if let Some(queue) = queue.as_mut()
        && queue.trials.remove(&route)
    {
        queue.attend();
    }
}

fn lock() -> MutexGuard<'static, Option<Queue>> {
    QUEUE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn at_a_time() -> usize {
    static PROCESSORS: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
    *PROCESSORS.get_or_init(|| std::thread::available_parallelism().map_or(1, Into::into))
}

impl Queue {
    /// Wakes or starts a thread for what waits, as far as more may run.
    fn attend(&mut self) {
        if !self.has_turn() {
            return;
        }
        if self.idle > 0 {
            ARRIVED.notify_one();
        } else if self.threads < THREADS {
            self.threads += 1;
            let started = std::thread::Builder::new()
                .name("aplomb-isolated".to_owned())
                .spawn(work);
            if let Err(error) = started {
                self.threads -= 1;
                tracing::error!(%error, "the isolated lane gets no thread");
            }
        }
    }

    /// Whether one more may compute.
    fn has_room(&self) -> bool {
        self.polling - self.blocked < at_a_time()
    }

    fn has_turn(&self) -> bool {
        let anything = !self.known.is_empty() || !self.new.is_empty();
        self.has_room() && anything || self.trials.is_empty() && !self.new.is_empty()
    }

    /// What to poll next.
    fn next(&mut self) -> Option<Next> {
        while (self.has_room() || self.trials.is_empty())
            && let Some(job) = self.new.pop_front()
        {
            let lane = &job.metadata().lane;
            if lane.is_new() && self.trials.insert(lane.id) {
                return Some(Next {
                    cost: 0,
                    job,
                    on_trial: true,
                });
            }
            // One trial of a route at a time: the others wait as if it were known.
            let (due, cost) = (clock::now(), lane.cost());
            self.wait(Waiting { due, cost, job });
        }
        match self.has_room() {
            true => {
                let Reverse(waiting) = self.known.pop()?;
                Some(Next {
                    cost: waiting.cost,
                    job: waiting.job,
                    on_trial: false,
                })
            }
            false => None,
        }
    }

    fn wait(&mut self, waiting: Waiting) {
        self.cost += waiting.cost;
        self.known.push(Reverse(waiting));
    }
}

/// What a thread of this lane does, for ever.
fn work() {
    thread::lower_priority();
    let mut queue = lock();
    loop {
        let next = queue.as_mut().and_then(Queue::next);
        let Some(next) = next else {
            if let Some(queue) = queue.as_mut() {
                queue.idle += 1;
            }
            queue = ARRIVED.wait(queue).unwrap_or_else(PoisonError::into_inner);
            if let Some(queue) = queue.as_mut() {
                queue.idle -= 1;
            }
            continue;
        };
        if let Some(queue) = queue.as_mut() {
            queue.polling += 1;
            queue.attend();
        }
        drop(queue);
        let route = next.job.metadata().lane.id;
        let replaced = poll(next.job);
        queue = lock();
        if let Some(queue) = queue.as_mut() {
            queue.cost -= next.cost;
            if next.on_trial {
                queue.trials.remove(&route);
            }
            queue.polling -= 1;
            queue.blocked -= usize::from(replaced);
        }
    }
}

/// Polls an operation once; whether somebody stands in for this thread.
fn poll(job: Job) -> bool {
    let lane = Arc::clone(&job.metadata().lane);
    let runtime = job.metadata().runtime.clone();
    let _entered = runtime.enter();
    slot::isolated(&lane, || {
        job.run();
    })
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.due == other.due
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.due.cmp(&other.due)
    }
}
