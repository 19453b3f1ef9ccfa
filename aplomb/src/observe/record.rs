//! [`Record`]: one request, what it did and when.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use http::uri::PathAndQuery;
use http::{Method, StatusCode, Uri};

use super::elsewhere::Call;
use super::spent::Clocked;
use super::{Phase, Spent, Times};
use crate::route::Endpoint;

/// The low bits of the state are the phase.
const PHASE: u8 = 0x0f;
/// The request is being polled: its time is spent on a thread.
const POLLED: u8 = 0x10;
/// Others poll the operation, on a thread of theirs; who handed it over is polled beside it.
const HANDED: u8 = 0x20;

/// One request, what it did and when; readable at any moment from any thread.
///
/// One thread at a time tells it what happens: the one that polls the request. Telling costs a
/// reading of the clock and a few relaxed stores.
///
/// ```
/// use aplomb::observe::{Phase, Record};
///
/// let record = Record::new(&http::Method::GET, &http::Uri::from_static("/items/1"));
/// record.enter(Phase::Handler);
/// assert_eq!(record.phase(), Phase::Handler);
/// record.answered(http::StatusCode::OK);
/// record.end();
/// assert_eq!(record.times().total(), record.age());
/// ```
#[derive(Debug)]
pub struct Record {
    id: u64,
    arrived: Instant,
    method: Method,
    target: Option<PathAndQuery>,
    ended: AtomicBool,
    /// Nanoseconds from `arrived` to where the times reach.
    mark: AtomicU64,
    state: AtomicU8,
    /// 0 until there is one.
    status: AtomicU16,
    /// The dependency that runs, where one does.
    step: AtomicU32,
    phases: [Clocked; Phase::ALL.len()],
    /// In the order of the endpoint's plan; nothing for endpoints without dependencies.
    dependencies: OnceLock<Box<[Clocked]>>,
    endpoint: OnceLock<Arc<Endpoint>>,
    /// The templates of the mounts it went through.
    prefix: Mutex<String>,
}

impl Record {
    /// The record of a request that arrives now, on the thread that is going to poll it.
    pub fn new(method: &Method, target: &Uri) -> Self {
        Self {
            id: next_id(),
            arrived: Instant::now(),
            method: method.clone(),
            target: target.path_and_query().cloned(),
            ended: AtomicBool::new(false),
            mark: AtomicU64::new(0),
            state: AtomicU8::new(Phase::Routing as u8 | POLLED),
            status: AtomicU16::new(0),
            step: AtomicU32::new(0),
            phases: Default::default(),
            dependencies: OnceLock::new(),
            endpoint: OnceLock::new(),
            prefix: Mutex::default(),
        }
    }

    /// A number that no other request of this process has.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// When its head had been read.
    pub fn arrived(&self) -> Instant {
        self.arrived
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The target as the client sent it, path and query.
    pub fn target(&self) -> &str {
        self.target.as_ref().map_or("", PathAndQuery::as_str)
    }

    /// The path template of the route that was found, with the prefixes of its routers and mounts;
    /// the prefix alone for what a mounted service answers that is no app.
    pub fn route(&self) -> Option<String> {
        let prefix = self.prefix.lock().unwrap_or_else(PoisonError::into_inner);
        match self.endpoint.get() {
            Some(endpoint) => Some(format!("{prefix}{}", endpoint.path)),
            None => (!prefix.is_empty()).then(|| prefix.clone()),
        }
    }

    /// The name of the handler that was found.
    pub fn name(&self) -> Option<&'static str> {
        Some(self.endpoint.get()?.operation.name)
    }

    /// What it is doing, or what it was doing when it ended.
    pub fn phase(&self) -> Phase {
        Phase::ALL[usize::from(self.state.load(Relaxed) & PHASE)]
    }

    /// The status of its response, once there is one; none where the client left before.
    pub fn status(&self) -> Option<StatusCode> {
        StatusCode::from_u16(self.status.load(Relaxed)).ok()
    }

    /// Whether it is over: its last byte was handed over, or it was given up.
    pub fn is_ended(&self) -> bool {
        self.ended.load(Relaxed)
    }

    /// How long ago it arrived, or how long it took.
    pub fn age(&self) -> Duration {
        match self.is_ended() {
            true => Duration::from_nanos(self.mark.load(Relaxed)),
            false => self.arrived.elapsed(),
        }
    }

