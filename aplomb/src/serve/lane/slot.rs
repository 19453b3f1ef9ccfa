//! What each thread is polling, for the watchdog to see.

use std::cell::OnceCell;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU32, AtomicU64};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use super::polls::Polls;
use super::route::{LIGHT, LONG};
use super::spare::Spares;
use super::thread::Meter;
use super::{RouteLane, clock, neighbour, spare, thread, watchdog};

/// Set in `began` once somebody stands in for the thread.
const REPLACED: u64 = 1 << 63;

/// One thread that polls operations. On cache lines of its own: its thread writes it at every poll.
#[derive(Debug)]
#[repr(align(128))]
pub(super) struct Slot {
    /// When the poll that runs now began; zero between polls.
    began: AtomicU64,
    /// The route it is of.
    route: AtomicU32,
    /// How long its thread had waited for a processor when it was last looked at, in ns.
    waited: AtomicU64,
    /// For how long its thread had had a processor when the poll that runs now began, in ns; told by
    /// isolated threads alone.
    worked: AtomicU64,
    /// Of isolated threads alone, too.
    meter: Option<Meter>,
    /// Its own number, as long as the process runs.
    pub(super) number: u32,
    /// The kernel's number of the thread; zero where it does not say.
    pub(super) thread: u32,
    pub(super) owner: Owner,
    pub(super) polls: Polls,
}

/// Whose thread it is.
#[derive(Clone, Debug)]
pub(super) enum Owner {
    /// A runtime's, with the spares that can stand in for it, where it has some.
    Worker(Option<Arc<Spares>>),
    /// The isolated lane's.
    Isolated,
}

/// A poll that runs, as another thread sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sight {
    pub(super) began: u64,
    pub(super) route: u32,
}

static NEXT: AtomicU32 = AtomicU32::new(0);
static SLOTS: Mutex<Vec<Arc<Slot>>> = Mutex::new(Vec::new());

thread_local! {
    static HERE: OnceCell<Registered> = const { OnceCell::new() };
}

struct Registered(Arc<Slot>);

impl Drop for Registered {
    fn drop(&mut self) {
        let mut slots = SLOTS.lock().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|slot| !Arc::ptr_eq(slot, &self.0));
        self.0.polls.outlive(&self.0.owner);
    }
}

