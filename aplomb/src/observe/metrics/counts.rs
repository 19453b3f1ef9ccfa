//! What one thread has counted, and how threads find theirs.

use std::cell::RefCell;
use std::sync::atomic::{
    AtomicBool, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::histogram::{Counter, Histogram};
use super::spread::Spread;
use crate::observe::{Fate, Phase, Record, Shed};

/// The classes of statuses: none, 1xx to 5xx.
pub(super) const CLASSES: [&str; 6] = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];

/// What one thread has counted.
#[derive(Debug)]
pub(super) struct Counts {
    pub(super) began: Counter,
    pub(super) ended: Counter,
    /// By series; those in which nothing was counted are not there.
    pub(super) series: Box<[OnceLock<Box<SeriesCounts>>]>,
    /// Whether a thread has it.
    taken: AtomicBool,
}

/// What one thread has counted in one series.
#[derive(Debug, Default)]
pub(super) struct SeriesCounts {
    pub(super) classes: [Histogram; CLASSES.len()],
    /// Those of all classes together.
    pub(super) times: Spread,
    pub(super) phases: [Histogram; Phase::ALL.len()],
    pub(super) fates: [Counter; Fate::ALL.len()],
    /// Of those that were refused, by the reason.
    pub(super) shed: [Counter; Shed::ALL.len()],
    /// Of those whose deadline passed, by what took most of their time.
    pub(super) timed_out: [Counter; Phase::ALL.len()],
    pub(super) bytes: Counter,
}

impl Counts {
    fn new(series: usize) -> Self {
        Self {
            began: Counter::default(),
            ended: Counter::default(),
            series: (0..series).map(|_| OnceLock::new()).collect(),
            taken: AtomicBool::new(true),
        }
    }

    /// Counts a request that has ended.
    pub(super) fn add(&self, record: &Record) {
        let Some(series) = self.series.get(record.series() as usize) else {
            return;
        };
        let counts = series.get_or_init(Box::default);
        let class = record.status().map_or(0, |status| status.as_u16() / 100);
        let class = counts.classes.get(usize::from(class));
        class
            .unwrap_or(&counts.classes[0])
            .add(record.nanoseconds());
        counts.times.add(record.nanoseconds());
        for (phase, clock) in counts.phases.iter().zip(record.clocks()) {
            let spent = clock.nanoseconds();
            if spent > 0 {
                phase.add(spent);
            }
        }
        counts.fates[record.fate() as usize].add(1);
        if let Some(reason) = record.shed() {
            counts.shed[reason as usize].add(1);
        }
        if let Some(phase) = record.timed_out_in() {
            counts.timed_out[phase as usize].add(1);
        }
        counts.bytes.add(record.bytes());
    }
}

/// The counts of all threads.
#[derive(Debug)]
pub(super) struct Threads {
    id: u64,
    series: usize,
    /// Grows to the most threads that ever counted at a time: a new one takes over from one that
    /// has ended.
    all: Mutex<Vec<Arc<Counts>>>,
}

/// The counts that this thread has, each with the number of whose they are.
#[derive(Default)]
struct Own(Vec<(u64, Arc<Counts>)>);

thread_local! {
    static OWN: RefCell<Own> = RefCell::default();
}

impl Drop for Own {
    fn drop(&mut self) {
        for (_, counts) in &self.0 {
            counts.taken.store(false, Release);
        }
    }
}

impl Threads {
    pub(super) fn new(series: usize) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            id: NEXT.fetch_add(1, Relaxed),
            series,
            all: Mutex::default(),
        }
    }

    /// Hands this thread what it counts in.
    #[inline]
    pub(super) fn with_own(&self, count: impl FnOnce(&Counts)) {
        // A thread that ends counts no more.
        let _ = OWN.try_with(|own| {
            let Ok(mut own) = own.try_borrow_mut() else {
                return;
            };
            if let Some((_, counts)) = own.0.iter().find(|(id, _)| *id == self.id) {
                return count(counts);
            }
            let counts = self.take();
            count(&counts);
            // Those of services that have ended are held by nobody else.
            own.0.retain(|(_, counts)| Arc::strong_count(counts) > 1);
            own.0.push((self.id, counts));
        });
    }

    /// The counts of every thread.
    pub(super) fn all(&self) -> Vec<Arc<Counts>> {
        self.all
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    #[cold]
    fn take(&self) -> Arc<Counts> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        // What the thread before has counted is there before this one goes on counting.
        let left = all.iter().find(|counts| !counts.taken.swap(true, Acquire));
        if let Some(counts) = left {
            return Arc::clone(counts);
        }
        let counts = Arc::new(Counts::new(self.series));
        all.push(Arc::clone(&counts));
        counts
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn threads_count_apart_and_take_over_from_those_that_ended() {
        let threads = Threads::new(1);
        let sum = || {
            threads
                .all()
                .iter()
                .map(|counts| counts.began.get())
                .sum::<u64>()
        };
        let count = |times| (0..times).for_each(|_| threads.with_own(|counts| counts.began.add(1)));
        let together = Barrier::new(3);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    count(500);
                    together.wait();
                    count(500);
                });
            }
        });
        assert_eq!((sum(), threads.all().len()), (3000, 3));
        std::thread::scope(|scope| drop(scope.spawn(|| count(10)).join()));
        assert_eq!((sum(), threads.all().len()), (3010, 3));
    }

    #[test]
    fn a_thread_lets_go_of_services_that_are_gone() {
        let gone = Threads::new(1);
        gone.with_own(|counts| counts.began.add(1));
        let counts = Arc::downgrade(&gone.all()[0]);
        drop(gone);
        Threads::new(1).with_own(|counts| counts.began.add(1));
        assert!(counts.upgrade().is_none());
    }
}
