//! A server that has its address: accepting, and coming to an end.

use std::fmt;
use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::lane::Runtime;
use super::listener::{Listener, Listening, Stream};
use super::shared::Shared;
use super::stop::{Signals, Stop};
use super::{Address, Dispatch, Limits, connection, systemd};
use crate::health::Health;
use crate::http::{TrustedProxies, pieces};

/// How long accepting rests when descriptors or memory have run out.
const EXHAUSTED: Duration = Duration::from_millis(100);

/// How long what was cut may take to let go.
const CUT: Duration = Duration::from_millis(200);

/// A server whose address is taken and whose connections are being queued.
///
/// ```
/// # use std::sync::Arc;
/// # use aplomb::{http::{Body, Peer, Response}, serve::{Answering, Dispatch, Server}};
/// # struct Greeter;
/// # impl Dispatch for Greeter {
/// #     fn dispatch(
/// #         self: Arc<Self>,
/// #         _: http::Request<Body>,
/// #         _: Peer,
/// #         _: Arc<aplomb::observe::Record>,
/// #     ) -> Answering {
/// #         Box::pin(async { Response::text("hello").into_http() })
/// #     }
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let bound = Server::new(Arc::new(Greeter)).address("127.0.0.1:0").bind()?;
/// println!("listening on http://{}", bound.address());
/// bound.serve_until(async { /* until this is ready */ }).await
/// # }
/// ```
pub struct Bound {
    listening: Listening,
    address: Address,
    workers: usize,
    shared: Shared,
    health: Option<Health>,
    /// Whether the socket belongs to whoever started this process.
    inherited: bool,
}

/// What ends the accepting.
enum Pause {
    Asked,
    LameDuckOver,
}

impl Bound {
    pub(super) fn new(
        listening: Listening,
        dispatch: Arc<dyn Dispatch>,
        limits: Limits,
        workers: Option<usize>,
        proxies: TrustedProxies,
    ) -> io::Result<Self> {
        let address = listening.address()?;
        let workers = workers
            .or_else(|| std::thread::available_parallelism().ok().map(Into::into))
            .unwrap_or(1);
        let shared = Shared::new(dispatch, limits, Arc::new(proxies));
        Ok(Self {
            listening,
            address,
            workers,
            shared,
            health: None,
            inherited: false,
        })
    }

    /// Leaves the socket where it is at the end.
    pub(super) fn inherited(mut self) -> Self {
        self.inherited = true;
        self
    }

    /// Tells this of the end.
    pub(super) fn health(mut self, health: Option<Health>) -> Self {
        self.health = health;
        self
    }

