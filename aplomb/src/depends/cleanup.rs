//! [`Cleanup`]: closures that run when the request is done, told how it went.

use std::fmt;
use std::future::Future;

use super::exits::WeakCleanups;
use super::{CleanupScope, Cleanups};
use crate::argument::{Argument, Source};
use crate::error::{Error, Result};
use crate::operation::{Binder, Parameter};

/// How a request went, as clean-up is told.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The handler gave an answer.
    Ok,
    /// The handler, a dependency or another clean-up failed.
    Failed(Error),
    /// The client left, or the deadline passed, before there was an answer.
    Cancelled,
}

impl Outcome {
    /// Whether the handler gave an answer.
    pub fn is_ok(&self) -> bool {
        matches!(self, Self::Ok)
    }

    /// What the request failed with.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) => Some(error),
            Self::Ok | Self::Cancelled => None,
        }
    }
}

/// Takes clean-up to run when the request is done, as an argument of a dependency.
///
/// What is deferred last runs first. When it runs is the dependency's `scope`: `"request"`, after
/// the response, unless it says `#[dependency(scope = "function")]`. An error of clean-up that runs
/// before the response replaces the response; a later one is logged. [`Yield`](super::Yield) is the
/// other form of clean-up, which keeps it beside what it cleans up.
///
/// ```
/// use aplomb::{Result, dependency};
/// use aplomb::depends::Cleanup;
///
/// #[dependency]
/// async fn workspace(cleanup: Cleanup) -> Result<std::path::PathBuf> {
///     let path = std::env::temp_dir().join("workspace");
///     tokio::fs::create_dir_all(&path).await?;
///     let created = path.clone();
///     cleanup.defer(move |outcome| async move {
///         println!("removed after {outcome:?}");
///         tokio::fs::remove_dir_all(created).await?;
///         Ok(())
///     });
///     Ok(path)
/// }
/// ```
#[derive(Clone)]
pub struct Cleanup {
    cleanups: WeakCleanups,
    scope: CleanupScope,
}

impl Cleanup {
    /// Runs `exit` when the request is done. After its end, as from a task that outlives it, `exit`
    /// runs at once and is told [`Outcome::Cancelled`].
    pub fn defer<F, R>(&self, exit: F)
    where
        F: FnOnce(Outcome) -> R + Send + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        self.cleanups.push(self.scope, exit);
    }
}

impl fmt::Debug for Cleanup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Cleanup")
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

impl Argument for Cleanup {
    const SOURCE: Source = Source::Cleanup;

    fn bind(binder: &mut Binder<'_>, _: &'static Parameter) -> Option<Self> {
        let (cleanups, scope) = binder.cleanups();
        Some(Self {
            cleanups: cleanups.downgrade(),
            scope,
        })
    }
}

impl Binder<'_> {
    /// The request's clean-ups, and the scope of those registered by what is being bound.
    pub(super) fn cleanups(&self) -> (&Cleanups, CleanupScope) {
        let scope = self.scope();
        let server = || scope.request.head().peer.tasks();
        let cleanups = scope.cleanups.get_or_init(|| Cleanups::new(server()));
        (cleanups, self.cleanup_scope)
    }
}