    /// What it has spent in each phase until now.
    pub fn times(&self) -> Times {
        let open = self.open();
        let (current, polled) = (self.phase(), self.is_polled());
        Times::new(|index| match index == current as usize {
            true => with(self.phases[index].spent(), open, polled),
            false => self.phases[index].spent(),
        })
    }

    /// What it has spent in each dependency until now, by the name of its function, in the order
    /// they run.
    pub fn dependencies(&self) -> impl Iterator<Item = (&'static str, Spent)> {
        let clocks = self.dependencies.get().map_or(&[][..], |clocks| &**clocks);
        let steps = self.endpoint.get().map(|endpoint| &endpoint.plan.steps);
        let names = steps.into_iter().flatten().map(|step| step.definition.name);
        let running = (self.phase() == Phase::Dependencies).then(|| self.step.load(Relaxed));
        let (open, polled) = (self.open(), self.is_polled());
        let spent =
            clocks
                .iter()
                .zip(0..)
                .map(move |(clock, index)| match running == Some(index) {
                    true => with(clock.spent(), open, polled),
                    false => clock.spent(),
                });
        names.zip(spent)
    }

    /// Says what it does from now on.
    #[inline]
    pub fn enter(&self, phase: Phase) {
        self.advance(|state| state & !PHASE | phase as u8);
    }

    /// Says that it is being polled from now on; until then it has waited, unless it was polled
    /// already.
    #[inline]
    pub fn poll_begins(&self) {
        if self.state.load(Relaxed) & (POLLED | HANDED) == 0 {
            self.advance(|state| state | POLLED);
        }
    }

    /// Says that the poll is over and that it waits.
    #[inline]
    pub fn poll_ends(&self) {
        if self.state.load(Relaxed) & HANDED == 0 {
            self.advance(|state| state & !POLLED);
        }
    }

    /// Says that it is answered, and that its response is written from now on.
    #[inline]
    pub fn answered(&self, status: StatusCode) {
        self.status.store(status.as_u16(), Relaxed);
        self.advance(|_| Phase::Writing as u8);
    }

    /// Says that it is over; what is said later counts no more.
    #[inline]
    pub fn end(&self) {
        self.advance(|state| state & !POLLED);
        self.ended.store(true, Relaxed);
    }

    /// Says that another thread polls the operation, which until then waits for one.
    pub(super) fn hand_over(&self) {
        self.advance(|_| Phase::Waiting as u8 | HANDED);
    }

    /// Says when the other thread polls the operation.
    pub(super) fn polled_elsewhere(&self, polled: bool) {
        self.advance(|state| state & !POLLED | if polled { POLLED } else { 0 });
    }

    /// Says that the operation is back where it was handed over.
    pub(crate) fn take_back(&self) {
        self.advance(|state| state & !HANDED | POLLED);
    }

    /// Says that in the current phase a function was waited for that ran on a thread of its own.
    pub(crate) fn called(&self, call: Call) {
        let current = self.phase();
        self.enter(current);
        let waited = nanoseconds(call.began.duration_since(call.asked));
        let ran = nanoseconds(call.ended.duration_since(call.began));
        let clock = &self.phases[current as usize];
        self.phases[Phase::Waiting as usize].add(clock.take_awaited(waited), false);
        clock.add(clock.take_awaited(ran), true);
    }

    /// Says that the dependencies of a plan are going to run.
    #[inline]
    pub(crate) fn has_dependencies(&self, count: usize) {
        if count > 0 {
            self.dependencies
                .get_or_init(|| (0..count).map(|_| Clocked::default()).collect());
        }
    }

    /// Says that it is in a dependency from now on, by its place in the plan.
    #[inline]
    pub(crate) fn enter_dependency(&self, index: usize) {
        self.enter(Phase::Dependencies);
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        self.step.store(index, Relaxed);
    }

    /// Says what answers it; a request finds its route once, one that goes round again keeps the
    /// first.
    #[inline]
    pub(crate) fn found(&self, endpoint: &Arc<Endpoint>) {
        let _ = self.endpoint.set(Arc::clone(endpoint));
    }

    /// Says that it went on to what is mounted at this prefix.
    pub(crate) fn went_below(&self, prefix: &str) {
        let mut before = self.prefix.lock().unwrap_or_else(PoisonError::into_inner);
        before.push_str(prefix);
    }

    pub(super) fn is_polled(&self) -> bool {
        self.state.load(Relaxed) & POLLED != 0
    }

