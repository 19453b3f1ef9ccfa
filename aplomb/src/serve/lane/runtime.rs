//! The runtime of a service: a worker for each processor, and spare ones.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::{AcqRel, Acquire};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Handle};

use super::spare::{self, Spares};
use super::{isolated, neighbour, put_off, thread, watchdog};
use crate::serve::{LimitRow, Processors};

/// Up to this many processors there are [`FEW`] spares; above, twice as many more as processors.
const SMALL_MACHINE: usize = 16;
const FEW: usize = 8;

/// How long starting may take before the program goes on without all spares asleep.
const START: Duration = Duration::from_secs(2);

/// A multi-threaded runtime with spare workers, for the isolated lane's watchdog to release.
#[derive(Debug)]
pub(crate) struct Runtime {
    runtime: tokio::runtime::Runtime,
    spares: Arc<Spares>,
}

impl Runtime {
    /// Starts this many workers, and spares.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub(crate) fn new(workers: usize) -> io::Result<Self> {
        Self::built(&mut Builder::new_multi_thread(), workers)
    }

    /// The same, with what the builder says beside the workers.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub(in crate::serve) fn built(builder: &mut Builder, workers: usize) -> io::Result<Self> {
        let spare = spare_workers(workers);
        let spares = Spares::new();
        let started = Arc::new(AtomicUsize::new(0));
        let (enlist, count) = (Arc::clone(&spares), Arc::clone(&started));
        let all = workers + spare;
        let runtime = builder
            .worker_threads(all)
            .thread_name("aplomb")
            .on_thread_start(move || {
                enlist.enlist();
                // The runtime starts its workers first; the threads after them run blocking work.
                match count.fetch_add(1, AcqRel) < all {
                    true => neighbour::works_here(),
                    false => thread::lower_priority(),
                }
            })
            .on_thread_park(put_off::forget)
            .enable_all()
            .build()?;
        spares.belong_to(runtime.handle().clone());
        let give_up = Instant::now() + START;
        wait(give_up, || started.load(Acquire) >= all);
        for resting in 1..=spare {
            spares.rest();
            wait(give_up, || spares.resting() >= resting);
        }
        watchdog::start();
        Ok(Self { runtime, spares })
    }

    /// How many threads there are.
    pub(crate) fn limits() -> Vec<LimitRow> {
        let processors = Processors::here();
        let usable = processors.usable;
        let row = |what, value, beyond| LimitRow::new(what, value, beyond, "quota or affinity");
        let each = || format!("one for each processor: {usable}");
        let spare = format!("8, above 16 processors more: {}", spare_workers(usable));
        let isolated = format!("64, above 21 processors more: {}", isolated::threads());
        vec![
            row(
                "processors",
                format!("those this process may use: {processors}"),
                "",
            ),
            row("workers", each(), "operations take turns"),
            row("spare workers", spare, "held workers are missed"),
            row("isolated, computing", each(), "wait"),
            row("isolated, with those blocked", isolated, "wait"),
            LimitRow::new(
                "isolated, more than processors",
                format!("{} idle", LimitRow::time(isolated::PATIENCE)),
                "ended",
                "-",
            ),
        ]
    }

    #[cfg(test)]
    pub(super) fn spares(&self) -> Arc<Spares> {
        Arc::clone(&self.spares)
    }

    #[cfg(test)]
    pub(super) fn handle(&self) -> &Handle {
        self.runtime.handle()
    }

    /// Runs a future to its end.
    pub(crate) fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// Ends it; threads that do not come back in time are left alone.
    pub(crate) fn shut_down(self, within: Duration) {
        self.spares.close();
        self.runtime.shutdown_timeout(within);
    }
}

/// How many spares there are beside so many workers.
fn spare_workers(workers: usize) -> usize {
    match workers {
        0..=SMALL_MACHINE => FEW,
        _ => 2 * workers + FEW,
    }
}

fn wait(give_up: Instant, done: impl Fn() -> bool) {
    while !done() && Instant::now() < give_up {
        std::thread::sleep(Duration::from_micros(50));
    }
}

/// How many workers the current runtime has that do not rest.
pub(crate) fn workers() -> usize {
    let runtime = Handle::current();
    let workers = runtime.metrics().num_workers();
    let here = spare::all().into_iter().find(|spares| {
        let other = spares.runtime();
        other.is_some_and(|other| other.id() == runtime.id())
    });
    here.map_or(workers, |spares| workers.saturating_sub(spares.resting()))
}
