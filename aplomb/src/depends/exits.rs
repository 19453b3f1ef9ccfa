//! The exit stack of a request: clean-ups that wait for it to end, last registered first.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, poll_fn};
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use futures_util::FutureExt as _;

use super::{CleanupScope, Outcome};
use crate::error::{Error, Result, panic_text};
use crate::serve::Tasks;

type Ending = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// One clean-up.
enum Exit {
    /// Not started.
    Due(Box<dyn FnOnce(Outcome) -> Ending + Send>),
    /// Started by a request that was given up meanwhile.
    Begun(Ending),
}

/// The clean-ups of one request.
///
/// Dropped with clean-ups left, because the request was given up half way, it hands them to the
/// server with [`Outcome::Cancelled`].
#[derive(Clone)]
pub(crate) struct Cleanups(Arc<Stack>);

/// A way to the clean-ups of a request that does not keep them alive.
#[derive(Clone)]
pub(super) struct WeakCleanups(Weak<Stack>, Tasks);

struct Stack {
    exits: Mutex<Exits>,
    /// Of the server that the request came through.
    server: Tasks,
}

type Exits = VecDeque<(CleanupScope, Exit)>;

impl Cleanups {
    /// No clean-ups yet for a request that came through this server.
    pub(super) fn new(server: Tasks) -> Self {
        Self(Arc::new(Stack {
            exits: Mutex::default(),
            server,
        }))
    }

    pub(super) fn downgrade(&self) -> WeakCleanups {
        WeakCleanups(Arc::downgrade(&self.0), self.0.server.clone())
    }

    /// Runs the clean-ups of one scope, or of both; a failure replaces the outcome for the rest.
    pub(crate) async fn run(&self, scope: Option<CleanupScope>, mut outcome: Outcome) -> Outcome {
        while let Some((scope, exit)) = self.0.next(scope) {
            let mut running = Running {
                stack: &self.0,
                scope,
                ending: Some(exit.start(&outcome)),
            };
            if let Err(error) = poll_fn(|context| running.poll(context)).await {
                outcome = Outcome::Failed(error);
            }
        }
        outcome
    }
}

impl WeakCleanups {
    /// The tasks of the server that the request came through.
    pub(super) fn server(&self) -> Tasks {
        self.1.clone()
    }

    /// Puts a clean-up on top of the others; after the end of the request it runs at once.
    pub(super) fn push<F, R>(&self, scope: CleanupScope, exit: F)
    where
        F: FnOnce(Outcome) -> R + Send + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        let exit = Exit::Due(Box::new(move |outcome| Box::pin(exit(outcome))));
        match self.0.upgrade() {
            Some(stack) => stack.lock().push_front((scope, exit)),
            None => give_up([(scope, exit)].into(), &Outcome::Cancelled, &self.1),
        }
    }
}

impl Exit {
    fn start(self, outcome: &Outcome) -> Ending {
        match self {
            Self::Due(exit) => exit(outcome.clone()),
            Self::Begun(ending) => ending,
        }
    }
}

/// A clean-up that goes back on the stack when nobody waits for it any more.
struct Running<'a> {
    stack: &'a Stack,
    scope: CleanupScope,
    ending: Option<Ending>,
}

impl Running<'_> {
    fn poll(&mut self, context: &mut std::task::Context<'_>) -> std::task::Poll<Result<()>> {
        let Some(ending) = &mut self.ending else {
            return std::task::Poll::Ready(Ok(()));
        };
        let poll = ending.as_mut().poll(context);
        if poll.is_ready() {
            self.ending = None;
        }
        poll
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // One that panicked cannot be polled again.
        if let Some(ending) = self.ending.take()
            && !std::thread::panicking()
        {
            self.stack
                .lock()
                .push_front((self.scope, Exit::Begun(ending)));
        }
    }
}

impl Stack {
    fn lock(&self) -> MutexGuard<'_, Exits> {
        self.exits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self, scope: Option<CleanupScope>) -> Option<(CleanupScope, Exit)> {
        let mut exits = self.lock();
        let index = exits
            .iter()
            .position(|(of, _)| scope.is_none_or(|scope| scope == *of))?;
        exits.remove(index)
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let exits = self.exits.get_mut();
        let exits = std::mem::take(exits.unwrap_or_else(PoisonError::into_inner));
        let outcome = if std::thread::panicking() {
            Outcome::Failed(Error::from(Panicked))
        } else {
            Outcome::Cancelled
        };
        give_up(exits, &outcome, &self.server);
    }
}

/// Runs clean-ups that no request waits for: those of the function scope first, as always. One that
/// panics stops no other.
fn give_up(mut exits: Exits, outcome: &Outcome, server: &Tasks) {
    if exits.is_empty() {
        return;
    }
    exits
        .make_contiguous()
        .sort_by_key(|(scope, _)| *scope == CleanupScope::Request);
    let outcome = outcome.clone();
    let mut left = Left(exits.len());
    server.spawn_last(async move {
        for (_, exit) in exits {
            let ending = async { exit.start(&outcome).await };
            match AssertUnwindSafe(ending).catch_unwind().await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::error!(%error, "clean-up of a request that was given up failed");
                }
                Err(panic) => {
                    let panic = panic_text(&*panic);
                    tracing::error!(panic, "clean-up of a request that was given up panicked");
                }
            }
            left.done();
        }
    });
}

/// How many clean-ups nobody has done yet.
struct Left(usize);

impl Left {
    fn done(&mut self) {
        self.0 -= 1;
    }
}

impl Drop for Left {
    fn drop(&mut self) {
        if self.0 > 0 {
            tracing::error!(count = self.0, "clean-ups were cut short");
        }
    }
}

/// The handler or a dependency panicked.
#[derive(Debug)]
struct Panicked;

impl fmt::Display for Panicked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a handler or dependency panicked")
    }
}

impl std::error::Error for Panicked {}

impl fmt::Debug for Cleanups {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Cleanups")
            .field("left", &self.0.lock().len())
            .finish()
    }
}
