//! [`Bucket`]: how much may be used up in which time.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A leaky bucket, as the generic cell rate algorithm has it: the only state is the moment at which
/// everything used up until now would have been due at the steady rate.
#[derive(Debug)]
pub(crate) struct Bucket {
    /// In nanoseconds since the service was built.
    due: AtomicU64,
    /// How far that may lie ahead, in nanoseconds.
    burst: u64,
}

impl Bucket {
    pub(crate) const fn new(burst: u64) -> Self {
        Self {
            due: AtomicU64::new(0),
            burst,
        }
    }

    /// Whether something may be used now.
    pub(crate) fn has_room(&self, now: u64) -> bool {
        self.due.load(Relaxed) <= now.saturating_add(self.burst)
    }

    /// Says that as much was used as is due in so many nanoseconds.
    pub(crate) fn spend(&self, now: u64, nanoseconds: u64) {
        let spent = |due: u64| Some(due.max(now).saturating_add(nanoseconds));
        let _ = self.due.fetch_update(Relaxed, Relaxed, spent);
    }

    /// Uses as much as is due in so many nanoseconds, if there is room.
    pub(crate) fn take(&self, now: u64, nanoseconds: u64) -> bool {
        let room = self.has_room(now);
        if room {
            self.spend(now, nanoseconds);
        }
        room
    }
}

/// What all probes of a service may use together.
#[derive(Debug)]
pub(crate) struct Budgets {
    /// Time of processors.
    pub(crate) time: Bucket,
    /// Bytes captured.
    pub(crate) bytes: Bucket,
    /// What logs and snapshots there may be.
    pub(crate) events: Bucket,
    /// What events and spans levels may let through.
    lines: Bucket,
    /// Time that snapshots may take to hear of spans; as much as one probe has, of its own, so that
    /// no snapshot ends because of what others open.
    spans: Bucket,
}

/// How many nanoseconds of a processor a nanosecond of work counts as: one per cent of one.
const SERVICE_SHARE: u64 = 100;
/// The same for one probe: half a per cent.
pub(crate) const PROBE_SHARE: u64 = 200;
/// How long probes may compute at a stretch, in nanoseconds; code that is not optimised takes much
/// longer for the same.
const STRETCH: u64 = if cfg!(debug_assertions) {
    200_000_000
} else {
    2_000_000
};
/// Bytes a second.
const BYTES: u64 = 64 << 10;
/// Logs and snapshots a second.
const EVENTS: u64 = 50;
/// Events and spans of levels a second.
const LINES: u64 = 1000;

pub(crate) const SECOND: u64 = 1_000_000_000;

impl Budgets {
    pub(crate) const fn new() -> Self {
        Self {
            time: Bucket::new(STRETCH * SERVICE_SHARE),
            bytes: Bucket::new(4 * SECOND),
            events: Bucket::new(SECOND),
            lines: Bucket::new(SECOND),
            spans: Self::time_of_probe(),
        }
    }

    /// The time that one probe may take.
    pub(crate) const fn time_of_probe() -> Bucket {
        Bucket::new(STRETCH * PROBE_SHARE)
    }

    /// Charges time to the service.
    pub(crate) fn spend_time(&self, now: u64, nanoseconds: u64) {
        self.time
            .spend(now, nanoseconds.saturating_mul(SERVICE_SHARE));
    }

    /// Whether there is time to hear of a span.
    pub(crate) fn has_time_for_span(&self, now: u64) -> bool {
        self.spans.has_room(now)
    }

    /// Charges the time that it took to hear of a span.
    pub(crate) fn spend_on_span(&self, now: u64, nanoseconds: u64) {
        self.spans
            .spend(now, nanoseconds.saturating_mul(PROBE_SHARE));
    }

    /// Takes room for an event that a level lets through.
    pub(crate) fn take_line(&self, now: u64) -> bool {
        self.lines.take(now, SECOND / LINES)
    }

    /// Takes room for an event of so many bytes.
    pub(crate) fn take_event(&self, now: u64, bytes: usize) -> bool {
        self.events.has_room(now)
            && self
                .bytes
                .take(now, (bytes as u64).saturating_mul(SECOND / BYTES))
            && self.events.take(now, SECOND / EVENTS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_up_comes_back_with_time() {
        let bucket = Bucket::new(SECOND);
        let interval = SECOND / 10;
        let taken = (0..100).filter(|_| bucket.take(0, interval)).count();
        assert_eq!(taken, 11);
        assert!(!bucket.take(interval / 2, interval));
        assert!(bucket.take(2 * interval, interval));
    }
}
