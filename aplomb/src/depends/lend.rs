//! [`Yield`]: clean-up as code behind the place where a dependency lends its result.

use std::any::type_name;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use tokio::sync::oneshot;

use super::exits::WeakCleanups;
use super::{CleanupScope, DependencyFuture, Given, Outcome, Shared};
use crate::argument::{Argument, Source};
use crate::error::{Error, Result};
use crate::operation::{Binder, Parameter};

/// Lends a dependency's result and gets it back when the request is done: Python's `yield`.
///
/// The argument's type says what `Depends` of the dependency gives; the function itself returns
/// nothing. Its code behind [`lend`](Self::lend) runs before the response is sent with
/// `scope = "function"` and after it with `"request"`, which it is unless said otherwise. An error
/// it returns before the response is sent replaces the response; a later one is logged.
///
/// ```
/// use aplomb::{App, Depends, Result, State, dependency, get, routes};
/// use aplomb::depends::{Outcome, Yield};
/// use aplomb::testing::TestClient;
/// # #[derive(Clone)] struct Pool;
/// # struct Session { name: &'static str }
/// # impl Pool { async fn acquire(&self) -> Result<Session> { Ok(Session { name: "first" }) } }
/// # impl Session { async fn commit(self) -> Result<()> { Ok(()) } }
///
/// #[dependency(scope = "function")]
/// async fn session(pool: State<Pool>, give: Yield<Session>) -> Result<()> {
///     let session = pool.acquire().await?;
///     let (session, outcome) = give.lend(session).await;
///     match outcome {
///         Outcome::Ok => session.commit().await,
///         Outcome::Failed(_) | Outcome::Cancelled => Ok(()),
///     }
/// }
///
/// #[get("/")]
/// async fn read(session: Depends<session>) -> String {
///     session.name.to_owned()
/// }
///
/// let client = TestClient::new(App::new().state(Pool).routes(routes![read]));
/// assert_eq!(client.get("/").send().json(), "first");
/// ```
pub struct Yield<T> {
    lends: oneshot::Sender<Lent<T>>,
    /// Gone once somebody waits for it.
    lent: Option<oneshot::Receiver<Lent<T>>>,
    cleanups: WeakCleanups,
    scope: CleanupScope,
}

/// What was lent, and who waits for the outcome.
type Lent<T> = (Given<T>, oneshot::Sender<Outcome>);

impl<T: Send + Sync + 'static> Yield<T> {
    /// Lends the result to whoever takes it, and gives it back with the outcome when the request
    /// is done.
    ///
    /// A clone of the `Depends` that outlives the request, as in a task of its own, keeps the
    /// result: the code behind this then runs as soon as the last clone is dropped, and nobody
    /// waits for it, so that it cannot replace the response any more.
    pub async fn lend(self, value: T) -> (T, Outcome) {
        let (lender, returned) = oneshot::channel();
        let (resume, outcome) = oneshot::channel();
        // If nobody waits for it any more, it comes back at once.
        let _ = self.lends.send((Given::lent(value, lender), resume));
        let outcome = outcome.await.unwrap_or(Outcome::Cancelled);
        match returned.await {
            Ok(value) => (value, outcome),
            Err(_) => std::future::pending().await,
        }
    }

    /// Runs the function until it lends, and leaves the rest of it for the end of the request.
    #[doc(hidden)]
    pub fn run<F, E>(mut self, function: impl FnOnce(Self) -> F) -> DependencyFuture
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<Error> + 'static,
    {
        let (cleanups, scope) = (self.cleanups.clone(), self.scope);
        let mut lent = self.lent.take();
        let mut function = Box::pin(function(self));
        Box::pin(async move {
            let lending = poll_fn(|context| {
                if let Poll::Ready(result) = function.as_mut().poll(context) {
                    return Poll::Ready(Err(result));
                }
                // Also another task may lend, which wakes this one.
                let Some(waiting) = &mut lent else {
                    return Poll::Pending;
                };
                let Poll::Ready(lent_now) = Pin::new(waiting).poll(context) else {
                    return Poll::Pending;
                };
                lent = None;
                match lent_now {
                    Ok(lent) => Poll::Ready(Ok(lent)),
                    Err(_) => Poll::Pending,
                }
            });
            let (given, resume) = match lending.await {
                Ok(lent) => lent,
                Err(Ok(())) => return Err(Error::from(NothingLent(type_name::<T>()))),
                Err(Err(error)) => return Err(error.into()),
            };
            let given = Arc::new(given);
            let (held, server) = (Arc::downgrade(&given), cleanups.server());
            cleanups.push(scope, move |outcome| async move {
                // A function that does not wait for the outcome does not want it.
                let _ = resume.send(outcome);
                let rest = async move { function.await.map_err(Into::into) };
                if held.strong_count() == 0 {
                    return rest.await;
                }
                tracing::warn!(
                    result = type_name::<T>(),
                    "the result of a dependency outlives its request: clean-up waits for it"
                );
                server.spawn_last(async move {
                    if let Err(error) = rest.await {
                        tracing::error!(%error, "late clean-up of a dependency failed");
                    }
                });
                Ok(())
            });
            let shared: Shared = given;
            Ok(shared)
        })
    }
}

impl<T> fmt::Debug for Yield<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Yield")
            .field("of", &type_name::<T>())
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

impl<T: Send + Sync + 'static> Argument for Yield<T> {
    const SOURCE: Source = Source::Yield;

    fn bind(binder: &mut Binder<'_>, _: &'static Parameter) -> Option<Self> {
        let (cleanups, scope) = binder.cleanups();
        let (lends, lent) = oneshot::channel();
        Some(Self {
            lends,
            lent: Some(lent),
            cleanups: cleanups.downgrade(),
            scope,
        })
    }
}

/// Refuses a `Yield` whose name hides what it is; the macros call this while the program is
/// compiled.
///
/// # Panics
/// With `message`, when the parameter is one.
#[doc(hidden)]
#[track_caller]
pub const fn refuse_hidden_yield(parameter: &Parameter, message: &str) {
    if matches!(parameter.source, Source::Yield) {
        panic!("{}", message);
    }
}

/// A dependency ended before it lent anything.
#[derive(Debug)]
struct NothingLent(&'static str);

impl fmt::Display for NothingLent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "a dependency with `Yield<{0}>` returned without lending a `{0}`",
            self.0
        )
    }
}

impl std::error::Error for NothingLent {}
