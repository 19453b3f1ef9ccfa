//! The watchdog: sees a thread that a poll holds while it does.
//!
//! One thread for the process. It ticks while operations are polled, and sleeps while none are.

use std::collections::HashMap;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, OnceLock};
use std::thread::Thread;
use std::time::Duration;

use super::clock::{self, nanoseconds};
use super::slot::{Owner, Sight, Slot};
use super::spare::Spares;
use super::thread::Activity;
use super::{isolated, polls, route, slot, spare, thread};

const TICK: Duration = Duration::from_millis(1);
/// A poll this old is looked at; one tick later it is judged.
const SUSPECT: u64 = nanoseconds(Duration::from_millis(2));
/// Ticks in a row that an isolated thread sleeps before another stands in for it.
const ASLEEP: u32 = 4;
/// Ticks without a poll before the watchdog sleeps.
const QUIET: u32 = 200;
/// Ticks it stays awake when nobody woke it.
const LOOK: u32 = 30;
/// How long it sleeps when nobody wakes it.
const NAP: Duration = Duration::from_millis(500);
/// How often a runtime is asked for a sign of life, and how late that may be.
const ASK: u64 = nanoseconds(Duration::from_millis(20));
const LATE: u64 = nanoseconds(Duration::from_millis(25));
/// How long a spare that was released for a late runtime works before one rests again.
const HELP: u64 = nanoseconds(Duration::from_secs(1));

static WATCHDOG: OnceLock<Thread> = OnceLock::new();
static NAPPING: AtomicBool = AtomicBool::new(false);
static NUDGED: AtomicBool = AtomicBool::new(false);

/// Starts the watchdog, unless it runs.
pub(super) fn start() {
    WATCHDOG.get_or_init(|| {
        let started = std::thread::Builder::new()
            .name("aplomb-watchdog".to_owned())
            .spawn(|| Watchdog::default().watch());
        match started {
            Ok(handle) => handle.thread().clone(),
            Err(error) => {
                tracing::error!(%error, "no thread for the watchdog: routes that hold their thread hold up others");
                std::thread::current()
            }
        }
    });
}

/// Says that a poll begins.
#[inline]
pub(super) fn wake() {
    if NAPPING.load(Relaxed) {
        rouse();
    }
}

#[cold]
fn rouse() {
    if NAPPING.swap(false, AcqRel)
        && let Some(watchdog) = WATCHDOG.get()
    {
        watchdog.unpark();
    }
}

/// Says that a worker goes to rest, so that another has to look after its runtime's sockets.
pub(super) fn nudge() {
    NUDGED.store(true, SeqCst);
    if let Some(watchdog) = WATCHDOG.get() {
        watchdog.unpark();
    }
}

#[derive(Default)]
struct Watchdog {
    suspects: HashMap<u32, Suspect>,
    runtimes: Vec<Pulse>,
    quiet: u32,
}

/// A thread whose poll is old.
struct Suspect {
    sight: Sight,
    /// When it was first seen, and for how long its thread had had a processor then.
    since: u64,
    worked: u64,
    /// When it was last looked at, and what its thread was doing then.
    looked: u64,
    activity: Option<Activity>,
    /// For how long it has been blocked since it was first seen, in ns.
    blocked: u64,
    asleep: u32,
    /// Whether it is known to hold its thread.
    heavy: bool,
}

/// Signs of life of one runtime.
struct Pulse {
    spares: Arc<Spares>,
    asked: u64,
    number: u64,
    heard: Arc<AtomicU64>,
    /// Spares released because no sign came, and when the last was.
    helping: u32,
    helped: u64,
}

impl Watchdog {
    fn watch(mut self) {
        loop {
            std::thread::park_timeout(TICK);
            let now = clock::now();
            clock::tick(now);
            self.attend_runtimes(now);
            let slots = slot::all();
            for slot in &slots {
                self.look_at(slot, now);
            }
            self.quiet = if is_busy(&slots) { 0 } else { self.quiet + 1 };
            if self.quiet > QUIET {
                self.nap();
            }
        }
    }

