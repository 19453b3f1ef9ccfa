//! Gives up on work whose deadline has passed.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http::Method;
use tokio::runtime::Handle;
use tokio::time::{Sleep, sleep_until};

use super::Deadline;
use crate::error::{HttpException, Result};
use crate::http::Request;

/// Does a part of answering a request, unless its deadline passes first.
///
/// Work that is done at its first poll costs nothing here: neither the deadline is made out nor a
/// timer made.
///
/// # Errors
/// 504 when the deadline has passed; the work is dropped by then.
pub(crate) async fn within<T>(request: &Request, work: impl Future<Output = T>) -> Result<T> {
    let done = unless_over(|| Deadline::of(request), work).await;
    done.map_err(|passed| {
        let template = request
            .matched()
            .and_then(|matched| matched.template.as_deref());
        let route = template.unwrap_or(request.head().parts.uri.path());
        passed.exception(request.method(), route).into()
    })
}

/// Does work unless its deadline, which is not made out before the work has to wait, passes first.
///
/// # Errors
/// That the deadline has passed; the work is dropped by then.
pub(crate) async fn unless_over<T>(
    deadline: impl Fn() -> Deadline,
    work: impl Future<Output = T>,
) -> Result<T, Passed> {
    let mut work = pin!(work);
    let mut watch = None;
    poll_fn(|context| {
        if let Poll::Ready(done) = work.as_mut().poll(context) {
            return Poll::Ready(Ok(done));
        }
        let watch = watch.get_or_insert_with(|| Watch {
            deadline: deadline(),
            alarm: None,
        });
        watch.poll(context).map(Err)
    })
    .await
}

/// The deadline of one request, and what wakes whoever waits for it.
struct Watch {
    deadline: Deadline,
    alarm: Option<Pin<Box<Sleep>>>,
}

/// That a deadline has passed.
#[derive(Debug)]
pub(crate) struct Passed {
    after: Duration,
}

impl Watch {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Passed> {
        loop {
            let Some(at) = self.deadline.at() else {
                return Poll::Pending;
            };
            let alarm = match &mut self.alarm {
                Some(alarm) => alarm,
                // Elsewhere than on a runtime there are no timers.
                None if Handle::try_current().is_err() => return Poll::Pending,
                empty => empty.insert(Box::pin(sleep_until(at.into()))),
            };
            if alarm.deadline().into_std() != at {
                alarm.as_mut().reset(at.into());
            }
            if alarm.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            // It stands still now and then, so that it may be later than when the alarm was set.
            if self.deadline.at() == Some(at) {
                let after = Instant::now().saturating_duration_since(self.deadline.arrived);
                return Poll::Ready(Passed { after });
            }
        }
    }
}

impl Passed {
    /// The answer, after it has been logged what it is the answer to.
    pub(crate) fn exception(&self, method: &Method, route: &str) -> HttpException {
        let after = self.after;
        tracing::warn!(%method, route, ?after, "no answer by the deadline: 504");
        HttpException::new(504, format!("No answer within {after:?}"))
    }
}
