//! [`Gate`]: lets so many in at a time, and few enough wait.

use std::future::poll_fn;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::standing::Standing;
use super::sync::{Mutex, lock};
use super::turns::{Asked, Turns};
use super::{Busy, Load};
use crate::deadline::Deadline;
use crate::observe::Shed;

/// What a request has left that may take as long as it takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// Lets so many requests in at a time; others wait, as far as they get their turn in time.
#[derive(Debug)]
pub(crate) struct Gate {
    turns: Turns,
    standing: Mutex<Standing>,
    /// What it stands before, for people.
    scope: OnceLock<String>,
}

/// A request that was let in; others are when this is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    gate: Arc<Gate>,
    weight: u32,
}

/// A request that waits for its turn.
struct Waiting<'a> {
    gate: &'a Gate,
    number: u64,
}

impl Gate {
    pub(crate) fn new(most: u32) -> Arc<Self> {
        Arc::new(Self {
            turns: Turns::new(most.max(1)),
            standing: Mutex::default(),
            scope: OnceLock::new(),
        })
    }

    /// Says what it stands before; the first word counts.
    pub(crate) fn stands_before(&self, scope: impl FnOnce() -> String) {
        self.scope.get_or_init(scope);
    }

    /// What it stands before.
    pub(crate) fn scope(&self) -> &str {
        self.scope.get().map_or("", String::as_str)
    }

    /// How much room there is, how much of it is taken, and how many wait.
    pub(crate) fn figures(&self) -> (u32, u32, usize) {
        let (taken, waiting) = self.turns.taken();
        (self.turns.fit(u32::MAX), taken, waiting)
    }

    /// Waits for a turn, if it will come in time; `deadline` is asked for only where there is a
    /// wait, after `waits` was told of it.
    pub(super) async fn enter(
        self: &Arc<Self>,
        load: &Arc<Load>,
        deadline: impl Fn() -> Deadline,
        waits: impl Fn(),
    ) -> Result<Turn, Busy> {
        let (weight, cost) = (self.turns.fit(load.weight), load.cost());
        let left = || deadline().remaining().unwrap_or(PATIENCE);
        let mut predicted = Duration::ZERO;
        let asked = self.turns.ask(weight, nanoseconds(cost), |wait| {
            predicted = Duration::from_nanos(wait);
            lock(&self.standing).admits(Instant::now(), predicted, cost, left())
        });
        match asked {
            Asked::Had => {}
            Asked::Refused => return Err(Busy::after(predicted).because(Shed::Queue)),
            Asked::Waits(number) => {
                waits();
                let begun = Instant::now();
                let _waiting = Waiting { gate: self, number };
                poll_fn(|context| self.turns.poll(number, context.waker())).await;
                // It would only take the turn of one that can still make it.
                let too_late = lock(&self.standing).is_too_late(begun.elapsed(), cost);
                if too_late || left() < load.cost() {
                    self.turns.give_back(weight);
                    return Err(Busy::after(predicted).because(Shed::Late));
                }
            }
        }
        Ok(Turn {
            gate: Arc::clone(self),
            weight,
        })
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.gate.turns.leave(self.number);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.gate.turns.give_back(self.weight);
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::future::Future as _;
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;
    use crate::http::{Body, Head, Peer, Request};

    fn request() -> Request {
        let (parts, ()) = http::Request::new(()).into_parts();
        Request::new(Head::new(parts, Peer::unknown()), Body::empty())
    }

    #[test]
    fn turns_come_in_order_and_go_back_when_dropped() {
        let (gate, request) = (Gate::new(2), request());
        let (one, all) = (Load::new(1), Load::new(9));
        let enter = |load| gate.enter(load, || Deadline::of(&request), || {});
        let mut context = Context::from_waker(Waker::noop());
        let mut first = Box::pin(enter(&one));
        let first = first.as_mut().poll(&mut context);
        let mut second = Box::pin(enter(&all));
        assert!(second.as_mut().poll(&mut context).is_pending());
        let mut third = pin!(enter(&one));
        assert!(
            third.as_mut().poll(&mut context).is_pending(),
            "nobody overtakes"
        );
        assert_eq!(gate.turns.taken(), (1, 2));
        drop(second);
        assert!(
            third.as_mut().poll(&mut context).is_ready(),
            "who leaves holds up nobody"
        );
        drop(first);
        assert_eq!(gate.turns.taken(), (0, 0));
    }
}
