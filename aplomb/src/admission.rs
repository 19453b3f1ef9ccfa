//! Who is let in: how many requests at a time, and for whom waiting makes sense.

mod crowd;
mod gate;
mod in_flight;
mod standing;
mod sync;
mod turns;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use self::crowd::Crowd;
pub(crate) use self::gate::{Gate, Turn};
pub(crate) use self::in_flight::{Counted, InFlight};
use self::sync::{Mutex, lock};
use crate::deadline::Deadline;
use crate::error::{Error, HttpException};
use crate::http::Request;
use crate::observe::{Phase, Shed};

/// What one route asks of those who let requests in.
#[derive(Debug)]
pub(crate) struct Admission {
    pub(crate) load: Arc<Load>,
    /// The route's own gate first, then those of its routers, the application's last.
    pub(crate) gates: Vec<Arc<Gate>>,
}

impl Admission {
    /// Waits until every gate has let the request in.
    ///
    /// # Errors
    /// 503 for a request that would not get its turn in time.
    pub(crate) async fn enter(&self, request: &Request) -> Result<(Vec<Turn>, Stopwatch), Error> {
        let mut turns = Vec::new();
        // The innermost first: who has a turn at an outer gate keeps nobody else out by waiting.
        let gates = self.gates.iter().filter(|_| self.load.weight > 0);
        for gate in gates {
            let deadline = || Deadline::of(request);
            let waits = || request.record().enter(Phase::Waiting);
            match gate.enter(&self.load, deadline, waits).await {
                Ok(turn) => turns.push(turn),
                Err(busy) => return Err(busy.into_error(request)),
            }
        }
        if !turns.is_empty() {
            request.record().enter(Phase::Routing);
        }
        let stopwatch = Stopwatch {
            load: (!turns.is_empty()).then(|| Arc::clone(&self.load)),
            began: Instant::now(),
            is_stopped: false,
        };
        Ok((turns, stopwatch))
    }
}

/// Measures what a request costs, from when the last gate has let it in: its wait at one gate is
/// no cost at another.
#[derive(Debug)]
pub(crate) struct Stopwatch {
    load: Option<Arc<Load>>,
    began: Instant,
    is_stopped: bool,
}

impl Stopwatch {
    /// The request has come to its end, and was not given up.
    pub(crate) fn stop(mut self) {
        self.is_stopped = true;
    }

    /// The request was refused, which says nothing of what it would have cost.
    pub(crate) fn discard(mut self) {
        self.load = None;
    }
}

impl Drop for Stopwatch {
    fn drop(&mut self) {
        let took = self.began.elapsed();
        // What is given up early does not say how long it would have taken.
        if let Some(load) = &self.load
            && (self.is_stopped || took > load.cost())
        {
            load.took(took);
        }
    }
}

/// What a request of one route costs.
#[derive(Debug)]
pub(crate) struct Load {
    /// As how many requests one counts.
    pub(crate) weight: u32,
    /// How long one takes once it has been let in: nanoseconds, as a moving average; zero while
    /// nothing is known.
    cost: AtomicU64,
    /// How its requests find the queue before the isolated lane.
    crowd: Mutex<Crowd>,
}

impl Load {
    pub(crate) fn new(weight: u32) -> Arc<Self> {
        Arc::new(Self {
            weight,
            cost: AtomicU64::new(0),
            crowd: Mutex::default(),
        })
    }

    /// Whether a request may wait for the isolated lane: if it gets its answer in time, and, while
    /// more comes in than can be computed, if it need not wait for long.
    pub(crate) fn may_wait(
        &self,
        now: Instant,
        wait: Duration,
        cost: Duration,
        left: Duration,
    ) -> bool {
        lock(&self.crowd).admits(now, wait, cost, left)
    }

    /// Whether a request that gets its thread of the isolated lane has waited too long for it, while
    /// more comes in than can be computed.
    pub(crate) fn has_waited_too_long(&self, waited: Duration, cost: Duration) -> bool {
        lock(&self.crowd).begins(waited, cost)
    }

    fn cost(&self) -> Duration {
        Duration::from_nanos(self.cost.load(Relaxed))
    }

    fn took(&self, time: Duration) {
        let time = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let cost = match self.cost.load(Relaxed) {
            0 => time,
            cost => cost - cost / 8 + time / 8,
        };
        self.cost.store(cost, Relaxed);
    }
}

/// That a request is not let in, and when it makes sense to come again.
#[derive(Debug)]
pub(crate) struct Busy {
    wait: Duration,
    reason: Shed,
}

impl Busy {
    pub(crate) fn after(wait: Duration) -> Self {
        let reason = Shed::default();
        Self { wait, reason }
    }

    /// Says why, for the metrics.
    pub(crate) fn because(mut self, reason: Shed) -> Self {
        self.reason = reason;
        self
    }

    /// The answer.
    #[cold]
    pub(crate) fn into_error(self, request: &Request) -> Error {
        let record = request.record();
        record.is_shed(self.reason);
        tracing::debug!(
            request = record.id(),
            method = %record.method(),
            route = record.route(),
            wait = ?self.wait,
            "not let in: 503"
        );
        let seconds = self.wait.as_secs_f64().ceil().max(1.0);
        HttpException::new(503, self.to_string())
            .header("retry-after", &format!("{seconds}"))
            .into()
    }
}

impl fmt::Display for Busy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Too many requests are being answered; please come again later")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Body, Head, Peer};
    use crate::observe::Fate;

    #[test]
    fn who_is_refused_is_told_when_to_come_again() {
        for (wait, seconds) in [(0, "1"), (400, "1"), (1200, "2"), (60_000, "60")] {
            let (parts, ()) = http::Request::new(()).into_parts();
            let request = Request::new(Head::new(parts, Peer::unknown()), Body::empty());
            let error = Busy::after(Duration::from_millis(wait)).into_error(&request);
            let answer = error.http().expect("an answer");
            assert_eq!(answer.status().as_u16(), 503);
            assert_eq!(answer.headers()["retry-after"], seconds);
            assert_eq!(request.record().fate(), Fate::Shed);
        }
    }

    #[test]
    fn what_a_request_costs_follows_what_the_last_ones_took() {
        let load = Load::new(1);
        load.took(Duration::from_millis(80));
        assert_eq!(load.cost(), Duration::from_millis(80));
        for _ in 0..100 {
            load.took(Duration::from_millis(8));
        }
        assert!(load.cost() < Duration::from_millis(9));
    }

    #[test]
    fn a_refusal_is_no_measure_of_what_a_request_costs() {
        let load = Load::new(1);
        load.took(Duration::from_millis(80));
        let stopwatch = || Stopwatch {
            load: Some(Arc::clone(&load)),
            began: Instant::now(),
            is_stopped: false,
        };
        stopwatch().discard();
        assert_eq!(load.cost(), Duration::from_millis(80));
        stopwatch().stop();
        assert!(load.cost() < Duration::from_millis(80));
    }
}
