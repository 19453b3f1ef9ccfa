//! [`Standing`]: tells a queue that does not go away from one that does.

use std::time::{Duration, Instant};

/// Waits below this are nobody's business.
const LEAST: Duration = Duration::from_millis(5);

/// An interval is a fiftieth of the time a request has, within these bounds.
const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_millis(200);

/// Whether a queue stands, by the waits of those who come to it.
///
/// After a burst the queue is long and goes away by itself: there everybody may wait who has the
/// time. Under too much load it never goes away, and everybody's wait would become as long as their
/// time allows: so when even the shortest wait over an interval was longer than what a request
/// takes, nobody may wait for longer than that, until an interval passes without a refusal; and who
/// has waited for twice as long by then is let go.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// When the interval began, and how long it is.
    interval: Option<(Instant, Duration)>,
    shortest: Duration,
    refused: bool,
    stands: bool,
}

impl Standing {
    /// Whether a request may wait that will get its turn after `wait`, takes `cost`, and has `left`
    /// until its deadline.
    pub(super) fn admits(
        &mut self,
        now: Instant,
        wait: Duration,
        cost: Duration,
        left: Duration,
    ) -> bool {
        let target = cost.max(LEAST);
        self.look(now, left, target);
        self.shortest = self.shortest.min(wait);
        let fits = wait + cost <= left.mul_f64(0.8);
        let admits = fits && (!self.stands || wait <= target);
        self.refused |= !admits;
        admits
    }

    /// Whether a request of this cost has waited too long for its turn, by what is known now.
    pub(super) fn is_too_late(&self, waited: Duration, cost: Duration) -> bool {
        self.stands && waited > cost.max(LEAST) * 2
    }

    /// Judges by the interval that is over.
    fn look(&mut self, now: Instant, left: Duration, target: Duration) {
        if let Some((began, length)) = self.interval {
            let passed = now.saturating_duration_since(began);
            if passed < length {
                return;
            }
            // What was long ago says nothing of now.
            let recent = passed < length * 2;
            self.stands = recent && (self.shortest > target || self.stands && self.refused);
        }
        let length = (left / 50).clamp(SHORTEST, LONGEST);
        self.interval = Some((now, length));
        self.shortest = Duration::MAX;
        self.refused = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const COST: Duration = Duration::from_millis(20);
    const LEFT: Duration = Duration::from_secs(10);

    /// One request a millisecond that would have to wait so long; how many may.
    fn admitted(
        standing: &mut Standing,
        from: Instant,
        milliseconds: u32,
        wait: impl Fn(u32) -> Duration,
    ) -> u32 {
        let admits = |at| standing.admits(from + MS * at, wait(at), COST, LEFT);
        (0..milliseconds).map(admits).map(u32::from).sum()
    }

    #[test]
    fn a_burst_may_wait() {
        let mut standing = Standing::default();
        // 150 at once, who go away one by one, and others who come meanwhile.
        let wait = |at: u32| MS * 150_u32.saturating_sub(at);
        assert_eq!(admitted(&mut standing, Instant::now(), 2000, wait), 2000);
    }

    #[test]
    fn a_queue_that_stands_is_cut_to_what_one_request_takes() {
        let (mut standing, start) = (Standing::default(), Instant::now());
        assert_eq!(admitted(&mut standing, start, 200, |_| MS * 300), 200);
        assert!(!standing.is_too_late(MS * 300, COST));
        let after = start + MS * 200;
        assert_eq!(admitted(&mut standing, after, 400, |_| MS * 300), 0);
        assert!(standing.is_too_late(COST * 2 + MS, COST) && !standing.is_too_late(COST * 2, COST));
        assert_eq!(admitted(&mut standing, after + MS * 400, 50, |_| COST), 50);
        let long = after + MS * 450;
        assert_eq!(
            admitted(&mut standing, long, 3000, |_| COST + MS),
            0,
            "it goes on"
        );
    }

    #[test]
    fn it_is_over_when_nobody_had_to_be_refused() {
        let (mut standing, start) = (Standing::default(), Instant::now());
        admitted(&mut standing, start, 1200, |_| MS * 300);
        let later = start + MS * 1200;
        admitted(&mut standing, later, 1001, |_| MS);
        assert!(standing.admits(later + MS * 1002, MS * 300, COST, LEFT));
        let (mut standing, start) = (Standing::default(), Instant::now());
        admitted(&mut standing, start, 1200, |_| MS * 300);
        let much_later = start + Duration::from_secs(60);
        assert!(standing.admits(much_later, MS * 300, COST, LEFT));
    }

    #[test]
    fn nobody_waits_who_has_no_time_for_it() {
        let mut standing = Standing::default();
        let now = Instant::now();
        assert!(!standing.admits(now, MS * 81, COST, MS * 100));
        assert!(
            !standing.admits(now, MS * 61, COST, MS * 100),
            "its own time counts too"
        );
        assert!(standing.admits(now, MS * 60, COST, MS * 100));
    }
}
