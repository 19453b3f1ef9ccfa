//! [`in_time`]: something on a connection, until that or the connection is overdue.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::task::coop;
use tokio::time::{Sleep, sleep_until};

use super::overdue::Overdue;
use super::pulse::Pulse;

/// When to look again if nothing can be due.
const NOTHING_DUE: Duration = Duration::from_secs(60);

/// Polls until there is a result, or until the connection is to be closed before its client asks for
/// it; it is also polled when the server is asked to stop.
pub(super) async fn in_time<T>(
    pulse: &Pulse,
    mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
) -> Result<T, Overdue> {
    let sleep = pin!(sleep_until((Instant::now() + NOTHING_DUE).into()));
    let mut alarm = Alarm {
        sleep,
        knows: false,
    };
    let mut stop = pin!(pulse.shared.stop.cancelled());
    let mut listens_for_stop = false;
    poll_fn(|context| {
        // One poll leaves this task's waker behind, which never changes; later ones would only
        // contend for the token's lock.
        if !listens_for_stop {
            listens_for_stop = true;
            let _ = stop.as_mut().poll(context);
            pulse.connection(context.waker());
        }
        loop {
            if let Poll::Ready(done) = poll(context) {
                return Poll::Ready(Ok(done));
            }
            match alarm.poll(pulse, context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(overdue)) => return Poll::Ready(Err(overdue)),
                // The connection is polled again: that is when its socket looks for the client.
                Poll::Ready(None) => {}
            }
        }
    })
    .await
}

/// Goes off when something on a connection can be due.
struct Alarm<'s> {
    sleep: Pin<&'s mut Sleep>,
    /// Whether it knows whom to wake, also when it is set to another time.
    knows: bool,
}

impl Alarm<'_> {
    /// Ready when something can be due, with what is.
    fn poll(&mut self, pulse: &Pulse, context: &mut Context<'_>) -> Poll<Option<Overdue>> {
        let then = self.sleep.deadline().into_std();
        let at = pulse.look_before(then);
        if at < then {
            self.sleep.as_mut().reset(at.into());
        }
        if self.knows && !self.sleep.is_elapsed() {
            return Poll::Pending;
        }
        // A task that has used up its turn is told nothing, and the alarm learns nobody's name.
        let has_turn = coop::has_budget_remaining();
        if self.sleep.as_mut().poll(context).is_pending() {
            self.knows = has_turn;
            return Poll::Pending;
        }
        self.knows = false;
        let now = Instant::now();
        let overdue = pulse.overdue(now);
        self.sleep.as_mut().reset((now + NOTHING_DUE).into());
        Poll::Ready(overdue)
    }
}
