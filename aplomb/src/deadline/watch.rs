//! Gives up on work whose deadline has passed.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::time::{Sleep, sleep_until};

use super::{Deadline, around};
use crate::error::{Error, HttpException, Result};
use crate::observe::{Phase, Spent};

/// How soon to look again at a clock that stands still.
const STANDSTILL: Duration = Duration::from_millis(20);

/// Does work unless its deadline passes first.
///
/// `first_wait` gives the deadline, and is called when the work has to wait for the first time: work
/// that is done at once costs nothing here.
///
/// # Errors
/// 504 when the deadline has passed. The work is dropped by then, or, in the isolated lane, as soon as
/// the poll ends that a thread is at.
pub(crate) async fn unless_over<T>(
    first_wait: impl FnOnce() -> Deadline,
    work: impl Future<Output = T>,
) -> Result<T> {
    let mut work = pin!(work);
    let (mut watch, mut first_wait) = (None, Some(first_wait));
    poll_fn(|context| {
        if let Poll::Ready(done) = work.as_mut().poll(context) {
            return Poll::Ready(Ok(done));
        }
        if let Some(first_wait) = first_wait.take() {
            watch = Some(Watch::new(first_wait()));
        }
        let Some(watch) = &mut watch else {
            return Poll::Pending;
        };
        let polled = watch.poll(context).map(Err);
        around::is_watched(&watch.deadline.record);
        polled
    })
    .await
}

/// The deadline of one request, and what wakes whoever waits for it.
pub(super) struct Watch {
    pub(super) deadline: Deadline,
    /// The time that there is beyond it.
    pub(super) more: Duration,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Watch {
    pub(super) fn new(deadline: Deadline) -> Self {
        Self {
            deadline,
            more: Duration::ZERO,
            alarm: None,
        }
    }

    /// Ready with the answer when the deadline has passed.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Error> {
        let (deadline, more) = (&self.deadline, self.more);
        let at = || deadline.at()?.checked_add(more);
        let Some(first) = at() else {
            return Poll::Pending;
        };
        let alarm = match &mut self.alarm {
            Some(alarm) => alarm,
            // Elsewhere than on a runtime there are no timers.
            None if Handle::try_current().is_err() => return Poll::Pending,
            empty => empty.insert(Box::pin(sleep_until(first.into()))),
        };
        let standstill = deadline.record.standstill();
        if first < alarm.deadline().into_std() && !standstill.goes_on() {
            alarm.as_mut().reset(first.into());
        }
        while alarm.as_mut().poll(context).is_ready() {
            let now = Instant::now();
            match at() {
                Some(at) if at <= now => return Poll::Ready(passed(deadline)),
                Some(at) if standstill.goes_on() => {
                    alarm.as_mut().reset(at.max(now + STANDSTILL).into());
                }
                Some(at) => alarm.as_mut().reset(at.into()),
                None => return Poll::Pending,
            }
        }
        Poll::Pending
    }
}

/// The answer to a request whose deadline has passed, after it has been logged what it did.
#[cold]
fn passed(deadline: &Deadline) -> Error {
    let record = &deadline.record;
    // Who polls the operation elsewhere tells no more that counts.
    record.take_back();
    let (times, age) = (record.times(), record.age());
    let phase = times.longest();
    record.times_out(phase);
    let spent = times.of(phase).total();
    let slowest = record.dependencies();
    let slowest = slowest.max_by_key(|(_, spent): &(_, Spent)| spent.total());
    let dependency = slowest.filter(|_| phase == Phase::Dependencies);
    tracing::warn!(
        request = record.id(),
        method = %record.method(),
        route = record.route(),
        after = %time(age),
        %phase,
        spent = %time(spent),
        dependency = dependency.map(|(name, _)| name),
        "no answer by the deadline: 504"
    );
    let (age, spent) = (time(age), time(spent));
    let detail = format!("No answer within {age}, of which {spent} went to: {phase}");
    HttpException::new(504, detail).into()
}

/// A time for people.
fn time(time: Duration) -> String {
    match time.as_millis() {
        milliseconds @ ..1000 => format!("{milliseconds} ms"),
        _ => format!("{:.2} s", time.as_secs_f64()),
    }
}
