//! [`BackgroundTasks`]: work that runs after the response.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::argument::{Argument, Source};
use crate::operation::{Binder, Parameter};

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Work that runs after the response has been sent, one task after another.
///
/// ```
/// use aplomb::BackgroundTasks;
///
/// let tasks = BackgroundTasks::new();
/// tasks.add(async { println!("the receipt goes out") });
/// assert_eq!(tasks.len(), 1);
/// ```
#[derive(Clone, Default)]
pub struct BackgroundTasks(Arc<Mutex<VecDeque<Task>>>);

impl BackgroundTasks {
    /// No work yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds work; it runs only if the request succeeds.
    pub fn add(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.lock().push_back(Box::pin(task));
    }

    /// How much work there is.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Does the work, and what it adds.
    pub async fn run(&self) {
        while let Some(task) = self.next() {
            task.await;
        }
    }

    fn next(&self) -> Option<Task> {
        self.lock().pop_front()
    }

    /// Gives the work up.
    pub(crate) fn clear(&self) {
        // Dropped without the lock: what a task holds may add work when it goes.
        let given_up = std::mem::take(&mut *self.lock());
        drop(given_up);
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Task>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for BackgroundTasks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("BackgroundTasks")
            .field("len", &self.len())
            .finish()
    }
}

impl Argument for BackgroundTasks {
    const SOURCE: Source = Source::Context;

    fn bind(binder: &mut Binder<'_>, _: &'static Parameter) -> Option<Self> {
        Some(binder.scope().background.get_or_init(Self::new).clone())
    }
}