    fn nap(&mut self) {
        self.quiet = 0;
        self.suspects.clear();
        clock::tick(0);
        NAPPING.store(true, SeqCst);
        // A poll may have begun that did not see this, and was not seen: a tick is longer than that
        // takes to come out.
        std::thread::park_timeout(TICK);
        if NAPPING.load(SeqCst) && !is_busy(&slot::all()) {
            std::thread::park_timeout(NAP);
        }
        if NAPPING.swap(false, SeqCst) {
            // Nobody woke it: a short look at the runtimes is enough.
            self.quiet = QUIET - LOOK;
        }
        let now = clock::now();
        for runtime in &mut self.runtimes {
            runtime.asked = now;
        }
    }

    fn look_at(&mut self, slot: &Slot, now: u64) {
        let Some(sight) = slot
            .sight()
            .filter(|sight| now.saturating_sub(sight.began) >= SUSPECT)
        else {
            self.suspects.remove(&slot.number);
            return;
        };
        let activity = thread::activity(slot.thread);
        let suspect = self.suspects.entry(slot.number);
        let suspect = suspect.or_insert_with(|| Suspect::new(sight, now, activity));
        if suspect.sight != sight {
            *suspect = Suspect::new(sight, now, activity);
        }
        if suspect.since == now {
            return;
        }
        match &slot.owner {
            Owner::Isolated => {
                let held = suspect.held(now, activity, slot.worked_before());
                if !suspect.heavy
                    && let Some(route) = route::of(sight.route)
                    && route.holds_its_thread(held)
                {
                    suspect.heavy = true;
                    isolated::holds_its_thread(sight.route);
                }
                let sleeps = activity.is_some_and(|activity| activity.sleeps);
                suspect.asleep = if sleeps { suspect.asleep + 1 } else { 0 };
                if suspect.asleep >= ASLEEP {
                    isolated::stand_in(sight.route, || slot.replaced(sight));
                }
            }
            Owner::Worker(spares) => {
                polls::held_at(now);
                let preempted = activity.is_some_and(|activity| {
                    let worked = activity.worked.saturating_sub(suspect.worked);
                    !activity.blocked && is_preempted(now - suspect.since, worked)
                });
                if preempted {
                    return;
                }
                if let Some(route) = route::of(sight.route) {
                    route.isolate(now - sight.began);
                }
                let Some(spares) = spares else {
                    slot.replaced(sight);
                    return;
                };
                // The held worker rests when its poll ends; where that was just now, another does.
                if spares.release() && !slot.replaced(sight) {
                    spares.rest();
                }
            }
        }
    }

    /// Sees to it that somebody waits for the sockets of each runtime, and that it does what it is
    /// given within a moment.
    fn attend_runtimes(&mut self, now: u64) {
        let nudged = NUDGED.swap(false, SeqCst);
        if nudged || self.runtimes.is_empty() {
            for spares in spare::all() {
                if !self
                    .runtimes
                    .iter()
                    .any(|known| Arc::ptr_eq(&known.spares, &spares))
                {
                    self.runtimes.push(Pulse::new(spares, now));
                }
            }
        }
        self.runtimes
            .retain_mut(|runtime| runtime.attend(now, nudged));
    }
}

/// Whether a thread that computed for so long within a span of time is not to blame for it: it had a
/// processor for less than half of it, and for no longer than a poll may take. A poll that goes on
/// beyond that holds up others however small its share of a busy machine is.
fn is_preempted(span: u64, worked: u64) -> bool {
    worked < (span / 2).min(SUSPECT)
}

/// Whether any thread polls an operation.
fn is_busy(slots: &[Arc<Slot>]) -> bool {
    slots.iter().any(|slot| slot.is_polling())
}

