//! [`FlightRecorder`]: the last requests that were slow or went wrong, in full.

mod entry;
mod slowest;

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use self::entry::Entry;
pub(super) use self::entry::milliseconds;
use self::slowest::Slowest;
use super::secrets::Secrets;
use super::{Fate, Record};
use crate::json::{Object, Value};

/// How many requests of each kind are kept, unless somebody says otherwise.
const USUAL: usize = 32;
/// So soon after another, refused requests are not kept.
const RECENT: Duration = Duration::from_millis(10);

/// Keeps the last requests that failed (5xx), were refused because of overload, or whose deadline
/// passed, and the slowest of this minute and the one before: where their time went, and what they
/// came with.
///
/// It is always there; what it costs a request that is none of these is two comparisons. Each entry
/// has at most some 12 KiB. Headers and parameters of the query whose names tell that they are
/// secrets are hidden, as are those that security schemes of the routes take; bodies are not kept.
///
/// ```
/// use std::time::Duration;
/// use aplomb::observe::FlightRecorder;
/// use aplomb::prelude::*;
///
/// let recorder = FlightRecorder::new()
///     .keep(100)
///     .slower_than(Duration::from_millis(200))
///     .hide("x-customer-name");
/// let service = App::new().flight_recorder(recorder).build();
/// assert_eq!(service.flight_recorder().to_json()["failed"], json!([]));
/// ```
pub struct FlightRecorder {
    keep: usize,
    secrets: Secrets,
    slowest: Slowest,
    failed: Ring,
    shed: Ring,
    timed_out: Ring,
}

impl FlightRecorder {
    /// Keeps 32 requests of each kind.
    pub fn new() -> Self {
        Self {
            keep: USUAL,
            secrets: Secrets::default(),
            slowest: Slowest::default(),
            failed: Ring::default(),
            shed: Ring::default(),
            timed_out: Ring::default(),
        }
    }

    /// Keeps so many requests of each kind; none turns it off.
    #[must_use]
    pub fn keep(mut self, count: usize) -> Self {
        self.keep = count;
        self
    }

    /// Takes no request for slow that took less than this.
    #[must_use]
    pub fn slower_than(mut self, time: Duration) -> Self {
        self.slowest.slower_than(time);
        self
    }

    /// Hides the value of a header, and of a parameter of the query, of this name.
    #[must_use]
    pub fn hide(mut self, name: &str) -> Self {
        self.secrets.hide(name);
        self
    }

    /// What is kept: the slowest first, and of the others the latest.
    pub fn to_json(&self) -> Value {
        let mut kinds = Object::new();
        let slowest = self.slowest.entries(Instant::now());
        kinds.insert(
            "slow".to_owned(),
            slowest.iter().map(Entry::to_json).collect(),
        );
        for (kind, ring) in [
            ("failed", &self.failed),
            ("shed", &self.shed),
            ("timed_out", &self.timed_out),
        ] {
            kinds.insert(kind.to_owned(), ring.to_json());
        }
        Value::Object(kinds)
    }

    /// A request that has not ended, as it would be kept now.
    pub(crate) fn describe(&self, record: &Record) -> Value {
        Entry::new(record, &self.secrets).to_json()
    }

    /// What is hidden.
    pub(crate) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// What is hidden, to add to it.
    pub(crate) fn secrets_mut(&mut self) -> &mut Secrets {
        &mut self.secrets
    }

    /// How many nanoseconds a request must take to be among the slowest.
    #[inline]
    pub(super) fn bar(&self) -> u64 {
        self.slowest.bar()
    }

    /// Takes note of a request that has ended, if it is one to keep.
    #[inline]
    pub(super) fn note(&self, record: &Record) {
        let failed = record
            .status()
            .is_some_and(|status| status.is_server_error());
        if failed || record.fate() != Fate::Answered || self.slowest.may_take(record) {
            self.take(record);
        }
    }

    #[cold]
    fn take(&self, record: &Record) {
        if self.keep == 0 {
            return;
        }
        let entry = || Entry::new(record, &self.secrets);
        let failed = record
            .status()
            .is_some_and(|status| status.is_server_error());
        match record.fate() {
            // Who refuses many has no time to write down each.
            Fate::Shed if self.shed.is_recent(self.keep) => {}
            Fate::Shed => self.shed.push(entry(), self.keep),
            Fate::TimedOut => self.timed_out.push(entry(), self.keep),
            Fate::Broken => self.failed.push(entry(), self.keep),
            Fate::Answered | Fate::Abandoned if failed => self.failed.push(entry(), self.keep),
            Fate::Answered | Fate::Abandoned => {}
        }
        self.slowest.take(record, entry, self.keep);
    }
}

impl Default for FlightRecorder {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for FlightRecorder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FlightRecorder")
            .field("keep", &self.keep)
            .finish_non_exhaustive()
    }
}

/// The last entries of one kind, the latest first.
#[derive(Default)]
struct Ring(Mutex<VecDeque<Entry>>);

impl Ring {
    /// Whether it is full and the latest entry is not old.
    fn is_recent(&self, keep: usize) -> bool {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let latest = entries.front().map(Entry::age);
        entries.len() >= keep && latest.is_some_and(|age| age < RECENT)
    }

    fn push(&self, entry: Entry, keep: usize) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.truncate(keep - 1);
        entries.push_front(entry);
    }

    fn to_json(&self) -> Value {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().map(Entry::to_json).collect()
    }
}