/// The slots of the threads that live.
pub(super) fn all() -> Vec<Arc<Slot>> {
    SLOTS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Looks at the slots of the threads that live while none begins or ends.
pub(super) fn with_all<T>(look: impl FnOnce(&[Arc<Slot>]) -> T) -> T {
    look(&SLOTS.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Polls an operation on this thread, a worker of a runtime, and judges its route by how long it
/// takes.
#[inline]
pub(super) fn inline<T>(lane: &RouteLane, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
    neighbour::make_way();
    with_slot(
        || Owner::Worker(spare::of_this_thread()),
        |slot| {
            let _polling = Polling::begin(slot, lane);
            // Once it can be seen: a watchdog that does not see it yet will be woken.
            watchdog::wake();
            poll()
        },
    )
}

/// A poll on a thread of the isolated lane that has ended.
pub(super) struct Ended {
    /// How long it took, in ns, unless there was nothing to poll.
    pub(super) took: Option<u64>,
    /// Whether somebody stands in for the thread since.
    pub(super) replaced: bool,
}

/// Polls an operation on this thread of the isolated lane, for which it has waited since then, and
/// judges its route by how long it takes; `poll` says whether there was anything to poll, or
/// somebody has given up on it.
pub(super) fn isolated(lane: &RouteLane, since: u64, poll: impl FnOnce() -> bool) -> Ended {
    with_slot(
        || Owner::Isolated,
        |slot| {
            let waited = || slot.meter.as_ref().and_then(Meter::waited);
            let before = waited();
            slot.worked.store(thread::worked(), Relaxed);
            let began = slot.begin(lane);
            let polled = poll();
            let replaced = slot.end();
            if !polled {
                let took = None;
                return Ended { took, replaced };
            }
            let took = clock::now() - began;
            slot.polls.waited(began.saturating_sub(since));
            slot.polls.ended(lane.id, began, took);
            // What the thread waited for before this poll is no excuse for it.
            let waits = match took > LIGHT {
                true => before.zip(waited()),
                false => None,
            };
            let waited = waits.map_or(0, |(before, after)| after.saturating_sub(before));
            lane.polled_isolated(took.saturating_sub(waited));
            let took = Some(took);
            Ended { took, replaced }
        },
    )
}

/// The route whose operation this thread polls.
pub(super) fn polled_route() -> Option<u32> {
    let polled = HERE.try_with(|here| Some(here.get()?.0.polling()?.route));
    polled.ok().flatten()
}

/// Whether this thread, a worker, polls an operation.
#[inline]
pub(super) fn is_polling_inline() -> bool {
    let is_polling = |slot: &Slot| slot.is_polling() && matches!(slot.owner, Owner::Worker(_));
    let polling = HERE.try_with(|here| here.get().is_some_and(|here| is_polling(&here.0)));
    polling.unwrap_or_default()
}

fn with_slot<T>(owner: impl FnOnce() -> Owner, with: impl FnOnce(&Slot) -> T) -> T {
    HERE.with(|here| {
        let registered = here.get_or_init(|| Slot::register(owner()));
        with(&registered.0)
    })
}

impl Slot {
    #[cold]
    fn register(owner: Owner) -> Registered {
        let thread = thread::id();
        let waited = thread::activity(thread).map_or(0, |activity| activity.waited);
        let slot = Arc::new(Self {
            began: AtomicU64::new(0),
            route: AtomicU32::new(0),
            waited: AtomicU64::new(waited),
            worked: AtomicU64::new(0),
            meter: matches!(owner, Owner::Isolated).then(Meter::here),
            number: NEXT.fetch_add(1, Relaxed),
            thread,
            polls: Polls::new(&owner, thread),
            owner,
        });
        let mut slots = SLOTS.lock().unwrap_or_else(PoisonError::into_inner);
        slots.push(Arc::clone(&slot));
        Registered(slot)
    }

    #[inline]
    fn begin(&self, lane: &RouteLane) -> u64 {
        let now = clock::now();
        self.route.store(lane.id, Relaxed);
        self.began.store(now, Release);
        now
    }

    #[inline]
    fn end(&self) -> bool {
        self.began.swap(0, AcqRel) & REPLACED != 0
    }

    /// How long a poll on a worker took without the time in which its thread had no processor, which
    /// nobody is to blame for; looked at for long ones alone.
    #[inline]
    fn excused(&self, took: u64) -> u64 {
        match took > LONG {
            true => self.excused_slowly(took),
            false => took,
        }
    }

    #[cold]
    fn excused_slowly(&self, took: u64) -> u64 {
        let Some(activity) = thread::activity(self.thread) else {
            return took;
        };
        let before = self.waited.swap(activity.waited, Relaxed);
        took.saturating_sub(activity.waited.saturating_sub(before))
    }

    /// The poll that runs, unless somebody stands in for its thread already.
    pub(super) fn sight(&self) -> Option<Sight> {
        let began = self.began.load(Acquire);
        let route = self.route.load(Relaxed);
        (began != 0 && began & REPLACED == 0).then_some(Sight { began, route })
    }

    /// For how long the thread had had a processor when the poll that runs began, in ns.
    pub(super) fn worked_before(&self) -> u64 {
        self.worked.load(Relaxed)
    }

    /// The poll that runs, whoever stands in.
    pub(super) fn polling(&self) -> Option<Sight> {
        let began = self.began.load(Acquire) & !REPLACED;
        let route = self.route.load(Relaxed);
        (began != 0).then_some(Sight { began, route })
    }

    /// Whether a poll runs, whoever stands in.
    pub(super) fn is_polling(&self) -> bool {
        self.began.load(Relaxed) != 0
    }

    /// Notes that somebody stands in for the thread as long as this poll runs; false when it has
    /// ended.
    pub(super) fn replaced(&self, sight: Sight) -> bool {
        let replaced = sight.began | REPLACED;
        self.began
            .compare_exchange(sight.began, replaced, AcqRel, Relaxed)
            .is_ok()
    }
}

/// One poll of an operation on a worker; also a panic ends it.
struct Polling<'a> {
    slot: &'a Slot,
    lane: &'a RouteLane,
    began: u64,
}

impl<'a> Polling<'a> {
    #[inline]
    fn begin(slot: &'a Slot, lane: &'a RouteLane) -> Self {
        let began = slot.begin(lane);
        Self { slot, lane, began }
    }
}

impl Drop for Polling<'_> {
    #[inline]
    fn drop(&mut self) {
        let replaced = self.slot.end();
        let took = clock::now() - self.began;
        self.slot.polls.ended(self.lane.id, self.began, took);
        let took = self.slot.excused(took);
        self.lane.polled_inline(took);
        if replaced && let Owner::Worker(Some(spares)) = &self.slot.owner {
            spares.rest();
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::sync::atomic::AtomicBool;
    use std::time::{Duration, Instant};

    use super::*;

    /// Has the calling thread wait for a processor, for so long in all.
    fn wait_for_a_processor(time: Duration) {
        let ended = Arc::new(AtomicBool::new(false));
        let others = 2 * std::thread::available_parallelism()
            .expect("a number")
            .get();
        let others: Vec<_> = (0..others)
            .map(|_| {
                let ended = Arc::clone(&ended);
                std::thread::spawn(move || while !ended.load(Relaxed) {})
            })
            .collect();
        let meter = Meter::here();
        let waited = || meter.waited().expect("a number");
        let (before, begin) = (waited(), Instant::now());
        while waited() < before + clock::nanoseconds(time) {
            assert!(begin.elapsed() < Duration::from_secs(60), "it has to wait");
        }
        ended.store(true, Relaxed);
        for other in others {
            other.join().expect("no panic");
        }
    }

    #[test]
    fn what_a_thread_has_waited_for_before_is_no_excuse() {
        let lane = RouteLane::new("GET /".to_owned(), None);
        let poll = |time| {
            isolated(&lane, clock::now(), || {
                // The watchdog is to look away: the line knows nothing of this thread.
                HERE.with(|here| {
                    let slot = &here.get().expect("a slot").0;
                    assert!(slot.replaced(slot.sight().expect("a poll")));
                });
                std::thread::sleep(time);
                true
            })
        };
        // A machine that does something else for a moment may spoil one or the other.
        let light = (0..100).any(|_| {
            poll(Duration::ZERO);
            lane.is_light()
        });
        assert!(light);
        wait_for_a_processor(Duration::from_millis(30));
        poll(Duration::from_millis(20));
        assert!(!lane.is_light());
    }
}