impl Suspect {
    fn new(sight: Sight, now: u64, activity: Option<Activity>) -> Self {
        Self {
            sight,
            since: now,
            worked: activity.map_or(0, |activity| activity.worked),
            looked: now,
            activity,
            blocked: 0,
            asleep: 0,
            heavy: false,
        }
    }

    /// How long the poll has held its thread, in ns, whose thread had had a processor for so long
    /// before: for how long it has computed since, and has been blocked since it was first seen.
    ///
    /// The time that has passed without what the thread has waited for a processor would be too much:
    /// a wait that goes on is not counted yet.
    fn held(&mut self, now: u64, activity: Option<Activity>, worked_before: u64) -> u64 {
        let (Some(is), Some(was)) = (activity, self.activity) else {
            return now - self.sight.began;
        };
        // A kernel that does not count.
        if is.worked == 0 {
            return now - self.sight.began;
        }
        if is.blocked {
            let worked = is.worked.saturating_sub(was.worked);
            let waited = is.waited.saturating_sub(was.waited);
            self.blocked += (now - self.looked).saturating_sub(worked + waited);
        }
        (self.looked, self.activity) = (now, activity);
        is.worked.saturating_sub(worked_before) + self.blocked
    }
}

impl Pulse {
    fn new(spares: Arc<Spares>, now: u64) -> Self {
        Self {
            spares,
            asked: now,
            number: 0,
            heard: Arc::default(),
            helping: 0,
            helped: 0,
        }
    }

    /// Asks, listens, helps; false when the runtime has ended.
    fn attend(&mut self, now: u64, nudged: bool) -> bool {
        let Some(runtime) = self.spares.runtime() else {
            return false;
        };
        if nudged {
            runtime.spawn(async {});
        }
        let waited = now.saturating_sub(self.asked);
        if self.heard.load(Acquire) == self.number {
            if waited > ASK {
                self.number += 1;
                self.asked = now;
                let (heard, number) = (Arc::clone(&self.heard), self.number);
                runtime.spawn(async move { heard.store(number, Release) });
            }
        } else if waited > LATE {
            // Something that is no operation holds the workers: a task of the user's, a destructor.
            if self.spares.release() {
                self.helping += 1;
                self.helped = now;
            }
            self.asked = now;
        }
        if self.helping > 0 && now.saturating_sub(self.helped) > HELP {
            self.helping -= 1;
            self.helped = now;
            self.spares.rest();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    #[test]
    fn a_poll_holds_its_thread_while_it_computes_or_is_blocked() {
        let activity = |state: char, worked, waited| {
            Some(Activity {
                sleeps: state == 'S',
                blocked: state != 'R',
                worked: 500 * MS + worked,
                waited: 900 * MS + waited,
            })
        };
        let sight = Sight {
            began: MS,
            route: 1,
        };
        let mut suspect = Suspect::new(sight, 30 * MS, activity('R', 0, 0));
        let mut held = |now, activity| suspect.held(now, activity, 500 * MS) / MS;
        // It has waited for a processor all the time, and nobody knows yet for how long.
        assert_eq!(held(60 * MS, activity('R', 0, 0)), 0);
        assert_eq!(held(100 * MS, activity('R', 2 * MS, 90 * MS)), 2);
        assert_eq!(held(104 * MS, activity('D', 3 * MS, 92 * MS)), 4);
        assert_eq!(held(114 * MS, activity('S', 3 * MS, 92 * MS)), 14);
        assert_eq!(held(120 * MS, activity('R', 3 * MS, 92 * MS)), 14);
        assert_eq!(held(130 * MS, activity('R', 12 * MS, 92 * MS)), 23);
        assert_eq!(held(140 * MS, None), 139);
    }

    #[test]
    fn who_has_no_processor_is_not_to_blame() {
        assert!(is_preempted(MS, 0) && is_preempted(100 * MS, SUSPECT / 2));
        assert!(!is_preempted(MS, MS / 2));
        // A tenth of a processor is enough to hold up others for as long as it takes.
        assert!(!is_preempted(10 * SUSPECT, SUSPECT));
    }
}
