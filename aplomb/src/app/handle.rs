//! One operation on its way from the match to its answer.

use std::sync::Arc;

use super::dispatch::Running;
use crate::admission::{Busy, Counted};
use crate::deadline::{Deadline, unless_over};
use crate::error::Result;
use crate::http::{Request, Response};
use crate::observe::{Keep, Shed};
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
        let first_wait = || {
            let then = request.limits().on_disconnect;
            let then = then.unwrap_or_else(|| OnDisconnect::usual(request.method()));
            request.record().on_disconnect(then);
            Deadline::of(request)
        };
        if admission.gates.is_empty() {
            return unless_over(first_wait, in_lane(endpoint, request.clone())).await?;
        }
        let operation = Box::pin(async {
            let _turns = admission.enter(request).await?;
            in_lane(endpoint, request.clone()).await
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
        let handshake = request.clone();
        let answer = async {
            match &endpoint.middleware {
                None => Ok(self.conversations.answer(endpoint, handshake).await),
                Some(first) => first.clone().run(handshake).await,
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
async fn in_lane(endpoint: &Arc<Endpoint>, request: Request) -> Result<Response> {
    let served = request.head().served;
    if served && endpoint.lane.is_isolated() {
        refuse_in_vain(endpoint, &request)?;
    }
    let record = Arc::clone(request.record());
    // In a box, so that the futures around it hold a pointer: every one of them is moved.
    let operation = {
        let endpoint = Arc::clone(endpoint);
        Box::pin(async move { operation::run(&endpoint, request).await })
    };
    if !served {
        return operation.await;
    }
    let mut response = match endpoint.lane.is_isolated() {
        false => lane::inline(&endpoint.lane, operation).await?,
        true => {
            let operation = record.handed_over(operation);
            let answer = lane::isolated(&endpoint.lane, operation).await;
            record.take_back();
            answer?
        }
    };
    lane::stream(&endpoint.lane, response.body_mut());
    Ok(response)
}

/// Refuses at once what would have to wait for the isolated lane until hardly any time is left.
fn refuse_in_vain(endpoint: &Endpoint, request: &Request) -> Result<()> {
    /// How much of its time a request may spend on waiting and being answered, by what is known.
    const MOST: f64 = 0.8;
    if let Some((wait, cost)) = lane::predicted(&endpoint.lane)
        && let Some(left) = Deadline::of(request).remaining()
        && wait + cost > left.mul_f64(MOST)
        && !wait.is_zero()
        && endpoint.admission.load.weight > 0
    {
        return Err(Busy::after(wait)
            .because(Shed::Isolated)
            .into_error(request));
    }
    Ok(())
}
