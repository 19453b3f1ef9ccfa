//! What happens before the first request and after the last.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::App;
use crate::error::{Error, Result};
use crate::health::{Health, Watching};

/// Lets a lifespan function wait while the service runs.
///
/// ```
/// use aplomb::{App, app::Lifespan, Result};
///
/// async fn lifespan(service: Lifespan) -> Result<()> {
///     println!("before the first request");
///     service.running().await;
///     println!("after the last one");
///     Ok(())
/// }
///
/// let app = App::new().lifespan(lifespan);
/// ```
#[derive(Debug)]
pub struct Lifespan {
    started: oneshot::Sender<()>,
    stop: oneshot::Receiver<()>,
}

impl Lifespan {
    /// Lets the service start, and waits until it has stopped.
    pub async fn running(self) {
        if self.started.send(()).is_ok() {
            // A dropped sender is a stop too.
            let _ = self.stop.await;
        }
    }
}

type Run = Arc<dyn Fn(Lifespan) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync>;

/// The lifespan functions of an application, in the order they were given.
#[derive(Clone, Default)]
pub(crate) struct Lifespans(Vec<Run>);

impl fmt::Debug for Lifespans {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Lifespans")
            .field(&self.0.len())
            .finish()
    }
}

impl Lifespans {
    pub(crate) fn push<F, R>(&mut self, lifespan: F)
    where
        F: Fn(Lifespan) -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        self.0
            .push(Arc::new(move |service| Box::pin(lifespan(service))));
    }

    /// Runs every function up to where it waits.
    ///
    /// # Errors
    /// What one failed with; those already started are stopped first.
    pub(crate) async fn start(&self) -> Result<Started> {
        let mut started = Started {
            waiting: Vec::new(),
            health: None,
        };
        for run in &self.0 {
            let (start, is_started) = oneshot::channel();
            let (stop, stopped) = oneshot::channel();
            let mut task = tokio::spawn(run(Lifespan {
                started: start,
                stop: stopped,
            }));
            let ended = tokio::select! {
                biased;
                Ok(()) = is_started => None,
                ended = &mut task => Some(ended),
            };
            match ended {
                None => started.waiting.push((stop, task)),
                Some(ended) => {
                    // A function that returns without waiting has nothing to do at the end.
                    if let Err(error) = flat(ended) {
                        if let Err(later) = started.stop().await {
                            failed_too(&later);
                        }
                        return Err(error);
                    }
                }
            }
        }
        Ok(started)
    }
}

/// Lifespan functions that wait for the service to stop.
#[derive(Debug)]
pub struct Started {
    waiting: Vec<(oneshot::Sender<()>, JoinHandle<Result<()>>)>,
    /// What is told that the end has come, and the checks that go on until then.
    health: Option<(Health, Watching)>,
}

impl Started {
    /// The same, with the health of the service.
    pub(super) fn healthy(mut self, health: Health, watching: Watching) -> Self {
        self.health = Some((health, watching));
        self
    }

    /// Runs the functions to their end, the last started first.
    ///
    /// # Errors
    /// What the first to fail failed with; the others still run.
    pub async fn stop(self) -> Result<()> {
        let mut result = Ok(());
        if let Some((health, _)) = self.health {
            health.drains();
        }
        for (stop, task) in self.waiting.into_iter().rev() {
            // The function may have ended by itself.
            let _ = stop.send(());
            let ended = flat(task.await);
            result = first_failure(result, ended);
        }
        result
    }
}

/// The failure that came first, which the later one may be a consequence of.
pub(super) fn first_failure(first: Result<()>, later: Result<()>) -> Result<()> {
    if let (Err(_), Err(error)) = (&first, &later) {
        failed_too(error);
    }
    first.and(later)
}

fn failed_too(error: &Error) {
    tracing::error!(%error, debug = ?error, "a lifespan function failed too");
}

fn flat(ended: Result<Result<()>, tokio::task::JoinError>) -> Result<()> {
    match ended {
        Ok(result) => result,
        Err(error) => Err(Error::from(error)),
    }
}

impl App {
    /// Runs a function from before the first request until after the last.
    ///
    /// Of several, the first given starts first and ends last.
    #[must_use]
    pub fn lifespan<F, R>(mut self, lifespan: F) -> Self
    where
        F: Fn(Lifespan) -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        self.lifespans.push(lifespan);
        self
    }

    /// Runs a function before the first request.
    #[must_use]
    pub fn on_startup<F, R>(self, function: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        self.lifespan(move |_| function())
    }

    /// Runs a function after the last request.
    #[must_use]
    pub fn on_shutdown<F, R>(self, function: F) -> Self
    where
        F: Fn() -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        self.lifespan(move |service| {
            let function = function.clone();
            async move {
                service.running().await;
                function().await
            }
        })
    }
}
