//! [`BackgroundTasks`]: work that runs after the response.

mod limit;
mod task;

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use tracing::Instrument as _;

pub(crate) use self::limit::BackgroundLimit;
pub use self::task::TaskResult;
use self::task::{Origin, Task, Unfinished};
use crate::argument::{Argument, Source};
use crate::http::{Request, States, Trail};
use crate::live::EndedTask;
use crate::operation::{Binder, Parameter};
use crate::serve::Tasks;

/// Work that runs after the response has been sent, one task after another.
///
/// A task is a future of nothing or of a `Result`. One that fails or panics is logged by its name,
/// with the route and the id of the request, and the next one runs. Tasks of a request that fails
/// never run.
///
/// At shutdown the server waits for tasks within the time that requests have too
/// ([`Limits::shutdown_deadline`](crate::serve::Limits)); what is cut then is logged by its name.
///
/// An application holds a limited number of tasks ([`App::background_tasks`]). When it is full, a
/// request does its work itself before it is answered: answers become slow, and nothing is lost.
///
/// [`App::background_tasks`]: crate::App::background_tasks
///
/// ```
/// use aplomb::BackgroundTasks;
///
/// let tasks = BackgroundTasks::new();
/// tasks.add(async { println!("the receipt goes out") });
/// assert_eq!(tasks.len(), 1);
/// ```
#[derive(Clone, Default)]
pub struct BackgroundTasks(Arc<Inner>);

#[derive(Default)]
struct Inner {
    queue: Mutex<Queue>,
    /// Set once it is known what request the work is of.
    origin: OnceLock<Origin>,
    limit: OnceLock<Arc<BackgroundLimit>>,
}

/// Tells of work that nobody came to do, such as what is cut before it has begun.
impl Drop for Inner {
    fn drop(&mut self) {
        let queue = self.queue.get_mut().unwrap_or_else(PoisonError::into_inner);
        if queue.answered {
            let origin = self.origin.get().unwrap_or(&Origin::NONE);
            for task in &queue.tasks {
                origin.never_began(task.name());
            }
        }
    }
}

#[derive(Default)]
struct Queue {
    tasks: VecDeque<Task>,
    /// Whether a task was added for which the application had no room.
    crowded: bool,
    /// Whether the response is on its way, so that nobody can wait for the work any more.
    answered: bool,
}

impl BackgroundTasks {
    /// No work yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// No work yet for this request.
    pub(crate) fn of(request: &Request) -> Self {
        let tasks = Self::new();
        tasks.bind(request.trail(), &request.head().states);
        tasks
    }

    /// Says what request the work is of, where nobody has: what is there takes room in the
    /// application.
    pub(crate) fn bind(&self, request: &Trail, application: &States) {
        // The lock is held so that no task slips in between without room.
        let mut queue = self.lock();
        let _ = self.0.origin.set(Origin::of(request));
        let Some(limit) = application.get::<BackgroundLimit>() else {
            return;
        };
        if self.0.limit.set(Arc::clone(&limit)).is_err() {
            return;
        }
        let mut full = false;
        for task in &mut queue.tasks {
            full |= !task.sit(&limit);
        }
        queue.crowded |= full;
    }

    fn origin(&self) -> &Origin {
        self.0.origin.get().unwrap_or(&Origin::NONE)
    }

    /// Adds work; it runs only if the request succeeds.
    ///
    /// Work that is added while the response is sent or by other work needs room in the
    /// application ([`App::background_tasks`](crate::App::background_tasks)); without any it is
    /// refused, and this is logged.
    pub fn add<F>(&self, task: F)
    where
        F: Future<Output: TaskResult> + Send + 'static,
    {
        let mut task = Task::new(task);
        let mut queue = self.lock();
        let full = self.0.limit.get().is_some_and(|limit| !task.sit(limit));
        if full && queue.answered {
            drop(queue);
            self.origin().refused(task.name());
            return;
        }
        queue.crowded |= full;
        queue.tasks.push_back(task);
    }

    /// How much work there is.
    pub fn len(&self) -> usize {
        self.lock().tasks.len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Does the work, and what it adds.
    pub async fn run(&self) {
        let mut unfinished = Unfinished::new(self.origin());
        while let Some(task) = self.next() {
            let name = task.name();
            unfinished.begin(name, self.len());
            let watch = self.0.limit.get().and_then(|limit| limit.live.watch());
            let watch = watch.map(|watch| (watch, Instant::now()));
            let result = task.run().await;
            unfinished.end();
            if let Some((watch, begun)) = watch {
                let task = EndedTask {
                    name,
                    ok: result.is_ok(),
                    route: self.origin().route(),
                    request_id: self.origin().request_id(),
                };
                watch.task_ended(task, begun.elapsed());
            }
            self.origin().report(result);
        }
    }

    /// Does the work now if the application has no room for it; the rest is for after the
    /// response. The work goes on where a client that leaves takes the request along.
    pub(crate) async fn before_response(&self, server: &Tasks) {
        if self.lock().crowded {
            tracing::warn!(
                route = self.origin().route(),
                "too much background work: a request does its own before it is answered"
            );
            let tasks = self.clone();
            let work = async move { tasks.run().await }.in_current_span();
            if let Some(work) = server.spawn(work) {
                let _ = work.await;
            }
        }
        self.lock().answered = true;
    }

    fn next(&self) -> Option<Task> {
        self.lock().tasks.pop_front()
    }

    /// Gives the work up.
    pub(crate) fn clear(&self) {
        // Dropped without the lock: what a task holds may add work when it goes.
        let given_up = std::mem::take(&mut self.lock().tasks);
        drop(given_up);
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
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
        let scope = binder.scope();
        let tasks = scope.background.get_or_init(|| Self::of(&scope.request));
        Some(tasks.clone())
    }
}
