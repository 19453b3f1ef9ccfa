//! Time as one number, for atomics.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Nanoseconds since the first look at this clock; never zero.
#[inline]
pub(super) fn now() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    nanoseconds(START.get_or_init(Instant::now).elapsed()) + 1
}

/// A span of time on this clock; those beyond five hundred years are cut.
pub(super) const fn nanoseconds(duration: Duration) -> u64 {
    let nanoseconds = duration.as_nanos();
    if nanoseconds > u64::MAX as u128 {
        u64::MAX
    } else {
        nanoseconds as u64
    }
}
