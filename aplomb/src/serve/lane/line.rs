//! The line of what waits for the isolated lane, and who goes next.
//!
//! As many polls run at a time as there are processors; one that is blocked in the kernel, not
//! computing, gives its place to another. Beside them there is one place for routes that nothing is
//! known of and one for those that are known to be light, so that neither waits for heavy ones;
//! who turns out to hold such a place for long loses it to the next.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet, VecDeque};
use std::time::Duration;

use super::sync::{Arc, Condvar, Mutex, MutexGuard, lock, wait, wait_for};

/// A job waits behind others as if it had come this many times its usual cost later …
const PATIENCE: u64 = 4;
/// … but no longer than this, in ns.
const MOST_PATIENCE: u64 = 2_000_000_000;

/// How many places there are beside those for which there are processors.
const BESIDE: usize = 2;

/// One poll that waits for a thread, as far as the line has to know it.
pub(super) trait Job {
    /// The number of the route it is of.
    fn route(&self) -> u32;
    /// Whether nothing is known of the route.
    fn is_new(&self) -> bool;
    /// Whether polls of the route hold their thread for a moment only.
    fn is_light(&self) -> bool;
    /// What a poll of the route usually takes, in ns.
    fn cost(&self) -> u64;
    /// Whether it goes before all others, such as what holds much memory until it is done.
    fn is_first(&self) -> bool {
        false
    }
}

/// What a thread polls next.
#[derive(Debug)]
pub(super) struct Next<J> {
    pub(super) job: J,
    pub(super) turn: Turn,
}

/// Where a thread waits for its next job.
#[derive(Clone, Debug)]
pub(super) struct Seat(Arc<Condvar>);

/// What [`Line::done`] has to know of a poll that has ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    place: Place,
    route: u32,
    /// What is taken off the line's cost.
    cost: u64,
}

/// What waits and runs, in numbers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Figures {
    pub(crate) threads: usize,
    /// Polls that take a processor, or would if they got one.
    pub(crate) computing: usize,
    /// Polls that are blocked and have somebody standing in for them.
    pub(crate) blocked: usize,
    /// What waits: of new routes, of light ones, and of all others.
    pub(crate) new: usize,
    pub(crate) light: usize,
    pub(crate) heavy: usize,
}

/// By what right a poll runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Ordinary {
        light: bool,
    },
    /// The one of new routes.
    Trial,
    /// The one of light routes.
    Light,
}

/// A job and its place among the others.
struct Waiting<J> {
    /// The time from which it is due, in ns.
    due: u64,
    cost: u64,
    job: J,
}

struct State<J> {
    /// Of routes that nothing is known of.
    new: VecDeque<J>,
    /// Of light routes, as they came.
    light: VecDeque<Waiting<J>>,
    /// Of all others, the first that is due first.
    heavy: BinaryHeap<Reverse<Waiting<J>>>,
    /// What the polls that wait or run usually take together, in ns.
    light_cost: u64,
    heavy_cost: u64,
    /// The routes whose first polls run; one of them runs even when all others are held.
    trials: HashSet<u32>,
    /// The light route whose poll runs beside the others.
    beside: Option<u32>,
    polling: usize,
    /// Of those, how many are blocked and have somebody standing in for them.
    blocked: usize,
    threads: usize,
    /// How many wait for a job, or have been called for one and are on their way.
    idle: usize,
    /// The seats of those that were not called.
    seats: Vec<Seat>,
}

/// The line. Where a method answers true, a thread is wanted that calls [`Line::take`]; it has been
/// counted already.
pub(super) struct Line<J> {
    state: Mutex<State<J>>,
    /// How many may compute at a time.
    processors: usize,
    /// The most threads, counting those that are blocked.
    most: usize,
    /// How long a thread waits for a job before it goes, unless there are as few as processors.
    patience: Duration,
}

impl<J: Job> Line<J> {
    pub(super) fn new(processors: usize, most: usize, patience: Duration) -> Self {
        Self {
            state: Mutex::new(State {
                new: VecDeque::new(),
                light: VecDeque::new(),
                heavy: BinaryHeap::new(),
                light_cost: 0,
                heavy_cost: 0,
                trials: HashSet::new(),
                beside: None,
                polling: 0,
                blocked: 0,
                threads: 0,
                idle: 0,
                seats: Vec::new(),
            }),
            processors,
            most,
            patience,
        }
    }

