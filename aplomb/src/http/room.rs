//! [`Room`]: what long answers may take in memory.

use std::future::{Future, poll_fn};
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::pieces;
use crate::error::{HttpException, Result};

/// How many bytes of long answers there may be before the next one waits to be made.
static BUDGET: AtomicUsize = AtomicUsize::new(usize::MAX);
static SHARED: Mutex<Shared> = Mutex::new(Shared {
    making: 0,
    promised: 0,
    tide: Tide::NEW,
});

/// How often it is looked whether there is room, and for how long.
const LOOK: Duration = Duration::from_millis(5);
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// From how many bytes on that readers are about to take the next answer waits for them …
const PLENTY: usize = 8 << 20;
/// … but no longer than this.
const COURTESY: Duration = Duration::from_secs(2);
/// From this part of the budget on that slow readers leave there only half as many answers are made
/// at a time, for what an answer is made of may be more than twice its text; also out of courtesy.
const MUCH: usize = 64;
/// What has not been taken for so long is not about to be.
const AGE: Duration = Duration::from_millis(50);

/// Sets how many bytes of long answers may wait for their readers, in this process.
pub(crate) fn set_budget(bytes: usize) {
    BUDGET.store(bytes, Relaxed);
}

/// Whether more of long answers may wait for their readers.
pub(crate) fn is_left() -> bool {
    pieces::waiting() <= BUDGET.load(Relaxed)
}

/// What is known of all long answers.
#[derive(Debug)]
struct Shared {
    /// How many are being made.
    making: usize,
    /// How many bytes are to come of them.
    promised: usize,
    tide: Tide,
}

/// Tells what is read from what lies there, because its readers are slow.
#[derive(Debug)]
struct Tide {
    /// Since when the least is looked for.
    since: Option<Instant>,
    least: usize,
    /// The least of the time before.
    before: usize,
}

impl Tide {
    const NEW: Self = Self {
        since: None,
        least: usize::MAX,
        before: 0,
    };

    /// How much of what waits is about to be read: what was not there all the time lately.
    fn above_the_least(&mut self, waiting: usize, now: Instant) -> usize {
        let passed = self.since.map(|since| now.saturating_duration_since(since));
        if passed.is_none_or(|passed| passed >= AGE) {
            // What was long ago says nothing of now.
            let recent = passed.is_some_and(|passed| passed < AGE * 2);
            self.before = if recent { self.least } else { 0 };
            (self.since, self.least) = (Some(now), waiting);
        }
        self.least = self.least.min(waiting);
        waiting - self.least.min(self.before)
    }
}

/// Whether a budget has room for so many more; one alone may have it all.
fn fits(there: usize, more: usize, budget: usize) -> bool {
    there == 0 || there.saturating_add(more) <= budget
}

/// How many answers are made at a time, where slow readers leave so many bytes.
fn at_a_time(left: usize, budget: usize, processors: usize) -> usize {
    match left > PLENTY.max(budget / MUCH) {
        true => processors.div_ceil(2),
        false => processors,
    }
}

/// How many bytes the next answer of a route will have, as far as they count: a text without room is
/// written no faster than it is read.
fn promise(usual: &AtomicUsize, budget: usize) -> usize {
    usual.load(Relaxed).min(budget / 2)
}

/// Room for a long answer from before it is made until its text is written.
#[derive(Debug)]
pub(crate) struct Room {
    /// How many bytes such an answer usually has, as its route knows.
    usual: Arc<AtomicUsize>,
    promised: usize,
    written: usize,
}

/// Why there is none.
#[derive(Debug)]
enum Lack {
    Soon,
    Full,
}

impl Room {
    /// Waits until another answer may be made: for what will have been read in a moment, since that
    /// costs nobody time, and beyond the budget for readers however slow.
    ///
    /// # Errors
    /// 503, when there is no room for a while.
    pub(crate) async fn wait(usual: &Arc<AtomicUsize>) -> Result<Self> {
        let begin = Instant::now();
        loop {
            let is_courteous = begin.elapsed() < COURTESY;
            match Self::take(usual, is_courteous) {
                Ok(room) => return Ok(room),
                Err(Lack::Full) if begin.elapsed() > PATIENCE => break,
                Err(_) => sleep(LOOK).await,
            }
        }
        tracing::warn!("refused to make a long answer: too many wait for slow readers");
        let busy = HttpException::new(503, "Too many long answers wait for their readers");
        Err(busy.header("retry-after", "5").into())
    }

    /// Takes room, if there is some; who is courteous also leaves it to those who can be made now, and
    /// to those who are about to be read.
    fn take(usual: &Arc<AtomicUsize>, is_courteous: bool) -> Result<Self, Lack> {
        let budget = BUDGET.load(Relaxed);
        let promised = promise(usual, budget);
        let mut shared = lock();
        let waiting = pieces::waiting();
        let to_be_read = shared.tide.above_the_least(waiting, Instant::now());
        if !fits(waiting + shared.promised, promised, budget) {
            return Err(Lack::Full);
        }
        let most = at_a_time(waiting - to_be_read, budget, processors());
        if is_courteous && (to_be_read > PLENTY || shared.making >= most) {
            return Err(Lack::Soon);
        }
        shared.making += 1;
        shared.promised += promised;
        Ok(Self {
            usual: Arc::clone(usual),
            promised,
            written: 0,
        })
    }

