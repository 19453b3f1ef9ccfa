//! Lanes: where operations are polled, so that one that holds its thread does not hold up the rest.
//!
//! An operation that has proven light is polled *inline*, on the worker that reads its connection.
//! Every other is polled *isolated*: on threads of lower priority that nothing else runs on, one
//! poll at a time. A new route starts isolated and is proven by its first polls; one that holds a
//! worker is moved back while it does, and a spare worker takes the place of the one it holds.

pub(crate) mod clock;
mod figures;
mod first;
mod guarded;
mod holders;
mod isolated;
mod line;
pub(super) mod neighbour;
mod polls;
pub(super) mod put_off;
mod resting;
mod route;
mod runtime;
mod slot;
mod spare;
mod stream;
mod sync;
mod thread;
mod watchdog;

pub(crate) use figures::{Figures, figures};
pub(crate) use guarded::is_no_measure;
pub(crate) use holders::{Holder, holders};
pub(crate) use polls::worker_was_held;
pub use route::Lane;
pub(crate) use route::RouteLane;
pub(crate) use runtime::{Runtime, workers};

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tracing::Instrument as _;
use tracing::instrument::WithSubscriber as _;

use crate::http::Body;
use crate::observe::Record;

/// For how long the calling thread has had a processor, in ns, from some moment on.
pub(crate) fn worked() -> u64 {
    thread::worked()
}

/// The number of the route whose operation the calling thread polls.
pub(crate) fn polled_route() -> Option<u32> {
    slot::polled_route()
}

/// Polls what an operation is still making of its response in the lane of the operation too.
pub(crate) fn stream(lane: &Arc<RouteLane>, body: &mut Body) {
    if !body.around_long_text(|text| Box::pin(stream::Laned::text(Arc::clone(lane), text))) {
        body.around_stream(|frames| Box::pin(stream::Laned::new(Arc::clone(lane), frames)));
    }
}

/// How long an operation will wait in the isolated lane, unless its route is still being tried, and
/// how long it will take then, both by what was measured before.
pub(crate) fn predicted(lane: &RouteLane) -> Option<(Duration, Duration)> {
    let cost = Duration::from_nanos(lane.cost());
    (!lane.is_new()).then(|| (isolated::predicted_wait(lane), cost))
}

/// Polls an operation on the worker that asks.
pub(crate) async fn inline<T>(lane: &RouteLane, operation: impl Future<Output = T>) -> T {
    let mut operation = pin!(operation);
    poll_fn(|context| slot::inline(lane, || operation.as_mut().poll(context))).await
}

/// Polls an operation on threads of the isolated lane; when this is dropped it is cancelled, and
/// `held` is let go of when it has gone.
pub(crate) async fn isolated<T, F, H>(
    lane: &Arc<RouteLane>,
    record: &Arc<Record>,
    operation: F,
    held: H,
) -> T
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
    H: Send + Unpin + 'static,
{
    // Whoever polls this has entered a span and may have a subscriber; an isolated thread has not.
    let operation = operation
        .instrument(tracing::Span::current())
        .with_current_subscriber();
    match isolated::spawn(lane, Some(Arc::clone(record)), operation, held)
        .await
        .take()
    {
        Some(given) => given,
        None => std::future::pending().await,
    }
}
