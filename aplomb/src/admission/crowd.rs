//! [`Crowd`]: tells those who ask for more than can be computed from those who wait for each other.

use std::time::{Duration, Instant};

/// Waits below this are nobody's business: also a route whose requests take next to nothing has such
/// when the machine does something else for a moment.
const LEAST: Duration = Duration::from_millis(20);

/// An interval is a fiftieth of the time a request has, within these bounds.
const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_millis(200);

/// More comes in than can be computed when over so many ask beyond one and a half times those who
/// get a thread, within an interval.
const FEW: u32 = 8;

/// A few callers who ask one request after the other wait for each other, for up to this part of
/// their time, or for as many times what a request takes, whichever is longer.
const PATIENCE_PART: u32 = 5;
const PATIENCE: u32 = 4;

/// How the requests of one route find the queue before the isolated lane.
///
/// Where callers ask again once they have their answer, as many ask as are answered: the queue is as
/// long as they are many, and refusing them would only make them ask sooner. A burst goes away by
/// itself. But where in an interval far more ask than get a thread, or somebody has no time for the
/// wait, and nobody finds a short one, the queue does not go away: then the next wait no longer than
/// it takes to keep the threads busy, or everybody would wait until those with less patience have
/// gone. It ends with an interval in which nobody has to be refused.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    /// When the interval began, and how long it is.
    interval: Option<(Instant, Duration)>,
    asked: u32,
    begun: u32,
    /// The shortest wait that anybody found in it.
    shortest: Duration,
    /// Whether far more asked than began in the interval before.
    exceeded: bool,
    refused: bool,
    is_one: bool,
}

impl Crowd {
    /// Whether a request may wait that will get a thread after `wait`, takes `cost`, and has `left`
    /// until its deadline.
    pub(super) fn admits(
        &mut self,
        now: Instant,
        wait: Duration,
        cost: Duration,
        left: Duration,
    ) -> bool {
        self.look(now, cost, left);
        self.asked += 1;
        self.shortest = self.shortest.min(wait);
        let most = match self.is_one {
            true => target(cost),
            false => (cost * PATIENCE).max(left / PATIENCE_PART),
        };
        let admits = wait <= most && wait + cost <= left.mul_f64(0.8);
        self.refused |= !admits;
        admits
    }

    /// Counts a request that gets its thread after having waited for so long; whether that was too
    /// long for it, in a crowd that would have others wait for it.
    pub(super) fn begins(&mut self, waited: Duration, cost: Duration) -> bool {
        self.begun += 1;
        self.is_one && waited > target(cost) * 2
    }

    /// Judges by the interval that is over.
    fn look(&mut self, now: Instant, cost: Duration, left: Duration) {
        if let Some((began, length)) = self.interval {
            let passed = now.saturating_duration_since(began);
            if passed < length {
                return;
            }
            let exceeds = self.asked > self.begun + self.begun / 2 + FEW;
            // Callers who wait for each other may all come at once, but not twice in a row.
            let goes_on = exceeds && self.exceeded || self.refused;
            let stands = goes_on && self.shortest > target(cost);
            self.exceeded = exceeds;
            // What was long ago says nothing of now.
            self.is_one = passed < length * 2 && (stands || self.is_one && self.refused);
        }
        let length = (left / 50).clamp(SHORTEST, LONGEST);
        self.interval = Some((now, length));
        (self.asked, self.begun) = (0, 0);
        self.shortest = Duration::MAX;
        self.refused = false;
    }
}

