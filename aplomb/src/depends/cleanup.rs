//! Clean-up of dependencies: what runs after the handler, told how it went.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use super::CleanupScope;
use crate::error::{Error, Result};

/// How a request went, as clean-up is told.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The handler gave an answer.
    Ok,
    /// The handler or a dependency failed.
    Failed(Error),
    /// The client left, or the deadline passed, before there was an answer.
    Cancelled,
}

type Exit = Box<dyn FnOnce(Outcome) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send>;

/// The clean-ups of one request, last registered first.
///
/// Dropped with clean-ups left, because the request was given up half way, it runs them on the
/// runtime with [`Outcome::Cancelled`].
#[derive(Clone, Default)]
pub(crate) struct Cleanups(Arc<Stack>);

#[derive(Default)]
struct Stack(Mutex<VecDeque<(CleanupScope, Exit)>>);

impl Cleanups {
    pub(crate) fn push<F, R>(&self, scope: CleanupScope, exit: F)
    where
        F: FnOnce(Outcome) -> R + Send + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        let exit: Exit = Box::new(move |outcome| Box::pin(exit(outcome)));
        self.0.lock().push_front((scope, exit));
    }

    /// Runs the clean-ups of one scope, or of both; a failure replaces the outcome for the rest.
    pub(crate) async fn run(&self, scope: Option<CleanupScope>, mut outcome: Outcome) -> Outcome {
        while let Some(exit) = self.0.next(scope) {
            if let Err(error) = exit(outcome.clone()).await {
                outcome = Outcome::Failed(error);
            }
        }
        outcome
    }
}

impl Stack {
    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<(CleanupScope, Exit)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self, scope: Option<CleanupScope>) -> Option<Exit> {
        let mut exits = self.lock();
        let index = exits
            .iter()
            .position(|(of, _)| scope.is_none_or(|scope| scope == *of))?;
        exits.remove(index).map(|(_, exit)| exit)
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let exits = std::mem::take(self.0.get_mut().unwrap_or_else(PoisonError::into_inner));
        if exits.is_empty() {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            tracing::error!(
                count = exits.len(),
                "clean-ups lost: there is no runtime to run them"
            );
            return;
        };
        runtime.spawn(async move {
            for (_, exit) in exits {
                if let Err(error) = exit(Outcome::Cancelled).await {
                    tracing::error!(%error, "clean-up after a cancelled request failed");
                }
            }
        });
    }
}

impl fmt::Debug for Cleanups {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Cleanups")
            .field("left", &self.0.lock().len())
            .finish()
    }
}