    /// Puts a job in its place; `now` is in ns.
    #[must_use]
    pub(super) fn push(&self, job: J, now: u64) -> bool {
        let mut state = lock(&self.state);
        match job.is_new() {
            true => state.new.push_back(job),
            false => state.wait(job, now),
        }
        self.attend(&mut state)
    }

    /// Waits for the next job that may be polled; a thread calls it again and again with its seat,
    /// with [`Line::done`] after each poll, until it gets nothing: then it has been counted out, and
    /// ends.
    pub(super) fn take(&self, seat: &Seat, now: impl Fn() -> u64) -> Option<(Next<J>, bool)> {
        let mut state = lock(&self.state);
        let mut is_late = false;
        loop {
            if let Some(next) = state.next(self.processors, &now) {
                state.polling += 1;
                let wanted = self.attend(&mut state);
                return Some((next, wanted));
            }
            // Who was called when it was late already has looked again, with nobody between.
            let may_go = state.threads > self.processors;
            if is_late && may_go {
                state.threads -= 1;
                return None;
            }
            state.idle += 1;
            state.seats.push(seat.clone());
            (state, is_late) = match may_go {
                true => wait_for(&seat.0, state, self.patience),
                false => (wait(&seat.0, state), false),
            };
            state.idle -= 1;
            // Also where nobody has called.
            state.seats.retain(|other| !Arc::ptr_eq(&other.0, &seat.0));
        }
    }

    /// Counts out a poll that has ended; `replaced` when somebody stood in for its thread.
    pub(super) fn done(&self, turn: Turn, replaced: bool) {
        let mut state = lock(&self.state);
        match turn.place {
            Place::Trial => _ = state.trials.remove(&turn.route),
            Place::Light if state.beside == Some(turn.route) => state.beside = None,
            Place::Light | Place::Ordinary { .. } => {}
        }
        match turn.place {
            Place::Ordinary { light: false } => state.heavy_cost -= turn.cost,
            _ => state.light_cost -= turn.cost,
        }
        state.polling -= 1;
        state.blocked -= usize::from(replaced);
    }

    /// A poll of this route is blocked in the kernel: another thread takes its place, if there is
    /// one.
    ///
    /// `mark` tells the blocked thread, unless its poll has ended. It does so while the line is
    /// locked, because that thread counts itself out of the blocked ones with its next lock.
    #[must_use]
    pub(super) fn stand_in(&self, route: u32, mark: impl FnOnce() -> bool) -> bool {
        let mut state = lock(&self.state);
        // Some are left for the places beside the others.
        let left = self.most.saturating_sub(state.blocked + self.processors);
        let nobody = state.polling == state.threads && state.threads >= self.most;
        if left <= BESIDE || nobody || !mark() {
            return false;
        }
        state.blocked += 1;
        state.give_up_place(route);
        self.attend(&mut state)
    }

    /// A poll of this route holds its thread: if it has the place of the new or of the light ones,
    /// the next of them may have it.
    #[must_use]
    pub(super) fn holds_its_thread(&self, route: u32) -> bool {
        let mut state = lock(&self.state);
        state.give_up_place(route) && self.attend(&mut state)
    }

    /// What waits and runs.
    pub(super) fn figures(&self) -> Figures {
        let state = lock(&self.state);
        Figures {
            threads: state.threads,
            computing: state.polling.saturating_sub(state.blocked),
            blocked: state.blocked,
            new: state.new.len(),
            light: state.light.len(),
            heavy: state.heavy.len(),
        }
    }

    /// A thread that was wanted could not be had.
    pub(super) fn lost_thread(&self) {
        lock(&self.state).threads -= 1;
    }

    /// What an operation of a known route will wait for its first poll, in ns, by what those before
    /// it usually take.
    pub(super) fn predicted_wait(&self, light: bool) -> u64 {
        let state = lock(&self.state);
        match light {
            true => state.light_cost,
            false => (state.light_cost + state.heavy_cost) / self.processors.max(1) as u64,
        }
    }

