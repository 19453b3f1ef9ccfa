//! Which lane a route is in, and what moves it to the other.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use super::clock::{self, nanoseconds};
use crate::observe::{Move, moved};

/// A poll up to this long is light.
pub(super) const LIGHT: u64 = nanoseconds(Duration::from_micros(200));
/// A poll of an inline route above this counts against it; several of them move it, unless the
/// watchdog has done so while one of them went on.
pub(super) const LONG: u64 = nanoseconds(Duration::from_millis(2));
/// One poll above this moves it at once.
const HEAVY: u64 = nanoseconds(Duration::from_millis(10));
/// What moves a route: so many points, [`HEAVY`] polls bringing as many, [`LONG`] ones one each.
const POINTS: u32 = 4;
/// Points count no more when none came for so long.
const FORGOTTEN: u64 = nanoseconds(Duration::from_secs(1));
/// Light polls in a row that prove a route light; twice as many for each time it was wrong.
const PROOF: u32 = 64;
const DOUBLINGS: u32 = 8;

/// Where the operation of a route is polled; unless a route says so, it is found out by measuring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// On the worker that reads the connection, whatever it costs the others there.
    Inline,
    /// On a thread of the isolated lane.
    Isolated,
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Inline => "inline",
            Self::Isolated => "isolated",
        })
    }
}

/// What is known of how long the polls of one route take.
#[derive(Debug)]
pub(crate) struct RouteLane {
    pub(super) id: u32,
    /// The method and path template, for people.
    name: String,
    /// The user's word, which nothing moves.
    pinned: bool,
    isolated: AtomicBool,
    /// Whether it has been in one lane for a reason.
    judged: AtomicBool,
    points: AtomicU32,
    /// When the last points were counted.
    counted: AtomicU64,
    light: AtomicU32,
    relapses: AtomicU32,
    /// How long one poll in the isolated lane keeps others waiting, in ns, as a moving average.
    cost: AtomicU64,
    /// How long one holds its thread, without the time in which the thread had no processor.
    work: AtomicU64,
}

static NEXT: AtomicU32 = AtomicU32::new(1);
static LIVING: Mutex<Option<HashMap<u32, Weak<RouteLane>>>> = Mutex::new(None);

/// The route with this number, unless its service has ended.
pub(super) fn of(id: u32) -> Option<Arc<RouteLane>> {
    let living = LIVING.lock().unwrap_or_else(PoisonError::into_inner);
    living.as_ref()?.get(&id)?.upgrade()
}

impl RouteLane {
    /// A route that has proven nothing yet, or whose lane the user has named.
    pub(crate) fn new(name: String, lane: Option<Lane>) -> Arc<Self> {
        let route = Arc::new(Self {
            id: NEXT.fetch_add(1, Relaxed),
            name,
            pinned: lane.is_some(),
            isolated: AtomicBool::new(lane != Some(Lane::Inline)),
            judged: AtomicBool::new(lane.is_some()),
            points: AtomicU32::new(0),
            counted: AtomicU64::new(0),
            light: AtomicU32::new(0),
            relapses: AtomicU32::new(0),
            cost: AtomicU64::new(0),
            work: AtomicU64::new(0),
        });
        let mut living = LIVING.lock().unwrap_or_else(PoisonError::into_inner);
        let living = living.get_or_insert_default();
        living.insert(route.id, Arc::downgrade(&route));
        route
    }

    /// Its number, which no other route of the process has.
    pub(crate) fn number(&self) -> u32 {
        self.id
    }

    /// The method and path template, for people.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether the next operation goes to the isolated lane.
    #[inline]
    pub(crate) fn is_isolated(&self) -> bool {
        self.isolated.load(Relaxed)
    }

    /// Whether it is isolated only because nothing is known of it yet.
    pub(super) fn is_new(&self) -> bool {
        !self.judged.load(Relaxed) && self.work.load(Relaxed) == 0
    }

    /// Whether polls of it hold their thread for a moment only, by what is known so far; such a
    /// route is isolated for want of proof, or because its threads had no processor in time.
    pub(super) fn is_light(&self) -> bool {
        (1..=LONG).contains(&self.work.load(Relaxed))
    }

    /// What one poll costs in the isolated lane, in ns.
    pub(super) fn cost(&self) -> u64 {
        self.cost.load(Relaxed)
    }

    /// Judges by a poll on a worker.
    #[inline]
    pub(super) fn polled_inline(&self, took: u64) {
        if took > LONG {
            self.held_a_worker(took);
        }
    }

    #[cold]
    fn held_a_worker(&self, took: u64) {
        let points = if took > HEAVY { POINTS } else { 1 };
        if took > HEAVY {
            self.work.fetch_max(took, Relaxed);
        }
        let now = clock::now();
        if now.saturating_sub(self.counted.swap(now, Relaxed)) > FORGOTTEN {
            self.points.store(0, Relaxed);
        }
        if self.points.fetch_add(points, Relaxed) + points >= POINTS {
            self.isolate(took);
        }
    }