    /// The address, with the port the system chose.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The number of worker threads [`Bound::run`] will use.
    pub fn workers(&self) -> usize {
        self.workers
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    /// Serves until a signal to stop; blocks, on a runtime of its own.
    ///
    /// # Errors
    /// If the runtime cannot be built or the signals cannot be listened for.
    pub fn run(self) -> io::Result<()> {
        Self::on_own_runtime(self.workers, self.serve())
    }

    /// Serves until a future is ready; blocks, on a runtime of its own.
    ///
    /// # Errors
    /// If the runtime cannot be built or the socket cannot enter it.
    pub fn run_until(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        Self::on_own_runtime(self.workers, self.serve_until(stop))
    }

    fn on_own_runtime(
        workers: usize,
        serving: impl Future<Output = io::Result<()>>,
    ) -> io::Result<()> {
        let runtime = Runtime::new(workers)?;
        let served = runtime.block_on(serving);
        // A thread that never comes back from user code must not keep the process.
        runtime.shut_down(CUT);
        served
    }

    /// Serves until SIGTERM or Ctrl-C, in the current runtime; a second signal ends it at once.
    ///
    /// # Errors
    /// If the signals cannot be listened for.
    pub async fn serve(self) -> io::Result<()> {
        let signals = Signals::listen()?;
        self.accept(Stop::Signals(signals)).await
    }

    /// Serves until a future is ready, in the current runtime.
    ///
    /// # Errors
    /// If the socket cannot enter the runtime.
    pub async fn serve_until(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        self.accept(Stop::Future(Some(Box::pin(stop)))).await
    }

    async fn accept(self, mut stop: Stop) -> io::Result<()> {
        let listener = self.listening.listen()?;
        if self.health.is_some() {
            systemd::ready();
        }
        pieces::set_budget(self.shared.limits.answer_bytes);
        let shared = Arc::new(self.shared);
        let mut open = Open {
            connections: JoinSet::new(),
            server: listener.address(),
            shared,
        };

        open.accept_until(&listener, async {
            stop.asked().await;
            Pause::Asked
        })
        .await;
        tracing::info!(connections = open.connections.len(), "stopping");
        if let Some(health) = &self.health {
            systemd::stopping();
            health.drains();
        }
        open.shared.stop();
        let lame_duck = open.shared.limits.lame_duck;
        let mut hurried = false;
        if !lame_duck.is_zero() {
            let pause = async {
                tokio::select! {
                    () = stop.asked() => Pause::Asked,
                    () = sleep(lame_duck) => Pause::LameDuckOver,
                }
            };
            hurried = matches!(open.accept_until(&listener, pause).await, Pause::Asked);
        }
        open.accept_waiting(&listener).await;
        drop(listener);
        open.finish(&mut stop, hurried).await;
        if let Address::Unix(path) = &self.address
            && !self.inherited
        {
            let _ = std::fs::remove_file(path);
        }
        Ok(())
    }
}

/// The connections that are open.
struct Open {
    connections: JoinSet<()>,
    server: Option<SocketAddr>,
    shared: Arc<Shared>,
}

impl Open {
    /// Takes connections, as many as are allowed, until there is a reason to pause.
    async fn accept_until(
        &mut self,
        listener: &Listener,
        pause: impl Future<Output = Pause>,
    ) -> Pause {
        let mut pause = std::pin::pin!(pause);
        loop {
            let full = self.connections.len() >= self.shared.limits.connections;
            tokio::select! {
                pause = &mut pause => return pause,
                Some(ended) = self.connections.join_next() => reap(ended),
                accepted = poll_fn(|context| listener.poll_accept(context)), if !full => {
                    match accepted {
                        Ok((stream, address)) => self.serve(stream, address),
                        Err(error) if is_of_one_client(&error) => {}
                        Err(error) => {
                            tracing::warn!(%error, "cannot accept connections for now");
                            sleep(EXHAUSTED).await;
                        }
                    }
                }
            }
        }
    }

    /// Takes the connections that the kernel has completed, which closing would reset.
    async fn accept_waiting(&mut self, listener: &Listener) {
        let waiting = || {
            poll_fn(|context| match listener.poll_accept(context) {
                Poll::Ready(Ok(accepted)) => Poll::Ready(Some(accepted)),
                Poll::Ready(Err(_)) | Poll::Pending => Poll::Ready(None),
            })
        };
        while let Some((stream, address)) = waiting().await {
            self.serve(stream, address);
        }
    }

    fn serve(&mut self, stream: Stream, address: Option<SocketAddr>) {
        let shared = Arc::clone(&self.shared);
        self.connections
            .spawn(connection::serve(stream, address, self.server, shared));
    }

    /// Lets what is open come to its end, and cuts what has not by the deadline.
    async fn finish(mut self, stop: &mut Stop, hurried: bool) {
        let deadline = if hurried {
            Duration::ZERO
        } else {
            self.shared.limits.shutdown_deadline
        };
        let in_time = tokio::select! {
            () = self.all_done() => true,
            () = stop.asked() => false,
            () = sleep(deadline) => false,
        };
        if in_time {
            tracing::info!("stopped");
            return;
        }
        let (connections, tasks) = (self.connections.len(), self.shared.tasks.cut());
        tracing::warn!(
            connections,
            tasks,
            "stopped: these were still open and have been cut"
        );
        self.connections.abort_all();
        let _ = timeout(CUT, self.all_done()).await;
    }

    async fn all_done(&mut self) {
        while let Some(ended) = self.connections.join_next().await {
            reap(ended);
        }
        self.shared.tasks.finish().await;
    }
}

fn reap(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!(%error, "a connection ended by a panic");
    }
}

/// Whether an error of accepting concerns one connection that is gone already.
fn is_of_one_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted
    )
}

impl fmt::Debug for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bound")
            .field("address", &self.address)
            .field("workers", &self.workers)
            .field("limits", &self.shared.limits)
            .finish_non_exhaustive()
    }
}
