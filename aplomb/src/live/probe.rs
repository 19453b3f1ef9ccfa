//! [`Probe`]: what was set, and what has become of it.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::asked::Asked;
use super::budget::{Bucket, Budgets, PROBE_SHARE, SECOND};
use super::metric::Series;

/// How a probe is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It looks at requests.
    Active,
    /// It has had its hits.
    Done,
    /// Its time is over.
    Expired,
    /// Somebody took it away.
    Removed(String),
    /// It was taken away because of what it did.
    Tripped(String),
}

impl State {
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Done => "done",
            Self::Expired => "expired",
            Self::Removed(_) => "removed",
            Self::Tripped(_) => "tripped",
        }
    }

    /// Why it is so, where more is to be said.
    pub(crate) fn reason(&self) -> Option<&str> {
        match self {
            Self::Removed(reason) | Self::Tripped(reason) => Some(reason),
            Self::Active | Self::Done | Self::Expired => None,
        }
    }
}

/// What was set, and what has become of it.
#[derive(Debug)]
pub(crate) struct Probe {
    pub(crate) id: String,
    pub(crate) definition: Asked,
    /// Who set it.
    pub(crate) owner: String,
    /// The routes and points it sits at, for people.
    pub(crate) places: Vec<String>,
    pub(crate) created: SystemTime,
    pub(crate) expires: Instant,
    pub(crate) counters: Counters,
    pub(crate) time: Bucket,
    rate: Bucket,
    /// What it has counted, if it is a metric.
    pub(crate) series: Mutex<Series>,
    state: Mutex<State>,
    /// Whether it is no longer active, for those who must not wait for the lock.
    ended: AtomicBool,
    /// How many streams of its events there are, and since when there has been none.
    pub(crate) listeners: Mutex<(usize, Instant)>,
}

/// What a probe has done.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Of how many requests or tasks it was asked whether it looks at them.
    asked: AtomicU64,
    /// How often the point was passed.
    pub(crate) passed: AtomicU64,
    /// How often the condition was evaluated.
    pub(crate) evaluated: AtomicU64,
    /// How often it held.
    pub(crate) matched: AtomicU64,
    /// How many logs, snapshots or samples there were.
    pub(crate) emitted: AtomicU64,
    /// What there was no room for.
    pub(crate) dropped: AtomicU64,
    /// How often it was left out because the probes had used up their time.
    pub(crate) throttled: AtomicU64,
    /// How often that was time of its own.
    greedy: AtomicU64,
    /// Nanoseconds of processors it has taken.
    pub(crate) nanoseconds: AtomicU64,
    /// What `greedy` was when somebody looked last, and in how many looks in a row it had grown.
    seen_greedy: AtomicU64,
    /// What `dropped` was when it was told last.
    told_dropped: AtomicU64,
    windows: AtomicU32,
}

impl Probe {
    pub(crate) fn new(id: String, definition: Asked, owner: String, places: Vec<String>) -> Self {
        let now = Instant::now();
        Self {
            id,
            owner,
            places,
            created: SystemTime::now(),
            expires: now + Duration::from_secs(definition.expires_in().into()),
            counters: Counters::default(),
            time: Budgets::time_of_probe(),
            rate: Bucket::new(SECOND),
            series: Mutex::default(),
            state: Mutex::new(State::Active),
            ended: AtomicBool::new(false),
            listeners: Mutex::new((0, now)),
            definition,
        }
    }

    pub(crate) fn state(&self) -> State {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Ends an active probe.
    pub(crate) fn end(&self, state: State) -> bool {
        let mut now = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let active = *now == State::Active;
        if active {
            *now = state;
            self.ended.store(true, Relaxed);
        }
        active
    }

    /// Whether it is no longer active, or has had its hits.
    #[inline]
    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Relaxed) || self.is_done()
    }

    /// Takes one of its hits, if there is one left.
    pub(crate) fn takes_hit(&self) -> bool {
        let most = self.definition.most_hits();
        let one_more = |hits: u64| (hits < most).then(|| hits + 1);
        let taken = self
            .counters
            .emitted
            .fetch_update(Relaxed, Relaxed, one_more);
        taken.is_ok()
    }

    /// Whether it has had its hits.
    pub(crate) fn is_done(&self) -> bool {
        self.counters.emitted.load(Relaxed) >= self.definition.most_hits()
    }

    /// Whether it looks at one more request or task, which is one in so many.
    pub(crate) fn draws(&self) -> bool {
        let asked = self.counters.asked.fetch_add(1, Relaxed);
        asked.is_multiple_of(self.definition.sample().into()) && !self.has_ended()
    }

    /// Whether there is time for it, of its own and of the service; if not that is counted.
    pub(crate) fn has_time(&self, budgets: &Budgets, now: u64) -> bool {
        let (own, all) = (self.time.has_room(now), budgets.time.has_room(now));
        if !own {
            self.counters.greedy.fetch_add(1, Relaxed);
        }
        if !(own && all) {
            self.counters.throttled.fetch_add(1, Relaxed);
        }
        own && all
    }

    /// Charges time to it.
    pub(crate) fn spend_time(&self, now: u64, nanoseconds: u64) {
        self.counters.nanoseconds.fetch_add(nanoseconds, Relaxed);
        self.time
            .spend(now, nanoseconds.saturating_mul(PROBE_SHARE));
    }

    /// Takes room for one more log or snapshot at its rate.
    pub(crate) fn takes_rate(&self, now: u64) -> bool {
        let interval = SECOND as f64 / self.definition.per_second();
        self.rate.take(now, interval as u64)
    }

    /// Looks, about once a second, whether it wanted more time than it has since the last look;
    /// whether that was so three times in a row.
    pub(crate) fn is_too_greedy(&self) -> bool {
        let greedy = self.counters.greedy.load(Relaxed);
        let before = self.counters.seen_greedy.swap(greedy, Relaxed);
        match greedy > before {
            true => self.counters.windows.fetch_add(1, Relaxed) + 1 >= 3,
            false => {
                self.counters.windows.store(0, Relaxed);
                false
            }
        }
    }

    /// How many it has dropped that nobody was told of.
    pub(crate) fn untold_drops(&self) -> u64 {
        let dropped = self.counters.dropped.load(Relaxed);
        dropped.saturating_sub(self.counters.told_dropped.swap(dropped, Relaxed))
    }

    /// Whether it has been throttled a moment ago.
    pub(crate) fn is_throttled(&self, budgets: &Budgets, now: u64) -> bool {
        let has_room = self.time.has_room(now) && budgets.time.has_room(now);
        self.counters.windows.load(Relaxed) > 0 || !has_room
    }

    /// Whether it was to end with its listeners, and they are gone.
    pub(crate) fn is_left_alone(&self) -> bool {
        const PATIENCE: Duration = Duration::from_secs(5);
        let listeners = self.listeners.lock();
        let (count, since) = *listeners.unwrap_or_else(PoisonError::into_inner);
        self.definition.attached() && count == 0 && since.elapsed() > PATIENCE
    }

    /// Counts one listener more, or one less.
    pub(crate) fn listens(&self, more: bool) {
        let listeners = self.listeners.lock();
        let mut listeners = listeners.unwrap_or_else(PoisonError::into_inner);
        listeners.0 = match more {
            true => listeners.0 + 1,
            false => listeners.0.saturating_sub(1),
        };
        listeners.1 = Instant::now();
    }
}