    /// Moves the route to the isolated lane, for having held a worker this long, in ns.
    #[cold]
    pub(super) fn isolate(&self, took: u64) {
        if self.pinned || self.isolated.swap(true, Relaxed) {
            return;
        }
        self.points.store(0, Relaxed);
        self.light.store(0, Relaxed);
        self.relapses.fetch_add(1, Relaxed);
        moved(Move::ToIsolated);
        tracing::warn!(
            route = self.name,
            held_ms = milliseconds(took),
            "moved to the isolated lane: it held its thread without an await. Move the work to \
             `spawn_blocking`, answer with a stream, or say `lane = \"isolated\"` on the route"
        );
    }

    /// Judges by a poll in the isolated lane that goes on since so long, in ns; whether it holds its
    /// thread.
    pub(super) fn holds_its_thread(&self, took: u64) -> bool {
        if took <= HEAVY {
            return false;
        }
        self.work.fetch_max(took, Relaxed);
        self.light.store(0, Relaxed);
        if !self.judged.swap(true, Relaxed) {
            tracing::info!(
                route = self.name,
                held_ms = milliseconds(took),
                "stays in the isolated lane: it holds its thread without an await"
            );
        }
        true
    }

    /// Counts what a poll in the isolated lane has kept others waiting.
    pub(super) fn cost_isolated(&self, took: u64) {
        average(&self.cost, took);
    }

    /// Judges by a poll in the isolated lane.
    pub(super) fn polled_isolated(&self, took: u64) {
        average(&self.work, took);
        if self.pinned {
            return;
        }
        if took > LONG {
            self.light.store(0, Relaxed);
            self.holds_its_thread(took);
            return;
        }
        if took > LIGHT {
            return;
        }
        let proof = PROOF << self.relapses.load(Relaxed).min(DOUBLINGS);
        if self.light.fetch_add(1, Relaxed) + 1 >= proof {
            self.light.store(0, Relaxed);
            self.points.store(0, Relaxed);
            self.judged.store(true, Relaxed);
            if self.isolated.swap(false, Relaxed) {
                moved(Move::ToInline);
                tracing::debug!(route = self.name, "has proven light: polled inline");
            }
        }
    }
}

impl Drop for RouteLane {
    fn drop(&mut self) {
        let mut living = LIVING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(living) = living.as_mut() {
            living.remove(&self.id);
        }
    }
}

/// Takes a value into a moving average of which zero means that there is none yet.
fn average(average: &AtomicU64, value: u64) {
    let next = match average.load(Relaxed) {
        0 => value.max(1),
        old => old - old / 8 + value / 8,
    };
    average.store(next, Relaxed);
}

fn milliseconds(nanoseconds: u64) -> u64 {
    nanoseconds / 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    fn prove(route: &RouteLane, polls: u32) {
        for _ in 0..polls {
            route.polled_isolated(MS / 10);
        }
    }

    #[test]
    fn a_new_route_is_isolated_until_it_has_proven_light() {
        let route = RouteLane::new("GET /".to_owned(), None);
        assert!(route.is_isolated() && route.is_new());
        prove(&route, PROOF - 1);
        assert!(route.is_isolated() && route.is_light() && !route.is_new());
        prove(&route, 1);
        assert!(!route.is_isolated());
    }

    #[test]
    fn a_heavy_poll_moves_at_once_and_long_ones_together() {
        let route = RouteLane::new("GET /".to_owned(), None);
        prove(&route, PROOF);
        route.polled_inline(MS);
        assert!(!route.is_isolated());
        route.polled_inline(11 * MS);
        assert!(route.is_isolated());
        prove(&route, 2 * PROOF);
        assert!(!route.is_isolated());
        for _ in 0..POINTS {
            assert!(!route.is_isolated());
            route.polled_inline(3 * MS);
        }
        assert!(route.is_isolated());
    }

    #[test]
    fn every_relapse_doubles_the_proof() {
        let route = RouteLane::new("GET /".to_owned(), None);
        prove(&route, PROOF);
        for relapse in 1..4 {
            route.polled_inline(20 * MS);
            prove(&route, (PROOF << relapse) - 1);
            assert!(route.is_isolated(), "{relapse}");
            prove(&route, 1);
            assert!(!route.is_isolated(), "{relapse}");
        }
    }

    #[test]
    fn what_the_user_says_stays() {
        let inline = RouteLane::new("GET /".to_owned(), Some(Lane::Inline));
        inline.polled_inline(1000 * MS);
        assert!(!inline.is_isolated());
        let isolated = RouteLane::new("GET /".to_owned(), Some(Lane::Isolated));
        prove(&isolated, 10 * PROOF);
        assert!(isolated.is_isolated());
    }

    #[test]
    fn a_route_is_found_by_its_number_as_long_as_it_lives() {
        let route = RouteLane::new("GET /".to_owned(), None);
        let id = route.id;
        assert!(of(id).is_some_and(|found| Arc::ptr_eq(&found, &route)));
        drop(route);
        assert!(of(id).is_none());
    }
}
