//! [`Around`]: the deadline of what stands around operations.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use super::watch::Watch;
use super::{Deadline, TimeLimit, asked};
use crate::error::Result;
use crate::http::Request;
use crate::observe::{Fate, Record};

/// How long who stands around may take to pass on that the deadline has passed, and who answers an
/// error at least.
const PASSING_ON: Duration = Duration::from_secs(1);

thread_local! {
    /// The number of the request that turned out to be watched further in, during the poll that
    /// goes on.
    static WATCHED: Cell<u64> = const { Cell::new(0) };
}

/// Says that this request waits for something that has its deadline.
#[inline]
pub(super) fn is_watched(record: &Record) {
    WATCHED.set(record.id());
}

/// The deadline of what stands around operations: of middleware, and of who answers errors.
///
/// Operations watch theirs themselves. As long as one of those is what is waited for, nothing is
/// done here.
pub(crate) struct Around {
    record: Arc<Record>,
    asked: Option<Duration>,
    /// Until when there is time whatever the deadline is.
    at_least: Option<Instant>,
}

impl Around {
    /// The deadline of a request that nobody has been given yet.
    pub(crate) fn of(request: &Request) -> Self {
        Self {
            record: Arc::clone(request.record()),
            asked: asked::shortest(request.headers()),
            at_least: None,
        }
    }

    /// The same for who answers an error, which may be that the deadline has passed.
    pub(crate) fn with_time_for_an_error(self) -> Self {
        Self {
            at_least: Some(Instant::now() + PASSING_ON),
            ..self
        }
    }

    /// Does work unless the deadline passes while it waits outside of every operation.
    ///
    /// `granted` gives what the request is going to be granted, and is called when that matters and
    /// no route has said it yet.
    ///
    /// # Errors
    /// 504 when the deadline has passed; the work is dropped by then.
    pub(crate) async fn unless_over<T>(
        self,
        granted: impl FnOnce(&Record) -> TimeLimit,
        work: impl Future<Output = T>,
    ) -> Result<T> {
        let mut work = pin!(work);
        let (mut watch, mut granted) = (None::<Watch>, Some(granted));
        poll_fn(|context| {
            let Self {
                record,
                asked,
                at_least,
            } = &self;
            WATCHED.set(0);
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(Ok(done));
            }
            if WATCHED.get() == record.id() {
                return Poll::Pending;
            }
            record.waits_in_middleware();
            if let Some(granted) = granted.take() {
                watch = Some(Watch::new(Deadline {
                    record: Arc::clone(record),
                    granted: record.granted().unwrap_or_else(|| granted(record)),
                    asked: *asked,
                }));
            }
            let Some(watch) = &mut watch else {
                return Poll::Pending;
            };
            if let Some(granted) = record.granted() {
                watch.deadline.granted = granted;
            }
            if let Some(at_least) = at_least {
                let at = watch.deadline.at();
                watch.more = at.map_or(Duration::ZERO, |at| at_least.saturating_duration_since(at));
            } else if record.fate() == Fate::TimedOut {
                watch.more = PASSING_ON;
            }
            let polled = watch.poll(context).map(Err);
            is_watched(record);
            polled
        })
        .await
    }
}