/// How long a queue keeps the threads busy until the next request comes, with all of what they are at:
/// one waits, and one more for each four threads, so that the last of them waits about as long as one
/// takes.
fn target(cost: Duration) -> Duration {
    (cost + cost / 4).max(LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const COST: Duration = Duration::from_millis(20);
    const LEFT: Duration = Duration::from_secs(10);

    /// What becomes of those who ask: two threads compute for 20 ms each, as the lane predicts it.
    #[derive(Default)]
    struct Scene {
        crowd: Crowd,
        /// Since when they wait.
        waiting: std::collections::VecDeque<u32>,
        /// When the threads are done.
        busy: [u32; 2],
        answered: Vec<u32>,
        refused: u32,
        late: u32,
    }

    impl Scene {
        /// Goes on by a millisecond, in which so many ask.
        fn step(&mut self, start: Instant, at: u32, asking: u32) {
            for thread in 0..2 {
                while self.busy[thread] <= at {
                    let Some(since) = self.waiting.pop_front() else {
                        break;
                    };
                    if self.crowd.begins(MS * (at - since), COST) {
                        self.late += 1;
                        continue;
                    }
                    self.busy[thread] = at + 20;
                    self.answered.push(at + 20 - since);
                }
            }
            for _ in 0..asking {
                let running = self.busy.iter().filter(|until| **until > at).count();
                let wait = COST * (running + self.waiting.len()) as u32 / 2;
                match self.crowd.admits(start + MS * at, wait, COST, LEFT) {
                    true => self.waiting.push_back(at),
                    false => self.refused += 1,
                }
            }
        }
    }

    #[test]
    fn a_crowd_does_not_wait_and_keeps_the_threads_busy() {
        let (mut scene, start) = (Scene::default(), Instant::now());
        // Five times what can be computed.
        for at in 0..1000 {
            scene.step(start, at, u32::from(at % 2 == 0));
        }
        let first = std::mem::take(&mut scene.answered).len();
        for at in 1000..3000 {
            scene.step(start, at, u32::from(at % 2 == 0));
        }
        assert!(scene.late > 0, "those who had come before it was one");
        let longest = scene.answered.iter().max().copied();
        assert!(longest <= Some(42), "{longest:?}");
        let then = scene.answered.len();
        assert!(first >= 98 && then >= 198, "{first}, {then}");
        // Half of what can be computed.
        scene.refused = 0;
        for at in 3000..4000 {
            scene.step(start, at, u32::from(at % 20 == 0));
        }
        assert!(scene.refused <= 1 && !scene.crowd.is_one);
    }

    #[test]
    fn callers_who_ask_once_they_are_answered_may_wait_for_each_other() {
        let (mut scene, start) = (Scene::default(), Instant::now());
        let mut asked = 0;
        for at in 0..5000 {
            let missing = 100 + scene.answered.len() as u32 - asked;
            asked += missing;
            scene.step(start, at, missing);
        }
        assert_eq!((scene.refused, scene.late), (0, 0));
    }

    #[test]
    fn callers_who_come_all_at_once_may_wait_for_each_other() {
        let (mut scene, start) = (Scene::default(), Instant::now());
        // In the order they ask, in which they are answered: whether it is one of those who ask
        // again when all of them are answered, not of those who ask once they are answered.
        let mut asked = Vec::new();
        for at in 0..5000 {
            let open = asked.get(scene.answered.len()..).unwrap_or_default();
            let together = open.iter().filter(|together| **together).count();
            let others = open.len() - together;
            let coming = if together == 0 { 45 } else { 0 };
            asked.extend(std::iter::repeat_n(false, 20 - others));
            asked.extend(std::iter::repeat_n(true, coming));
            scene.step(start, at, (20 - others + coming) as u32);
        }
        assert_eq!((scene.refused, scene.late), (0, 0));
    }

    #[test]
    fn a_burst_may_wait() {
        let (mut scene, start) = (Scene::default(), Instant::now());
        for at in 0..4000 {
            let burst = if at % 2000 == 150 { 150 } else { 0 };
            scene.step(start, at, burst + u32::from(at % 50 == 0));
        }
        assert_eq!((scene.refused, scene.late), (0, 0));
    }

    #[test]
    fn a_wait_that_takes_much_of_the_time_is_too_long_for_anybody() {
        let mut crowd = Crowd::default();
        let now = Instant::now();
        assert!(crowd.admits(now, MS * 2000, COST, LEFT));
        assert!(!crowd.admits(now, MS * 2001, COST, LEFT));
        assert!(crowd.admits(now, MS * 2000, COST, LEFT), "others still may");
        let later = now + MS * 200;
        assert!(!crowd.admits(later, MS * 26, COST, LEFT), "it stands");
        assert!(crowd.admits(later, MS * 25, COST, LEFT));
        let mut crowd = Crowd::default();
        assert!(crowd.admits(now, MS * 2000, MS * 500, MS * 4000));
        assert!(!crowd.admits(now, MS * 81, COST, MS * 100), "in vain");
    }

    #[test]
    fn what_was_long_ago_says_nothing() {
        let mut crowd = Crowd::default();
        let now = Instant::now();
        assert!(!crowd.admits(now, MS * 3000, COST, LEFT));
        assert!(!crowd.admits(now + MS * 200, MS * 300, COST, LEFT));
        assert!(crowd.admits(now + MS * 60_000, MS * 300, COST, LEFT));
    }
}
