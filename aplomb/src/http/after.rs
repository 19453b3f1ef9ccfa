//! Work that waits until a response has been sent.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use tokio::runtime::Handle;

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What is to run, in order, once the response it belongs to has been sent or given up.
///
/// Whoever sends the response takes this out of its body and runs it; if nobody does, dropping it
/// hands the work to the current runtime, so that no carrier of a response can lose it.
#[derive(Default)]
pub(crate) struct After {
    /// Locked so that a reference to a response may be held across an `await`.
    tasks: Vec<Mutex<Task>>,
}

impl After {
    /// Adds work behind what is there already.
    pub(crate) fn push(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.push(Mutex::new(Box::pin(task)));
    }

    /// Runs the work to its end, one piece after the other.
    pub(crate) fn run(mut self) -> impl Future<Output = ()> + Send {
        let tasks = std::mem::take(&mut self.tasks);
        async {
            for task in tasks {
                task.into_inner()
                    .unwrap_or_else(PoisonError::into_inner)
                    .await;
            }
        }
    }
}

impl Drop for After {
    fn drop(&mut self) {
        if self.tasks.is_empty() {
            return;
        }
        let tasks = std::mem::take(&mut self.tasks);
        match Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(Self { tasks }.run());
            }
            Err(_) => {
                tracing::error!(
                    count = tasks.len(),
                    "background work lost: no runtime to run it"
                );
            }
        }
    }
}

impl fmt::Debug for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("After")
            .field("tasks", &self.tasks.len())
            .finish()
    }
}
