//! [`Record`]: one request, what it did and when.

mod asked;
mod marks;

use std::cell::Cell;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use http::uri::PathAndQuery;
use http::{Method, Request, StatusCode, Uri, Version};

use super::keep::Kept;
use super::spent::Clocked;
use super::wait::{Wait, Waits};
use super::{DatabaseUse, Fate, Phase, Shed, Spent, Times, method_number};
use crate::deadline::{Standstill, TimeLimit};
use crate::http::Client;
use crate::live::Seen;
use crate::route::Endpoint;
use crate::serve::OnDisconnect;
use crate::serve::lane::clock;

/// The low bits of the state are the phase.
const PHASE: u8 = 0x0f;
/// The request is being polled: its time is spent on a thread.
const POLLED: u8 = 0x10;
/// Others poll the operation, on a thread of theirs; who handed it over is polled beside it.
const HANDED: u8 = 0x20;

/// More nanoseconds than any deadline has.
const ENDLESS: u64 = u64::MAX;

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
    /// On the clock of the lanes.
    arrived: u64,
    method: Method,
    target: Option<PathAndQuery>,
    ended: AtomicBool,
    /// Nanoseconds from `arrived` to where the times reach.
    mark: AtomicU64,
    state: AtomicU8,
    /// What became of it, as a [`Fate`].
    fate: AtomicU8,
    /// Why, as a [`Shed`] or the [`Phase`] it timed out in.
    why: AtomicU8,
    /// Whether it is counted among those that are open.
    counted: AtomicBool,
    /// How many bytes of its response's body were handed over.
    bytes: AtomicU64,
    /// The series it is counted in, and the first of the series of the app that it has reached.
    series: AtomicU32,
    block: AtomicU32,
    /// 0 until there is one.
    status: AtomicU16,
    version: Version,
    peer: Option<SocketAddr>,
    /// Where it is known to come from, if somebody wants to know.
    client: OnceLock<Option<Client>>,
    /// More nanoseconds than this are slow.
    bar: AtomicU64,
    kept: OnceLock<Box<Kept>>,
    /// The dependency that runs or has failed, where one does.
    step: AtomicU32,
    phases: [Clocked; Phase::ALL.len()],
    /// In the order of the endpoint's plan; nothing for endpoints without dependencies.
    dependencies: OnceLock<Box<[Clocked]>>,
    endpoint: OnceLock<Arc<Endpoint>>,
    /// The templates of the mounts it went through.
    prefix: Mutex<String>,
    /// How many nanoseconds its route grants, 0 until there is one.
    granted: AtomicU64,
    /// The time that does not count against its deadline.
    standstill: Standstill,
    /// Whether it goes on when its client leaves.
    outlives_client: AtomicBool,
    /// When it waited for a thread.
    waits: Waits,
    /// Whether it is answered with events, without an end of their own.
    event_stream: AtomicBool,
    /// What live probes want to know of it.
    seen: OnceLock<Box<Seen>>,
    /// What it has asked of databases.
    database: OnceLock<Box<DatabaseUse>>,
}

impl Record {
    /// The record of a request that arrives now, on the thread that is going to poll it.
    pub fn new(method: &Method, target: &Uri) -> Self {
        Self::made(method, target, Version::HTTP_11, None)
    }

    /// The record of a request that arrives now, on the thread that is going to poll it, in this
    /// version of HTTP from the socket at this address.
    pub(crate) fn of_received<B>(request: &Request<B>, peer: Option<SocketAddr>) -> Arc<Self> {
        let (method, target) = (request.method(), request.uri());
        Arc::new(Self::made(method, target, request.version(), peer))
    }

    /// Inlined, because it is large: it is made where it stays, or next to it.
    #[inline(always)]
    fn made(method: &Method, target: &Uri, version: Version, peer: Option<SocketAddr>) -> Self {
        Self {
            id: next_id(),
            arrived: clock::now(),
            method: method.clone(),
            target: target.path_and_query().cloned(),
            ended: AtomicBool::new(false),
            mark: AtomicU64::new(0),
            state: AtomicU8::new(Phase::Routing as u8 | POLLED),
            fate: AtomicU8::new(Fate::Answered as u8),
            why: AtomicU8::new(0),
            counted: AtomicBool::new(false),
            bytes: AtomicU64::new(0),
            series: AtomicU32::new(method_number(method)),
            block: AtomicU32::new(0),
            status: AtomicU16::new(0),
            version,
            peer,
            client: OnceLock::new(),
            bar: AtomicU64::new(u64::MAX),
            kept: OnceLock::new(),
            step: AtomicU32::new(0),
            phases: Default::default(),
            dependencies: OnceLock::new(),
            endpoint: OnceLock::new(),
            prefix: Mutex::default(),
            granted: AtomicU64::new(0),
            standstill: Standstill::default(),
            outlives_client: AtomicBool::new(false),
            waits: Waits::default(),
            event_stream: AtomicBool::new(false),
            seen: OnceLock::new(),
            database: OnceLock::new(),
        }
    }

    /// The same of a request in this version of HTTP from the socket at this address.
    #[must_use]
    pub fn received(mut self, version: Version, peer: Option<SocketAddr>) -> Self {
        self.version = version;
        self.peer = peer;
        self
    }

    /// A number that no other request of this process has.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// When its head had been read.
    pub fn arrived(&self) -> Instant {
        clock::moment(self.arrived)
    }

    /// The same on the clock of the lanes.
    pub(crate) fn arrived_at(&self) -> u64 {
        self.arrived
    }

