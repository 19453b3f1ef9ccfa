//! The user's own checks of readiness, run at intervals and remembered.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::error::Result;
use crate::json::Object;

/// How long lies between the end of a check and its next run.
const INTERVAL: Duration = Duration::from_secs(5);
/// After a failure it is run again sooner.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// How long a check may take.
const PATIENCE: Duration = Duration::from_secs(2);

type Run = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync>;
/// What a run finds wrong, if anything.
type Wrong = Option<String>;

/// What must be well for a service to be ready: its database, a queue.
#[derive(Clone, Default)]
pub(crate) struct Checks(Vec<Check>);

#[derive(Clone)]
struct Check {
    name: String,
    run: Run,
    /// What is wrong; nothing when all is well.
    wrong: Arc<Mutex<Wrong>>,
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
        let over = CancellationToken::new();
        let watching = Watching(over.clone().drop_guard());
        let first = join_all(self.0.iter().map(|check| check.look(&over))).await;
        for (check, late) in self.0.iter().zip(first) {
            let (check, over) = (check.clone(), over.clone());
            tokio::spawn(async move {
                let going_on = check.go_on(late, &over);
                over.run_until_cancelled(going_on).await;
            });
        }
        watching
    }
}

impl Check {
    /// Runs it again and again.
    async fn go_on(&self, mut late: Option<oneshot::Receiver<Wrong>>, over: &CancellationToken) {
        loop {
            // One that holds its thread holds no second one.
            if let Some(late) = late.take() {
                let _ = late.await;
            }
            let well = self.wrong().is_none();
            sleep(if well { INTERVAL } else { AFTER_FAILURE }).await;
            late = self.look(over).await;
        }
    }

    /// Runs it and remembers what it found; what tells of its end, where there is no patience left
    /// to wait for that.
    async fn look(&self, over: &CancellationToken) -> Option<oneshot::Receiver<Wrong>> {
        let mut run = match self.run(over) {
            Ok(run) => run,
            Err(error) => {
                self.found(Some(format!("no thread: {error}")));
                return None;
            }
        };
        match timeout(PATIENCE, &mut run).await {
            Ok(ended) => {
                self.found(ended.unwrap_or_else(|_| Some("panicked".to_owned())));
                None
            }
            Err(_) => {
                self.found(Some(timed_out()));
                Some(run)
            }
        }
    }

    /// Starts it on a thread of its own, which it may hold: no request and no other check waits
    /// for that, nor does the end of the process.
    fn run(&self, over: &CancellationToken) -> std::io::Result<oneshot::Receiver<Wrong>> {
        let (runtime, run, over) = (Handle::current(), Arc::clone(&self.run), over.clone());
        let (tell, told) = oneshot::channel();
        let thread = std::thread::Builder::new().name("aplomb-check".to_owned());
        thread.spawn(move || {
            let run = async { timeout(PATIENCE, run()).await };
            let wrong = match runtime.block_on(over.run_until_cancelled(run)) {
                Some(Ok(Ok(()))) => None,
                Some(Ok(Err(error))) => Some(error.to_string()),
                Some(Err(_)) => Some(timed_out()),
                None => return,
            };
            // Nobody may have waited so long.
            let _ = tell.send(wrong);
        })?;
        Ok(told)
    }

    fn found(&self, wrong: Wrong) {
        let before = std::mem::replace(&mut *self.wrong(), wrong.clone());
        match (before, wrong) {
            (before, Some(wrong)) if before.as_ref() != Some(&wrong) => {
                tracing::warn!(check = self.name, wrong, "not ready");
            }
            (Some(_), None) => tracing::info!(check = self.name, "well"),
            _ => {}
        }
    }

    fn wrong(&self) -> MutexGuard<'_, Wrong> {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn timed_out() -> String {
    format!("timed out: no answer within {} s", PATIENCE.as_secs())
}

/// Checks that are run at intervals, as long as this lives.
#[derive(Debug)]
pub(crate) struct Watching(#[expect(dead_code, reason = "it is dropped")] DropGuard);

impl fmt::Debug for Checks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(|check| &check.name);
        formatter.debug_list().entries(names).finish()
    }
}
