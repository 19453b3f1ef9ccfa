//! The slowest requests of a while.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::entry::Entry;
use crate::observe::Record;
use crate::observe::record::nanoseconds;
use crate::serve::lane::clock;

/// For how long the slowest are looked for.
const WINDOW: u64 = nanoseconds(Duration::from_secs(60));

/// The slowest requests of this window and of the one before.
#[derive(Default)]
pub(super) struct Slowest {
    /// What is not slow in any case, in nanoseconds.
    threshold: u64,
    /// What has to be surpassed to be taken, in nanoseconds.
    bar: AtomicU64,
    /// When this window ends, on the clock of the lanes; until the first request zero.
    until: AtomicU64,
    windows: Mutex<Windows>,
}

/// Both with the slowest first.
#[derive(Default)]
struct Windows {
    current: Vec<(u64, Entry)>,
    before: Vec<(u64, Entry)>,
}

impl Slowest {
    pub(super) fn slower_than(&mut self, time: Duration) {
        self.threshold = nanoseconds(time);
        self.bar = AtomicU64::new(self.threshold);
    }

    pub(super) fn bar(&self) -> u64 {
        self.bar.load(Relaxed)
    }

    /// Whether a request may be among the slowest.
    #[inline]
    pub(super) fn may_take(&self, record: &Record) -> bool {
        let took = record.slowness();
        took > self.bar() || took > self.threshold && clock::coarse() >= self.until.load(Relaxed)
    }

    /// Takes a request if it is among the slowest.
    pub(super) fn take(&self, record: &Record, entry: impl FnOnce() -> Entry, keep: usize) {
        let took = record.slowness();
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        self.turn(&mut windows, record.arrived_at() + took);
        if took <= self.bar() {
            return;
        }
        let place = windows.current.partition_point(|(other, _)| *other >= took);
        windows.current.truncate(keep - 1);
        let place = place.min(windows.current.len());
        windows.current.insert(place, (took, entry()));
        if windows.current.len() == keep
            && let Some((fastest, _)) = windows.current.last()
        {
            self.bar.store(*fastest, Relaxed);
        }
    }

    /// The entries of both windows, the slowest first.
    pub(super) fn entries(&self, at: Instant) -> Vec<Entry> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        self.turn(&mut windows, clock::at(at));
        let mut all: Vec<_> = windows.current.iter().chain(&windows.before).collect();
        all.sort_by_key(|(took, _)| std::cmp::Reverse(*took));
        all.into_iter().map(|(_, entry)| entry.clone()).collect()
    }

    /// Begins a new window if this one is over.
    fn turn(&self, windows: &mut Windows, now: u64) {
        let until = self.until.load(Relaxed);
        if now < until {
            return;
        }
        let current = std::mem::take(&mut windows.current);
        // What is older than a whole window is not of the one before.
        windows.before = if now < until + WINDOW {
            current
        } else {
            Vec::new()
        };
        self.until.store(now + WINDOW, Relaxed);
        self.bar.store(self.threshold, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use http::{Method, Uri};

    use super::*;
    use crate::observe::secrets::Secrets;

    fn record(path: &'static str, took: Duration) -> Record {
        let record = Record::new(&Method::GET, &Uri::from_static(path));
        record.ends_after(took);
        record
    }

    fn targets(slowest: &Slowest, at: Instant) -> Vec<String> {
        let entries = slowest.entries(at).into_iter();
        entries.map(|entry| entry.target().to_owned()).collect()
    }

    #[test]
    fn the_slowest_stay_until_the_window_after() {
        let slowest = Slowest::default();
        for (path, milliseconds) in [("/a", 1), ("/b", 30), ("/c", 60), ("/d", 2), ("/e", 45)] {
            let record = record(path, Duration::from_millis(milliseconds));
            if slowest.may_take(&record) {
                let entry = || Entry::new(&record, &Secrets::default());
                slowest.take(&record, entry, 2);
            }
        }
        let now = Instant::now();
        assert_eq!(targets(&slowest, now), ["/c", "/e"]);
        assert!(!slowest.may_take(&record("/fast", Duration::from_micros(1))));
        // It began when the first of them had ended.
        let window = Duration::from_nanos(WINDOW) + Duration::from_secs(1);
        assert_eq!(targets(&slowest, now + window), ["/c", "/e"]);
        assert!(slowest.may_take(&record("/fast", Duration::from_micros(1))));
        assert!(targets(&slowest, now + window * 3).is_empty());
    }

    #[test]
    fn nothing_below_the_threshold_is_slow() {
        let mut slowest = Slowest::default();
        slowest.slower_than(Duration::from_millis(50));
        assert!(!slowest.may_take(&record("/", Duration::from_millis(50))));
        assert!(slowest.may_take(&record("/", Duration::from_millis(51))));
    }
}