    /// When it ended, or until when it was told of.
    pub(crate) fn told_until(&self) -> Instant {
        clock::moment(self.arrived + self.nanoseconds())
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The target as the client sent it, path and query.
    pub fn target(&self) -> &str {
        self.target.as_ref().map_or("", PathAndQuery::as_str)
    }

    /// The version of HTTP.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Host and port that it came from, as far as they are known.
    pub fn client(&self) -> Option<String> {
        let kept = self.kept().map(|kept| &kept.client);
        match self.client.get().or(kept) {
            Some(client) => {
                let client = client.as_ref()?;
                Some(format!("{}:{}", client.host, client.port))
            }
            None => self.peer.map(|peer| peer.to_string()),
        }
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

    /// What became of it, or is going to as far as is known.
    pub fn fate(&self) -> Fate {
        Fate::ALL[usize::from(self.fate.load(Relaxed))]
    }

    /// Why it was refused, if it was.
    pub(super) fn shed(&self) -> Option<Shed> {
        let why = usize::from(self.why.load(Relaxed));
        (self.fate() == Fate::Shed).then(|| Shed::ALL.get(why).copied().unwrap_or_default())
    }

    /// What took most of its time until its deadline passed, if that did.
    pub(super) fn timed_out_in(&self) -> Option<Phase> {
        let why = usize::from(self.why.load(Relaxed));
        (self.fate() == Fate::TimedOut).then(|| Phase::ALL.get(why).copied())?
    }

    /// How many bytes of its response's body have been handed over to be sent.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// Whether it is over: its last byte was handed over, or it was given up.
    pub fn is_ended(&self) -> bool {
        self.ended.load(Relaxed)
    }

    /// How long ago it arrived, or how long it took.
    pub fn age(&self) -> Duration {
        Duration::from_nanos(match self.is_ended() {
            true => self.mark.load(Relaxed),
            false => self.passed(),
        })
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

    /// The name of the dependency that it has not come past, once it is over with them.
    pub(crate) fn failed_dependency(&self) -> Option<&'static str> {
        self.dependencies.get()?;
        let steps = &self.endpoint.get()?.plan.steps;
        let step = steps.get(self.step.load(Relaxed) as usize)?;
        Some(step.definition.name)
    }

    /// How long it may take, once its route has been found.
    pub(crate) fn granted(&self) -> Option<TimeLimit> {
        match self.granted.load(Relaxed) {
            0 => None,
            ENDLESS => Some(TimeLimit::None),
            time => Some(TimeLimit::After(Duration::from_nanos(time))),
        }
    }

    /// The time that does not count against its deadline.
    pub(crate) fn standstill(&self) -> &Standstill {
        &self.standstill
    }

    /// What answers it, once that was found.
    pub(crate) fn endpoint(&self) -> Option<&Endpoint> {
        self.endpoint.get().map(|endpoint| &**endpoint)
    }

    /// What live probes want to know of it, if any do.
    #[inline]
    pub(crate) fn seen(&self) -> Option<&Seen> {
        self.seen.get().map(|seen| &**seen)
    }

    /// Says that its client left before its answer had begun.
    pub(crate) fn client_left(&self) {
        self.meets(Fate::Abandoned);
    }

    /// Whether it goes on when its client leaves.
    pub(crate) fn outlives_client(&self) -> bool {
        self.outlives_client.load(Relaxed)
    }

    /// Says what becomes of it when its client leaves.
    pub(crate) fn on_disconnect(&self, then: OnDisconnect) {
        let outlives = then == OnDisconnect::Finish;
        self.outlives_client.store(outlives, Relaxed);
    }

    /// Whether it is answered with a stream of events.
    pub(crate) fn is_event_stream(&self) -> bool {
        self.event_stream.load(Relaxed)
    }

    /// Says that it is answered with a stream of events.
    pub(crate) fn streams_events(&self) {
        self.event_stream.store(true, Relaxed);
    }

    /// What was kept of it.
    pub(super) fn kept(&self) -> Option<&Kept> {
        self.kept.get().map(|kept| &**kept)
    }

    /// Whether it has taken long until it was told last.
    #[inline]
    pub(super) fn is_slow(&self) -> bool {
        self.slowness() > self.bar.load(Relaxed)
    }

    /// The series it is counted in.
    pub(super) fn series(&self) -> u32 {
        self.series.load(Relaxed)
    }

    /// Its clocks, in the order of the phases.
    pub(super) fn clocks(&self) -> &[Clocked; Phase::ALL.len()] {
        &self.phases
    }

    /// How long it took until it was told last.
    pub(super) fn nanoseconds(&self) -> u64 {
        self.mark.load(Relaxed)
    }

    /// The same with what it is known to have waited before its head was read.
    #[inline]
    pub(super) fn slowness(&self) -> u64 {
        self.nanoseconds() + self.waits.before()
    }

    /// How long it is known to have waited before its head was read.
    pub(super) fn waited_before(&self) -> Duration {
        Duration::from_nanos(self.waits.before())
    }

    /// When it waited for a thread, as far as that is known.
    pub(super) fn waits(&self) -> Vec<Wait> {
        self.waits.all()
    }

    fn is_polled(&self) -> bool {
        self.state.load(Relaxed) & POLLED != 0
    }

    /// Nanoseconds that no phase has been charged yet.
    fn open(&self) -> u64 {
        match self.is_ended() {
            true => 0,
            false => self.passed().saturating_sub(self.mark.load(Relaxed)),
        }
    }

    /// Nanoseconds since it arrived.
    #[inline]
    fn passed(&self) -> u64 {
        clock::now().saturating_sub(self.arrived)
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
pub(super) const fn nanoseconds(duration: Duration) -> u64 {
    duration.as_secs() * 1_000_000_000 + duration.subsec_nanos() as u64
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
mod tests;
