//! One operation on its way from the match to its answer.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::dispatch::Running;
use crate::admission::{Busy, Counted, Turn};
use crate::deadline::{Deadline, unless_over};
use crate::error::Result;
use crate::http::{Asked, Request, Response};
use crate::observe::{Current, Fate, Keep, Shed};
use crate::operation;
use crate::route::Endpoint;
use crate::serve::{OnDisconnect, lane};

impl Running {
    /// Answers one request by the operation that was found for it, and looks after it meanwhile.
    pub(super) async fn handle(
        &self,
        endpoint: &Arc<Endpoint>,
        request: &Request,
    ) -> Result<Response> {
        let keep = Keep::new(request);
        let answer = self.let_in(endpoint, request).await;
        keep.done(&answer);
        answer
    }

    /// Answers one request once it is let in, and before its deadline.
    async fn let_in(&self, endpoint: &Arc<Endpoint>, request: &Request) -> Result<Response> {
        let admission = &endpoint.admission;
        let _counted = self.count(admission.load.weight, request)?;
        // Also for one that never waits itself: middleware may, once it is done.
        let limits = request.limits();
        let then = limits.on_disconnect;
        let then = then.unwrap_or_else(|| OnDisconnect::usual(request.method()));
        request.record().on_disconnect(then);
        let granted = limits.granted(request.head().compat);
        request.record().grants(granted);
        let first_wait = || Deadline::of(request);
        if admission.gates.is_empty() {
            // Pinned here, so that it is not held in two places by who watches it.
            let operation = pin!(in_lane(endpoint, request.clone(), Vec::new()));
            return unless_over(first_wait, operation).await?;
        }
        let operation = Box::pin(async {
            let (turns, stopwatch) = admission.enter(request).await?;
            let answer = in_lane(endpoint, request.clone(), turns).await;
            match request.record().fate() {
                Fate::Shed => stopwatch.discard(),
                _ => stopwatch.stop(),
            }
            answer
        });
        unless_over(first_wait, operation).await?
    }

    /// Answers a handshake by the WebSocket that was found for it; the conversation goes on after
    /// that.
    pub(super) async fn converse(
        &self,
        endpoint: &Arc<Endpoint>,
        request: &Request,
    ) -> Result<Response> {
        let _counted = self.count(1, request)?;
        let granted = request.limits().granted(request.head().compat);
        request.record().grants(granted);
        let handshake = request.clone();
        let answer = async {
            let response = match &endpoint.middleware {
                None => self.conversations.answer(endpoint, handshake).await,
                Some(first) => first.clone().run(handshake).await?,
            };
            match response.promises_file() {
                true => response.opened(&Asked::by(request)).await,
                false => Ok(response),
            }
        };
        unless_over(|| Deadline::of(request), Box::pin(answer)).await?
    }

    fn count(&self, weight: u32, request: &Request) -> Result<Counted<'_>> {
        let counted = self.in_flight.count(weight);
        counted.map_err(|busy| busy.into_error(request))
    }
}

/// Runs the operation: in its lane, when our own server asks.
///
/// One that is given up while a thread polls it keeps its turns until that poll ends, and a server
/// that stops waits for it.
async fn in_lane(endpoint: &Arc<Endpoint>, request: Request, turns: Vec<Turn>) -> Result<Response> {
    let served = request.head().served;
    let isolated = served && endpoint.lane.is_isolated();
    let queued = match isolated {
        true => Queued::may_wait(endpoint, &request)?,
        false => None,
    };
    let elsewhere = isolated.then(|| {
        let record = Arc::clone(request.record());
        (record, request.head().peer.tasks().unfinished())
    });
    let current = Current::of(&request);
    // In a box, so that the futures around it hold a pointer: every one of them is moved.
    let operation = {
        let endpoint = Arc::clone(endpoint);
        Box::pin(async move {
            if let Some(queued) = queued {
                queued.begins(&endpoint, &request)?;
            }
            let mut response = operation::run(&endpoint, request).await?;
            if served {
                // At once: a long answer is written on before the next is made.
                lane::stream(&endpoint.lane, response.body_mut());
            }
            Ok(response)
        })
    };
    let operation = current.within(operation);
    if !served {
        return operation.await;
    }
    match elsewhere {
        None => lane::inline(&endpoint.lane, operation).await,
        Some((record, unfinished)) => {
            let operation = record.handed_over(operation);
            let held = (turns, unfinished);
            // In a box too: an operation in its own lane needs none of the room for this.
            let answer = lane::isolated(&endpoint.lane, &record, operation, held);
            let answer = Box::pin(answer).await;
            record.take_back();
            answer
        }
    }
}

/// A request that waits for a thread of the isolated lane.
struct Queued {
    since: Instant,
    /// What it will take.
    cost: Duration,
}

impl Queued {
    /// Refuses at once what would have to wait in vain, or in a crowd; nothing where nothing is
    /// known of the route, or it has all the time in the world.
    fn may_wait(endpoint: &Endpoint, request: &Request) -> Result<Option<Self>> {
        let load = &endpoint.admission.load;
        if load.weight > 0
            && let Some((wait, cost)) = lane::predicted(&endpoint.lane)
            && let Some(left) = Deadline::of(request).remaining()
        {
            let since = Instant::now();
            return match load.may_wait(since, wait, cost, left) || wait.is_zero() {
                true => Ok(Some(Self { since, cost })),
                false => Err(Busy::after(wait)
                    .because(Shed::Isolated)
                    .into_error(request)),
            };
        }
        Ok(None)
    }

    /// Refuses what has waited too long by now, so that others need not wait as long for it.
    fn begins(self, endpoint: &Endpoint, request: &Request) -> Result<()> {
        let waited = self.since.elapsed();
        let load = &endpoint.admission.load;
        if load.has_waited_too_long(waited, self.cost) {
            lane::is_no_measure();
            return Err(Busy::after(waited).because(Shed::Late).into_error(request));
        }
        Ok(())
    }
}
