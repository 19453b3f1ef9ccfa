//! Time as one number, for atomics.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Nanoseconds since the first look at this clock; never zero.
#[inline]
pub(crate) fn now() -> u64 {
    nanoseconds(start().elapsed()) + 1
}

/// A moment on this clock.
pub(crate) fn at(moment: Instant) -> u64 {
    nanoseconds(moment.saturating_duration_since(start())) + 1
}

/// What the clock showed a moment ago, at hardly any cost: when the watchdog looked last.
#[inline]
pub(crate) fn coarse() -> u64 {
    match TICK.load(Relaxed) {
        0 => now(),
        tick => tick,
    }
}

/// The watchdog looks at the clock now; zero says that it looks no more for a while.
pub(super) fn tick(now: u64) {
    TICK.store(now, Relaxed);
}

static TICK: AtomicU64 = AtomicU64::new(0);

fn start() -> Instant {
    static START: OnceLock<Instant> = OnceLock::new();
    *START.get_or_init(Instant::now)
}

/// A span of time on this clock; those beyond five hundred years are cut.
pub(crate) const fn nanoseconds(duration: Duration) -> u64 {
    let nanoseconds = duration.as_nanos();
    if nanoseconds > u64::MAX as u128 {
        u64::MAX
    } else {
        nanoseconds as u64
    }
}
