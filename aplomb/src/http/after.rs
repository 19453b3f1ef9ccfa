//! Work that waits until a response has been sent.

use std::fmt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use futures_util::FutureExt as _;

use crate::error::panic_text;
use crate::serve::Tasks;

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What is to run, in order, once the response it belongs to has been sent or given up.
///
/// Whoever sends the response takes this out of its body and runs it; if nobody does, dropping it
/// hands the work to the server of its request, so that no carrier of a response can lose it.
#[derive(Default)]
pub(crate) struct After {
    /// Locked so that a reference to a response may be held across an `await`.
    tasks: Vec<Mutex<Task>>,
    server: Option<Tasks>,
}

impl After {
    /// Adds work behind what is there already.
    pub(crate) fn push(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.push(Mutex::new(Box::pin(task)));
    }

    /// Adds all work of another response.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.tasks.append(&mut other.tasks);
        self.server = self.server.take().or_else(|| other.server.take());
    }

    /// Says what server the request came through.
    pub(crate) fn serve_by(&mut self, server: Tasks) {
        self.server = Some(server);
    }

    /// Runs the work to its end, one piece after the other; one that panics stops no other.
    pub(crate) fn run(mut self) -> impl Future<Output = ()> + Send {
        let tasks = std::mem::take(&mut self.tasks);
        async {
            for task in tasks {
                let task = task.into_inner().unwrap_or_else(PoisonError::into_inner);
                if let Err(panic) = AssertUnwindSafe(task).catch_unwind().await {
                    let panic = panic_text(&*panic);
                    tracing::error!(panic, "work after a response panicked");
                }
            }
        }
    }
}

impl Drop for After {
    fn drop(&mut self) {
        if self.tasks.is_empty() {
            return;
        }
        let (tasks, server) = (std::mem::take(&mut self.tasks), self.server.take());
        let given_up = Self {
            tasks,
            server: None,
        };
        server.unwrap_or_default().spawn(given_up.run());
    }
}

impl fmt::Debug for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("After")
            .field("tasks", &self.tasks.len())
            .finish_non_exhaustive()
    }
}
