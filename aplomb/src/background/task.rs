//! One piece of background work, and what is told of it.

use std::any::{Any, type_name};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt as _;

use super::limit::{BackgroundLimit, Seat};
use crate::error::{Error, Result, panic_text};
use crate::http::Trail;

/// What a background task may give: nothing, or a `Result` of nothing.
#[diagnostic::on_unimplemented(
    message = "a background task cannot give `{Self}`",
    label = "expected nothing, or `Result<()>`"
)]
pub trait TaskResult: Send {
    /// What the task failed with.
    ///
    /// # Errors
    /// What the task failed with.
    fn into_result(self) -> Result<()>;
}

impl TaskResult for () {
    fn into_result(self) -> Result<()> {
        Ok(())
    }
}

impl<E: Into<Error> + Send> TaskResult for Result<(), E> {
    fn into_result(self) -> Result<()> {
        self.map_err(Into::into)
    }
}

/// One piece of work.
pub(super) struct Task {
    name: &'static str,
    work: Pin<Box<dyn Future<Output = Result<()>> + Send>>,
    /// Its room in the application.
    seat: Option<Seat>,
}

/// How a task failed.
pub(super) enum Fault {
    Failed(&'static str, Error),
    Panicked(&'static str, Box<dyn Any + Send>),
}

impl Task {
    pub(super) fn new<F>(work: F) -> Self
    where
        F: Future<Output: TaskResult> + Send + 'static,
    {
        Self {
            name: name::<F>(),
            work: Box::pin(async move { work.await.into_result() }),
            seat: None,
        }
    }

    /// Takes room in the application, where there is any.
    pub(super) fn sit(&mut self, limit: &BackgroundLimit) -> bool {
        self.seat = self.seat.take().or_else(|| limit.take());
        self.seat.is_some()
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) async fn run(self) -> Result<(), Fault> {
        match AssertUnwindSafe(self.work).catch_unwind().await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Fault::Failed(self.name, error)),
            Err(panic) => Err(Fault::Panicked(self.name, panic)),
        }
    }
}

/// The path of the function whose future this is, or of the one with the `async` block.
fn name<F>() -> &'static str {
    let name = type_name::<F>();
    let end = name.find("::{{closure}}").unwrap_or(name.len());
    // The type of a future made elsewhere says nothing without its arguments.
    if end == 0 { name } else { &name[..end] }
}

/// The request that the work is of, for the log.
#[derive(Debug, Default)]
pub(super) struct Origin {
    route: Option<Arc<str>>,
    request_id: Option<Arc<str>>,
}

impl Origin {
    /// No request that is known.
    pub(super) const NONE: Self = Self {
        route: None,
        request_id: None,
    };

    pub(super) fn of(trail: &Trail) -> Self {
        Self {
            route: trail.matched().and_then(|matched| matched.template.clone()),
            request_id: trail.id().map(|id| Arc::clone(&id.text)),
        }
    }

    pub(super) fn route(&self) -> Option<&str> {
        self.route.as_deref()
    }

    pub(super) fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    pub(super) fn report(&self, result: Result<(), Fault>) {
        let (route, request_id) = (self.route(), self.request_id.as_deref());
        match result {
            Ok(()) => {}
            Err(Fault::Failed(task, error)) => {
                tracing::error!(task, route, request_id, %error, debug = ?error, "a background task failed");
            }
            Err(Fault::Panicked(task, panic)) => {
                let panic = panic_text(&*panic);
                tracing::error!(task, route, request_id, panic, "a background task panicked");
            }
        }
    }

    pub(super) fn never_began(&self, task: &str) {
        let (route, request_id) = (self.route(), self.request_id.as_deref());
        tracing::error!(task, route, request_id, "a background task never began");
    }

    pub(super) fn refused(&self, task: &str) {
        let (route, request_id) = (self.route(), self.request_id.as_deref());
        tracing::error!(
            task,
            route,
            request_id,
            "a background task was refused: the application holds as many as it may"
        );
    }
}

/// Tells of work that is cut short.
pub(super) struct Unfinished<'a> {
    origin: &'a Origin,
    running: Option<(&'static str, usize)>,
}

impl<'a> Unfinished<'a> {
    pub(super) fn new(origin: &'a Origin) -> Self {
        Self {
            origin,
            running: None,
        }
    }

    /// A task begins, and so many come after it.
    pub(super) fn begin(&mut self, task: &'static str, more: usize) {
        self.running = Some((task, more));
    }

    pub(super) fn end(&mut self) {
        self.running = None;
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        let Some((task, more)) = self.running else {
            return;
        };
        let (route, request_id) = (self.origin.route(), self.origin.request_id.as_deref());
        tracing::error!(
            task,
            more,
            route,
            request_id,
            "a background task was cut short"
        );
    }
}