    /// Counts a piece that is written, and so is counted among what waits.
    pub(super) fn wrote(&mut self, bytes: usize) {
        self.written += bytes;
        self.give_back(bytes.min(self.promised));
    }

    /// The text is written: what it has come to is how long the next one will be.
    pub(super) fn finish(self) {
        self.usual.store(self.written, Relaxed);
    }

    fn give_back(&mut self, bytes: usize) {
        self.promised -= bytes;
        lock().promised -= bytes;
    }

    /// Runs what makes the answer. The room goes when that has to wait for something, which may take
    /// long, and others could be made meanwhile.
    pub(crate) async fn held_by<F: Future>(making: F, room: &mut Option<Self>) -> F::Output {
        let mut making = Box::pin(making);
        poll_fn(|context| {
            let made = making.as_mut().poll(context);
            if made.is_pending() {
                *room = None;
            }
            made
        })
        .await
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut shared = lock();
        shared.promised -= self.promised;
        shared.making -= 1;
    }
}

fn lock() -> MutexGuard<'static, Shared> {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many answers can be made at a time.
fn processors() -> usize {
    static PROCESSORS: OnceLock<usize> = OnceLock::new();
    *PROCESSORS.get_or_init(|| std::thread::available_parallelism().map_or(1, Into::into))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1 << 20;

    /// Held by who takes room, which all tests share.
    static ROOM: Mutex<()> = Mutex::new(());

    #[test]
    fn what_is_to_come_of_an_answer_counts_until_it_is_written() {
        let _alone = ROOM.lock().unwrap_or_else(PoisonError::into_inner);
        let usual = Arc::new(AtomicUsize::new(20 * MIB));
        let mut rooms: Vec<Room> = (0..processors())
            .map(|_| Room::take(&usual, true).expect("room"))
            .collect();
        assert!(matches!(Room::take(&usual, true), Err(Lack::Soon)));
        drop(Room::take(&usual, false).expect("room for who has waited"));
        let mut first = rooms.remove(0);
        first.wrote(13 * MIB);
        assert_eq!(first.promised, 7 * MIB);
        first.wrote(13 * MIB);
        assert_eq!(first.promised, 0);
        first.finish();
        assert_eq!(usual.load(Relaxed), 26 * MIB);
        drop(Room::take(&usual, true).expect("room for another"));
    }

    #[test]
    fn beside_much_that_lies_there_fewer_answers_are_made_at_a_time() {
        let (budget, much) = (6 << 30, 96 * MIB);
        assert_eq!(at_a_time(much, budget, 16), 16);
        assert_eq!(at_a_time(much + 1, budget, 16), 8);
        assert_eq!(at_a_time(much + 1, budget, 1), 1);
        assert_eq!(at_a_time(PLENTY, MIB, 2), 2);
        let (mut tide, start) = (Tide::NEW, Instant::now());
        let left = |tide: &mut Tide, look: u32| {
            let waiting = 90 * MIB;
            waiting - tide.above_the_least(waiting, start + LOOK * look)
        };
        assert_eq!(left(&mut tide, 0), 0, "it may be about to be read");
        let later: Vec<usize> = (1..40).map(|look| left(&mut tide, look)).collect();
        assert_eq!(later.last(), Some(&(90 * MIB)), "{later:?}");
    }

    #[test]
    fn what_lies_there_is_not_waited_for() {
        let (mut tide, start) = (Tide::NEW, Instant::now());
        let at = |look: u32| start + LOOK * look;
        // One reader takes nothing of its 18 MiB; others take theirs, again and again.
        let flood = |look: u32| (18 + look as usize % 12) * MIB;
        let above: Vec<usize> = (0..100)
            .map(|look| tide.above_the_least(flood(look), at(look)) / MIB)
            .collect();
        assert!(above[..10].iter().all(|above| *above >= 18), "{above:?}");
        assert!(above[24..].iter().all(|above| *above < 12), "{above:?}");
        assert_eq!(tide.above_the_least(9 * MIB, at(200)), 9 * MIB, "anew");
    }

    #[test]
    fn an_answer_that_waits_for_something_holds_no_room() {
        let _alone = ROOM.lock().unwrap_or_else(PoisonError::into_inner);
        let usual = Arc::new(AtomicUsize::new(20 * MIB));
        let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
        for (waits, is_held) in [(true, false), (false, true)] {
            let mut room = Room::take(&usual, false).ok();
            let making = async {
                if waits {
                    tokio::task::yield_now().await;
                }
            };
            let mut held = Box::pin(Room::held_by(making, &mut room));
            let _ = held.as_mut().poll(context);
            drop(held);
            assert_eq!(room.is_some(), is_held);
        }
    }

    #[test]
    fn the_budget_bounds_what_is_to_come_as_well() {
        assert!(fits(0, 9 * MIB, MIB), "one alone");
        assert!(fits(MIB, 7 * MIB, 8 * MIB) && !fits(MIB, 7 * MIB + 1, 8 * MIB));
        assert_eq!(promise(&AtomicUsize::new(3 * MIB), 8 * MIB), 3 * MIB);
        assert_eq!(
            promise(&AtomicUsize::new(9 * MIB), 8 * MIB),
            4 * MIB,
            "two at a time"
        );
    }
}
