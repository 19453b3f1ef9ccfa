//! The user's own checks of readiness, run at intervals and remembered.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::error::Result;
use crate::json::Object;

/// How long lies between the end of a check and its next run.
const INTERVAL: Duration = Duration::from_secs(5);
/// After a failure it is run again sooner.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// How long a check may take.
const PATIENCE: Duration = Duration::from_secs(2);

type Run = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync>;

/// What must be well for a service to be ready: its database, a queue.
#[derive(Clone, Default)]
pub(crate) struct Checks(Vec<Check>);

#[derive(Clone)]
struct Check {
    name: String,
    run: Run,
    /// What is wrong; nothing when all is well.
    wrong: Arc<Mutex<Option<String>>>,
}

impl Checks {
    pub(crate) fn push<F, R>(&mut self, name: String, check: F)
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        self.0.push(Check {
            name,
            run: Arc::new(move || Box::pin(check())),
            wrong: Arc::new(Mutex::new(Some("not checked yet".to_owned()))),
        });
    }

    /// Whether all is well, and each check by its name.
    pub(super) fn results(&self) -> (bool, Object) {
        let mut all_well = true;
        let mut results = Object::new();
        for check in &self.0 {
            let wrong = check.wrong();
            all_well &= wrong.is_none();
            let result = wrong.as_deref().unwrap_or("ok");
            results.insert(check.name.clone(), result.into());
        }
        (all_well, results)
    }

    /// Runs every check once, and again at intervals until what this gives is dropped.
    pub(crate) async fn watch(&self) -> Watching {
        let mut first = Vec::new();
        for check in &self.0 {
            let check = check.clone();
            first.push(tokio::spawn(async move { check.look().await }));
        }
        for look in first {
            // A check that panicked has said so, and is run again.
            let _ = look.await;
        }
        let watch = |check: &Check| {
            let check = check.clone();
            tokio::spawn(async move {
                loop {
                    let well = check.wrong().is_none();
                    sleep(if well { INTERVAL } else { AFTER_FAILURE }).await;
                    let next = check.clone();
                    let looked = tokio::spawn(async move { next.look().await }).await;
                    if looked.is_err() {
                        check.found(Some("panicked".to_owned()));
                    }
                }
            })
        };
        Watching(self.0.iter().map(watch).collect())
    }
}

impl Check {
    async fn look(&self) {
        let wrong = match timeout(PATIENCE, (self.run)()).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("no answer within {} s", PATIENCE.as_secs())),
        };
        self.found(wrong);
    }

    fn found(&self, wrong: Option<String>) {
        let before = std::mem::replace(&mut *self.wrong(), wrong.clone());
        match (before, wrong) {
            (before, Some(wrong)) if before.as_ref() != Some(&wrong) => {
                tracing::warn!(check = self.name, wrong, "not ready");
            }
            (Some(_), None) => tracing::info!(check = self.name, "well"),
            _ => {}
        }
    }

    fn wrong(&self) -> MutexGuard<'_, Option<String>> {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Checks that are run at intervals, as long as this lives.
#[derive(Debug)]
pub(crate) struct Watching(Vec<JoinHandle<()>>);

impl Drop for Watching {
    fn drop(&mut self) {
        for watching in &self.0 {
            watching.abort();
        }
    }
}

impl fmt::Debug for Checks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(|check| &check.name);
        formatter.debug_list().entries(names).finish()
    }
}