    /// Wakes a thread for what waits, or asks for one, as far as more may run.
    ///
    /// The thread that was busy last goes first: what its allocator keeps of the jobs it has done is
    /// used again, while the others need none, and its caches are warm.
    fn attend(&self, state: &mut MutexGuard<'_, State<J>>) -> bool {
        if !state.has_turn(self.processors) {
            return false;
        }
        if state.idle > 0 {
            if let Some(seat) = state.seats.pop() {
                seat.0.notify_one();
            }
            return false;
        }
        let wanted = state.threads < self.most;
        state.threads += usize::from(wanted);
        wanted
    }
}

impl<J: Job> State<J> {
    /// Whether one more may compute.
    fn has_room(&self, processors: usize) -> bool {
        self.polling - self.blocked < processors
    }

    fn has_turn(&self, processors: usize) -> bool {
        let anything = !self.heavy.is_empty() || !self.light.is_empty() || !self.new.is_empty();
        self.has_room(processors) && anything
            || self.trials.is_empty() && !self.new.is_empty()
            || self.beside.is_none() && !self.light.is_empty()
    }

    /// Takes the place of the new or of the light ones from a route; whether it had one.
    fn give_up_place(&mut self, route: u32) -> bool {
        let beside = self.beside == Some(route);
        if beside {
            self.beside = None;
        }
        self.trials.remove(&route) || beside
    }

    fn wait(&mut self, job: J, now: u64) {
        let cost = job.cost();
        if job.is_light() && !job.is_first() {
            self.light_cost += cost;
            let due = now;
            self.light.push_back(Waiting { due, cost, job });
        } else {
            self.heavy_cost += cost;
            let due = match job.is_first() {
                true => 0,
                false => now + cost.saturating_mul(PATIENCE).min(MOST_PATIENCE),
            };
            self.heavy.push(Reverse(Waiting { due, cost, job }));
        }
    }

    /// What to poll next.
    fn next(&mut self, processors: usize, now: impl Fn() -> u64) -> Option<Next<J>> {
        let room = self.has_room(processors);
        while (room || self.trials.is_empty())
            && let Some(job) = self.new.pop_front()
        {
            if job.is_new() && self.trials.insert(job.route()) {
                return Some(Next::new(job, Place::Trial, 0));
            }
            // One trial of a route at a time: the others wait as if it were known.
            self.wait(job, now());
        }
        // What was light when it came may be known better now.
        while let Some(first) = self.light.front()
            && !first.job.is_light()
            && let Some(first) = self.light.pop_front()
        {
            self.light_cost -= first.cost;
            self.wait(first.job, now());
        }
        if !room {
            let free = self.beside.is_none();
            let waiting = free.then(|| self.light.pop_front()).flatten()?;
            self.beside = Some(waiting.job.route());
            return Some(Next::new(waiting.job, Place::Light, waiting.cost));
        }
        let light = match (self.light.front(), self.heavy.peek()) {
            (Some(light), Some(Reverse(heavy))) => light.due <= heavy.due,
            (light, _) => light.is_some(),
        };
        let waiting = match light {
            true => self.light.pop_front()?,
            false => self.heavy.pop()?.0,
        };
        let place = Place::Ordinary { light };
        Some(Next::new(waiting.job, place, waiting.cost))
    }
}

impl Seat {
    pub(super) fn new() -> Self {
        Self(Arc::new(Condvar::new()))
    }
}

impl<J: Job> Next<J> {
    fn new(job: J, place: Place, cost: u64) -> Self {
        let route = job.route();
        let turn = Turn { place, route, cost };
        Self { job, turn }
    }
}

impl<J> PartialEq for Waiting<J> {
    fn eq(&self, other: &Self) -> bool {
        self.due == other.due
    }
}

impl<J> Eq for Waiting<J> {}

impl<J> PartialOrd for Waiting<J> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<J> Ord for Waiting<J> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.due.cmp(&other.due)
    }
}

#[cfg(test)]
impl<J: Job> Line<J> {
    /// How many threads there are, how many of them wait, and how many seats there are.
    pub(super) fn counts(&self) -> (usize, usize, usize) {
        let state = lock(&self.state);
        (state.threads, state.idle, state.seats.len())
    }
}
