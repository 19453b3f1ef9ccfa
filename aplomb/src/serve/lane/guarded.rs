//! An operation as the isolated lane has it: what it drops may panic.

use std::any::Any;
use std::cell::Cell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::error::panic_text;

thread_local! {
    static POLLED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a job of the lane; whether it has polled an operation, not only let go of one or refused it.
pub(super) fn polls(run: impl FnOnce()) -> bool {
    POLLED.set(false);
    run();
    POLLED.get()
}

/// Says from within a poll of an operation that it only refuses it: what that takes is no measure of
/// the others.
pub(crate) fn is_no_measure() {
    POLLED.set(false);
}

/// An operation, and what is held until it has gone.
///
/// One that is given up while a thread polls it goes when that poll ends, and one that waits goes
/// when its turn comes. A panic meanwhile would end the process.
pub(super) struct Guarded<F, H> {
    operation: Option<Pin<Box<F>>>,
    held: Option<H>,
}

/// What an operation gave, until somebody takes it.
pub(super) struct Given<T>(Option<T>);

impl<F, H> Guarded<F, H> {
    pub(super) fn new(operation: F, held: H) -> Self {
        Self {
            operation: Some(Box::pin(operation)),
            held: Some(held),
        }
    }
}

impl<F: Future, H: Unpin> Future for Guarded<F, H> {
    type Output = Given<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        POLLED.set(true);
        match &mut self.operation {
            Some(operation) => operation
                .as_mut()
                .poll(context)
                .map(|given| Given(Some(given))),
            None => Poll::Pending,
        }
    }
}

impl<F, H> Drop for Guarded<F, H> {
    fn drop(&mut self) {
        let_go(self.operation.take());
        let_go(self.held.take());
    }
}

impl<T> Given<T> {
    pub(super) fn take(mut self) -> Option<T> {
        self.0.take()
    }
}

impl<T> Drop for Given<T> {
    fn drop(&mut self) {
        let_go(self.0.take());
    }
}

/// Drops something of the user's.
fn let_go<T>(what: T) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(what))) {
        report(&*panic);
    }
}

#[cold]
fn report(panic: &(dyn Any + Send)) {
    let panic = panic_text(panic);
    tracing::error!(panic, "what an operation held panicked when it went");
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Waker;

    use super::*;

    fn counts(operation: impl Future<Output = ()>) -> bool {
        let mut operation = pin!(Guarded::new(operation, ()));
        let mut context = Context::from_waker(Waker::noop());
        polls(|| assert!(operation.as_mut().poll(&mut context).is_ready()))
    }

    #[test]
    fn what_only_refuses_an_operation_or_lets_go_of_it_is_no_poll() {
        assert!(counts(async {}));
        assert!(!counts(async { is_no_measure() }));
        assert!(!polls(|| drop(Guarded::new(async {}, ()))));
    }
}
