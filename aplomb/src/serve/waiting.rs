//! [`Waiting`]: how long bytes of a client have been waited for, and how many came.

use std::time::{Duration, Instant};

/// How long some on a connection have waited for bytes to come or to go, and how many did.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    count: u32,
    since: Option<Instant>,
    waited: Duration,
    moved: u64,
}

impl Waiting {
    /// One more waits.
    pub(super) fn begin(&mut self) {
        self.count += 1;
        if self.count == 1 {
            self.since = Some(Instant::now());
            if self.waited.is_zero() {
                self.moved = 0;
            }
        }
    }

    /// One waits no more.
    pub(super) fn end(&mut self) {
        self.count -= 1;
        if self.count == 0 {
            let since = self.since.take();
            self.waited += since.map_or(Duration::ZERO, |since| since.elapsed());
        }
    }

    /// So many bytes have come or gone.
    pub(super) fn moved(&mut self, bytes: u64) {
        self.moved += bytes;
    }

    /// How many wait.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// Since when somebody waits, if anybody does.
    pub(super) fn since(&self) -> Option<Instant> {
        self.since
    }

    /// When it will have been waited for so long, unless nobody waits now.
    pub(super) fn due(&self, time: Duration) -> Option<Instant> {
        Some(self.since? + time.saturating_sub(self.waited))
    }

    /// Whether fewer bytes have come or gone while it was waited for them; if not, and if so,
    /// measuring starts anew.
    pub(super) fn is_slow(&mut self, now: Instant, wanted: u64) -> bool {
        let count = self.count;
        let slow = count > 0 && self.moved < wanted;
        *self = Self {
            count,
            // Somebody may have ceased to wait since it was asked whether it is due.
            since: (count > 0).then_some(now),
            waited: Duration::ZERO,
            moved: 0,
        };
        slow
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Duration = Duration::from_secs(5);

    #[test]
    fn only_what_comes_while_it_is_waited_for_counts() {
        let mut waiting = Waiting::default();
        assert_eq!(waiting.due(WINDOW), None);
        waiting.moved(5000);
        waiting.begin();
        waiting.begin();
        let due = waiting.due(WINDOW).expect("somebody waits");
        assert!(due <= Instant::now() + WINDOW);
        waiting.moved(300);
        assert!(waiting.is_slow(due, 301));
        waiting.moved(301);
        assert!(!waiting.is_slow(due, 301));
        waiting.end();
        assert!(waiting.due(WINDOW).is_some());
        waiting.end();
        assert_eq!((waiting.due(WINDOW), waiting.count()), (None, 0));
        assert!(!waiting.is_slow(due, 1), "nobody waits");
        assert_eq!(waiting.due(WINDOW), None);
    }
}
