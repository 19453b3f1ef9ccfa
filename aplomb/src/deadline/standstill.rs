//! [`Standstill`]: the time that does not count.

use std::sync::atomic::{AtomicU64, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};
use std::time::{Duration, Instant};

/// For how long the clock of a request has stood still, because its client was waited for.
///
/// Whoever reads the body tells; others may ask at any moment.
#[derive(Debug, Default)]
pub(crate) struct Standstill {
    /// Nanoseconds of those that are over.
    over: AtomicU64,
    /// Nanoseconds from the arrival to the beginning of the one that goes on, plus one; zero while
    /// the clock runs.
    begun: AtomicU64,
}

impl Standstill {
    /// The clock of a request that arrived then stands still from now on.
    pub(crate) fn begin(&self, arrived: Instant) {
        self.begun.store(since(arrived) + 1, Relaxed);
    }

    /// The clock goes on.
    pub(crate) fn end(&self, arrived: Instant) {
        let begun = self.begun.load(Relaxed);
        if begun > 0 {
            let took = (since(arrived) + 1).saturating_sub(begun);
            // Who asks in between counts it twice, and asks again; missing it would end the request.
            self.over.fetch_add(took, Relaxed);
            self.begun.store(0, Release);
        }
    }

    /// Whether the clock stands still now.
    pub(crate) fn goes_on(&self) -> bool {
        self.begun.load(Relaxed) > 0
    }

    /// For how long it has stood still until now.
    pub(super) fn so_far(&self, arrived: Instant) -> Duration {
        let open = match self.begun.load(Acquire) {
            0 => 0,
            begun => (since(arrived) + 1).saturating_sub(begun),
        };
        Duration::from_nanos(self.over.load(Relaxed) + open)
    }
}

/// Nanoseconds; a `u64` of them reaches for 584 years.
fn since(arrived: Instant) -> u64 {
    u64::try_from(arrived.elapsed().as_nanos()).unwrap_or(u64::MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_and_what_goes_on_count() {
        let (arrived, standstill) = (Instant::now(), Standstill::default());
        let wait = || std::thread::sleep(Duration::from_millis(5));
        standstill.end(arrived);
        assert_eq!(standstill.so_far(arrived), Duration::ZERO);
        standstill.begin(arrived);
        wait();
        assert!(standstill.goes_on() && standstill.so_far(arrived) >= Duration::from_millis(5));
        standstill.end(arrived);
        let over = standstill.so_far(arrived);
        wait();
        assert_eq!(standstill.so_far(arrived), over, "the clock runs");
        standstill.begin(arrived);
        wait();
        assert!(standstill.so_far(arrived) >= over + Duration::from_millis(5));
        assert!(standstill.so_far(arrived) <= arrived.elapsed());
    }
}
