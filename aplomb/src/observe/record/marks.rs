//! What a record is told.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, PoisonError};

use http::StatusCode;

use super::{ENDLESS, HANDED, PHASE, POLLED, Record, nanoseconds};
use crate::deadline::TimeLimit;
use crate::http::Client;
use crate::live::{Seen, Watch};
use crate::observe::elsewhere::Call;
use crate::observe::keep::Kept;
use crate::observe::spent::Clocked;
use crate::observe::{Fate, Phase, Shed, Wait, WaitFor, method_number};
use crate::route::Endpoint;

impl Record {
    /// Says what it does from now on.
    #[inline]
    pub fn enter(&self, phase: Phase) {
        self.advance(|state| state & !PHASE | phase as u8);
    }

    /// Says that middleware has it from the beginning.
    #[inline]
    pub(crate) fn begins_in_middleware(&self) {
        // What has passed until now is too little to be told apart.
        let state = self.state.load(Relaxed);
        let state = state & !PHASE | Phase::Middleware as u8;
        self.state.store(state, Relaxed);
    }

    /// Says that it waits in middleware, or for who answers an error, unless others poll its
    /// operation.
    pub(crate) fn waits_in_middleware(&self) {
        let is_handed = self.state.load(Relaxed) & HANDED != 0;
        if !is_handed && self.phase() != Phase::Middleware {
            self.enter(Phase::Middleware);
        }
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

    /// Ends it as if it had taken so long.
    #[cfg(test)]
    pub(in crate::observe) fn ends_after(&self, time: std::time::Duration) {
        self.mark.store(nanoseconds(time), Relaxed);
        self.ended.store(true, Relaxed);
    }

    /// Says what is going to become of it, where it is not answered like others.
    pub fn meets(&self, fate: Fate) {
        self.fate.store(fate as u8, Relaxed);
    }

    /// Says that it is refused, and why.
    pub(crate) fn is_shed(&self, reason: Shed) {
        self.why.store(reason as u8, Relaxed);
        self.meets(Fate::Shed);
    }

    /// Says that its deadline has passed, and what took most of its time until then.
    pub(crate) fn times_out(&self, longest: Phase) {
        self.why.store(longest as u8, Relaxed);
        self.meets(Fate::TimedOut);
    }

    /// Says that bytes of its response's body have been handed over to be sent.
    #[inline]
    pub fn wrote(&self, bytes: usize) {
        let before = self.bytes.load(Relaxed);
        self.bytes.store(before + bytes as u64, Relaxed);
    }

    /// Says that it counts as open from now on, and is slow if it takes more nanoseconds than this.
    #[inline]
    pub(in crate::observe) fn count(&self, bar: u64) {
        self.bar.store(bar, Relaxed);
        self.counted.store(true, Relaxed);
    }

    /// Says where it comes from.
    pub(in crate::observe) fn comes_from(&self, client: Option<Client>) {
        let _ = self.client.set(client);
    }

    /// Keeps what it came with.
    #[cold]
    pub(in crate::observe) fn keep(&self, kept: Kept) {
        let _ = self.kept.set(Box::new(kept));
    }

    /// Whether it counts as open; from now on it does not.
    #[inline]
    pub(in crate::observe) fn uncount(&self) -> bool {
        let counted = self.counted.load(Relaxed);
        self.counted.store(false, Relaxed);
        counted
    }

    /// Says that it waited for a thread between these moments on the clock of the lanes.
    #[cold]
    pub(crate) fn waited(&self, on: WaitFor, from: u64, to: u64) {
        let wait = Wait { on, from, to };
        self.waits.add(wait, || self.arrived);
    }

    /// Says that another thread polls the operation, which until then waits for one.
    pub(in crate::observe) fn hand_over(&self) {
        self.advance(|_| Phase::Waiting as u8 | HANDED);
    }

    /// Says when the other thread polls the operation.
    pub(in crate::observe) fn polled_elsewhere(&self, polled: bool) {
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

    /// Says that no dependency has failed, and that it is validated from now on.
    #[inline]
    pub(crate) fn leaves_dependencies(&self) {
        self.enter(Phase::Validation);
        self.step.store(u32::MAX, Relaxed);
    }

    /// Says that the dependency it may be in has answered it, and so has not failed.
    pub(crate) fn ends_as_planned(&self) {
        self.advance(|state| state);
        self.step.store(u32::MAX, Relaxed);
    }

    /// Says how long it may take, as its route has it.
    #[inline]
    pub(crate) fn grants(&self, limit: TimeLimit) {
        let limit = match limit {
            TimeLimit::After(time) => {
                let seconds = time.as_secs().saturating_mul(1_000_000_000);
                let time = seconds.saturating_add(time.subsec_nanos().into());
                time.clamp(1, ENDLESS - 1)
            }
            TimeLimit::None => ENDLESS,
        };
        self.granted.store(limit, Relaxed);
    }

    /// Says what answers it; a request finds its route once, one that goes round again keeps the
    /// first.
    #[inline]
    pub(crate) fn found(&self, endpoint: &Arc<Endpoint>) {
        let _ = self.endpoint.set(Arc::clone(endpoint));
        if let Some(watch) = endpoint.live.watch() {
            self.is_watched(watch);
        }
    }

    /// Says which live probes look at it.
    #[cold]
    fn is_watched(&self, watch: Arc<Watch>) {
        if let Some(seen) = Seen::new(watch, self.arrived()) {
            let _ = self.seen.set(Box::new(seen));
        }
    }

    /// Says in which series of the app that it has reached it is counted.
    #[inline]
    pub(crate) fn counts_in(&self, series: u32) {
        self.series
            .store(self.block.load(Relaxed) + series, Relaxed);
    }

    /// Says that it went on to what is mounted at this prefix, whose series begin where it is
    /// counted until now.
    pub(crate) fn went_below(&self, prefix: &str) {
        self.block.store(self.series.load(Relaxed), Relaxed);
        self.counts_in(method_number(&self.method));
        let mut before = self.prefix.lock().unwrap_or_else(PoisonError::into_inner);
        before.push_str(prefix);
    }

    /// Charges the time since the last mark to what went on until now.
    #[inline]
    fn advance(&self, next: impl FnOnce(u8) -> u8) {
        if self.is_ended() {
            return;
        }
        let state = self.state.load(Relaxed);
        let now = self.passed();
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