    /// Nanoseconds that no phase has been charged yet.
    fn open(&self) -> u64 {
        match self.is_ended() {
            true => 0,
            false => nanoseconds(self.arrived.elapsed()).saturating_sub(self.mark.load(Relaxed)),
        }
    }

    /// Charges the time since the last mark to what went on until now.
    #[inline]
    fn advance(&self, next: impl FnOnce(u8) -> u8) {
        if self.is_ended() {
            return;
        }
        let state = self.state.load(Relaxed);
        let now = nanoseconds(self.arrived.elapsed());
        let passed = now.saturating_sub(self.mark.load(Relaxed));
        self.mark.store(now, Relaxed);
        let (phase, polled) = (usize::from(state & PHASE), state & POLLED != 0);
        self.phases[phase].add(passed, polled);
        if phase == Phase::Dependencies as usize
            && let Some(clocks) = self.dependencies.get()
            && let Some(clock) = clocks.get(self.step.load(Relaxed) as usize)
        {
            clock.add(passed, polled);
        }
        self.state.store(next(state), Relaxed);
    }
}

fn with(mut spent: Spent, open: u64, polled: bool) -> Spent {
    let open = Duration::from_nanos(open);
    match polled {
        true => spent.busy += open,
        false => spent.awaiting += open,
    }
    spent
}

/// A `u64` of nanoseconds reaches for 584 years.
#[inline]
fn nanoseconds(duration: Duration) -> u64 {
    duration.as_secs() * 1_000_000_000 + u64::from(duration.subsec_nanos())
}

/// Every thread counts in a range of its own, so that they share no counter.
fn next_id() -> u64 {
    static THREADS: AtomicU64 = AtomicU64::new(1);
    const RANGE: u32 = 40;

    thread_local! {
        static NEXT: Cell<u64> = Cell::new(THREADS.fetch_add(1, Relaxed) << RANGE);
    }
    NEXT.with(|next| {
        let id = next.get();
        next.set(id + 1);
        id
    })
}

#[cfg(test)]
mod tests {
    use std::thread::sleep;

    use super::*;

    const LONG: Duration = Duration::from_millis(40);
    const SHORT: Duration = Duration::from_millis(1);

    fn record() -> Record {
        Record::new(&Method::GET, &Uri::from_static("/items?q=1"))
    }

    #[test]
    fn time_goes_to_the_phase_it_was_spent_in() {
        let record = record();
        record.enter(Phase::Handler);
        sleep(LONG);
        record.poll_ends();
        sleep(LONG * 2);
        record.poll_begins();
        record.enter(Phase::Serialising);
        sleep(SHORT);
        record.answered(StatusCode::CREATED);
        record.end();
        let times = record.times();
        let handler = times.of(Phase::Handler);
        assert!(
            handler.busy >= LONG && handler.awaiting >= LONG * 2,
            "{times:?}"
        );
        assert!(times.of(Phase::Serialising).busy >= SHORT, "{times:?}");
        assert_eq!(times.of(Phase::Body), Spent::default());
        assert_eq!(times.longest(), Phase::Handler);
        assert_eq!(
            times.total(),
            record.age(),
            "no moment is lost, none counts twice"
        );
        assert_eq!(record.status(), Some(StatusCode::CREATED));
    }

    #[test]
    fn a_request_can_be_looked_at_while_it_runs() {
        let record = record();
        record.enter(Phase::Body);
        record.poll_ends();
        sleep(LONG);
        assert_eq!((record.phase(), record.is_ended()), (Phase::Body, false));
        assert!(record.times().of(Phase::Body).awaiting >= LONG);
        assert!(record.age() >= LONG);
        assert_eq!((record.target(), record.status()), ("/items?q=1", None));
    }

    #[test]
    fn nothing_is_added_after_the_end() {
        let record = record();
        record.end();
        let (times, age) = (record.times(), record.age());
        sleep(SHORT);
        record.enter(Phase::Handler);
        record.poll_begins();
        assert_eq!((record.times(), record.age()), (times, age));
    }

    #[test]
    fn numbers_are_given_once() {
        let mut numbers: Vec<u64> = (0..4)
            .map(|_| std::thread::spawn(|| (0..100).map(|_| record().id()).collect::<Vec<_>>()))
            .flat_map(|thread| thread.join().expect("numbers"))
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 400);
    }
}
