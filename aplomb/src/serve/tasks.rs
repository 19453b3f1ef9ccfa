//! Tasks beside the connections of a server.

use std::future::Future;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::ready;

/// Tasks beside the connections: HTTP/2 streams, and what goes on when a request has ended.
///
/// The server waits for them when it stops. Without a server they are tasks of the runtime.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tasks {
    tracker: TaskTracker,
    cut: CancellationToken,
}

impl Tasks {
    /// Runs a task until it is done or everything is cut.
    pub(crate) fn spawn(
        &self,
        task: impl Future<Output = ()> + Send + 'static,
    ) -> Option<JoinHandle<()>> {
        let cut = self.cut.clone();
        self.spawn_last(async move {
            cut.run_until_cancelled(task).await;
        })
    }

    /// Runs a task until it is done, also when everything else is cut: there is little time then.
    pub(crate) fn spawn_last(
        &self,
        task: impl Future<Output = ()> + Send + 'static,
    ) -> Option<JoinHandle<()>> {
        let Ok(runtime) = Handle::try_current() else {
            tracing::error!("work lost: the runtime has ended");
            return None;
        };
        Some(self.tracker.spawn_on(task, &runtime))
    }

    /// Something that the server waits for when it stops, until it is dropped.
    pub(crate) fn unfinished(&self) -> TaskTrackerToken {
        self.tracker.token()
    }

    /// Waits until all are done.
    pub(super) async fn finish(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }

    /// Whether those that were left have been ended.
    pub(super) fn are_cut(&self) -> bool {
        self.cut.is_cancelled()
    }

    /// Ends those that are left.
    pub(super) fn cut(&self) {
        self.cut.cancel();
    }
}

impl<F: Future<Output = ()> + Send + 'static> hyper::rt::Executor<F> for Tasks {
    fn execute(&self, task: F) {
        // A stream ends with its connection, so it needs no token of its own.
        self.tracker.spawn(ready::watched(task));
    }
}
