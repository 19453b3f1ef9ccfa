//! Time as one number, for atomics, and at hardly any cost.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Nanoseconds since some moment before the first look at this clock; never zero.
#[cfg(target_os = "linux")]
#[inline]
pub(crate) fn now() -> u64 {
    // The clock that an `Instant` is of, without the check for a time before the other that each
    // difference of two makes.
    of(rustix::time::ClockId::Monotonic) + 1
}

/// Nanoseconds since the first look at this clock; never zero.
#[cfg(not(target_os = "linux"))]
pub(crate) fn now() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    nanoseconds(START.get_or_init(Instant::now).elapsed()) + 1
}

/// What one of the system's clocks shows, in ns.
#[cfg(target_os = "linux")]
#[inline]
pub(super) fn of(clock: rustix::time::ClockId) -> u64 {
    let time = rustix::time::clock_gettime(clock);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    seconds * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap_or_default()
}

/// A moment on this clock.
pub(crate) fn at(moment: Instant) -> u64 {
    let (start, number) = start();
    match moment.checked_duration_since(start) {
        Some(after) => number + nanoseconds(after),
        None => number.saturating_sub(nanoseconds(start - moment)).max(1),
    }
}

/// The moment of a number on this clock.
pub(crate) fn moment(at: u64) -> Instant {
    let (start, number) = start();
    match at.checked_sub(number) {
        Some(after) => start + Duration::from_nanos(after),
        None => {
            let before = start.checked_sub(Duration::from_nanos(number - at));
            before.unwrap_or(start)
        }
    }
}

/// What the clock showed a moment ago, at even less cost: when the watchdog looked last.
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

/// One moment in both ways.
fn start() -> (Instant, u64) {
    static START: OnceLock<(Instant, u64)> = OnceLock::new();
    *START.get_or_init(|| closest(now, Instant::now))
}

/// A look at the second clock, and what the first shows at that moment: of several tries the one
/// that took least, since the thread may have to wait in the midst of one.
fn closest<T>(mut number: impl FnMut() -> u64, mut moment: impl FnMut() -> T) -> (T, u64) {
    const TRIES: usize = 8;
    let mut look = || {
        let (before, moment, after) = (number(), moment(), number());
        let gap = after.saturating_sub(before);
        (gap, (moment, before + gap / 2))
    };
    let mut best = look();
    for _ in 1..TRIES {
        let other = look();
        if other.0 < best.0 {
            best = other;
        }
    }
    best.1
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_clocks_are_read_again_where_the_thread_had_to_wait_between_them() {
        let clock = std::cell::Cell::new(0);
        let waits = std::cell::Cell::new(3);
        let number = || {
            clock.set(clock.get() + 10);
            clock.get()
        };
        let moment = || {
            let moment = clock.get();
            let left: u64 = waits.get();
            waits.set(left.saturating_sub(1));
            clock.set(moment + left * 1_000_000);
            moment
        };
        let (moment, number) = closest(number, moment);
        assert_eq!(number - moment, 5);
    }

    #[test]
    fn moments_and_numbers_are_the_same_time() {
        let (before, number, after) = (Instant::now(), now(), Instant::now());
        assert!(at(before) <= number + 1_000_000 && number <= at(after) + 1_000_000);
        for at_moment in [number - 1_000_000, number, number + 1_000_000_000] {
            assert_eq!(at(moment(at_moment)), at_moment);
        }
    }
}
