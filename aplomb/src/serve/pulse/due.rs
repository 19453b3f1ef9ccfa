//! What is due on a connection, and when.

use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use super::{Phase, Pulse, RATE_WINDOW, State};
use crate::serve::overdue::Overdue;

/// How often it is looked for a client whom nobody reads from.
const LOOK: Duration = Duration::from_secs(5);

/// HTTP/2: fewer bytes in all this time, without those that only answer frames of the protocol, are
/// no answers.
const LEAST: u64 = 1 << 10;

impl Pulse {
    /// When to look next, if it was going to be then.
    pub(in crate::serve) fn look_before(&self, then: Instant) -> Instant {
        let mut state = self.state();
        if state.phase == Phase::Head {
            state.since = Some(state.since());
        }
        let due = self.due(&state);
        state.looks_at = due.map_or(then, |(at, _)| at.min(then));
        state.looks_at
    }

    /// When something may be due, and what.
    fn due(&self, state: &State) -> Option<(Instant, Overdue)> {
        let limits = &self.shared.limits;
        if let Some(since) = state.lingering_since {
            return Some((since + limits.linger, Overdue::Lingered));
        }
        let mut first = match state.phase {
            Phase::Busy => match state.uploads.due(RATE_WINDOW) {
                Some(at) => Some((at, Overdue::SlowBody)),
                None if state.is_unseen() => Some((state.looked + LOOK, Overdue::Unseen)),
                None => None,
            },
            Phase::Head => Some((state.since() + limits.head_timeout, Overdue::Head)),
            // Who still takes an answer does something.
            Phase::Idle if state.unread_since().is_some() => None,
            Phase::Idle => Some((state.since() + limits.idle_timeout, Overdue::Idle)),
        };
        let mut or_at = |at: Instant, what| {
            if first.is_none_or(|(first, _)| at < first) {
                first = Some((at, what));
            }
        };
        if let Some(stopping) = self.shared.stopping_since()
            && state.phase != Phase::Busy
            && state.unread_since().is_none()
        {
            or_at(
                stopping.max(state.since()) + limits.farewell,
                Overdue::Farewell,
            );
        }
        if let Some(since) = state.blocked_since {
            or_at(since + limits.write_timeout, Overdue::UnreadAnswer);
        }
        if let Some(at) = state.answers.due(limits.write_timeout) {
            or_at(at, Overdue::StuckAnswer);
        }
        if let Some(since) = state.left_since {
            or_at(since + limits.half_closed_timeout, Overdue::ClientLeft);
        }
        first
    }

    /// What is due now, if anything.
    pub(in crate::serve) fn overdue(&self, now: Instant) -> Option<Overdue> {
        let due = self.due(&self.state());
        let (_, what) = due.filter(|(at, _)| *at <= now)?;
        let is_due = match what {
            Overdue::SlowBody => self.bodies_are_slow(now),
            Overdue::StuckAnswer => self.answers_are_stuck(now),
            Overdue::Unseen => {
                self.look(now);
                false
            }
            _ => true,
        };
        is_due.then_some(what)
    }

    /// Whether the bodies that are waited for have come too slowly.
    fn bodies_are_slow(&self, now: Instant) -> bool {
        let wanted = u64::from(self.shared.limits.body_rate) * RATE_WINDOW.as_secs();
        let uploads = &mut self.state().uploads;
        let wanted = wanted * u64::from(uploads.count());
        uploads.is_slow(now, wanted)
    }

    /// Whether hardly anything has gone out while answers waited for their client.
    fn answers_are_stuck(&self, now: Instant) -> bool {
        let sent = self.sent.swap(0, Relaxed);
        let mut state = self.state();
        // A client that pings takes those answers, and need take nothing else.
        let provoked = state.frames.provoked();
        state.answers.moved(sent.saturating_sub(provoked));
        state.answers.is_slow(now, LEAST)
    }

    /// Has the socket look for the client.
    fn look(&self, now: Instant) {
        self.state().looked = now;
        self.look.store(true, Relaxed);
    }
}
