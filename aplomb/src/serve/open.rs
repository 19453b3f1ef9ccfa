//! [`Open`]: the connections that are open, from accepting to the end.

use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::task::{JoinSet, yield_now};
use tokio::time::{sleep, timeout};

use super::connection;
use super::listener::{Listener, Stream};
use super::ready;
use super::shared::Shared;
use super::stop::Stop;

/// How long accepting rests when descriptors or memory have run out.
pub(super) const EXHAUSTED: Duration = Duration::from_millis(100);

/// How long a client may take for the last step of a handshake that it has begun before it was too
/// late: as long as a packet takes there and back within a continent.
pub(super) const HANDSHAKE: Duration = Duration::from_millis(50);

/// How long what was cut may take to let go.
pub(super) const CUT: Duration = Duration::from_millis(200);

/// What ends the accepting.
pub(super) enum Pause {
    Asked,
    Over,
    /// The process of this number takes the connections from now on.
    HandedOver(u32),
}

/// The connections that are open.
pub(super) struct Open {
    /// What the log calls the listener.
    name: &'static str,
    connections: JoinSet<()>,
    server: Option<SocketAddr>,
    pub(super) shared: Arc<Shared>,
}

impl Open {
    /// None yet; they come in at this address.
    pub(super) fn new(name: &'static str, server: Option<SocketAddr>, shared: Arc<Shared>) -> Self {
        Self {
            name,
            connections: JoinSet::new(),
            server,
            shared,
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.connections.len()
    }

    /// Takes connections, as many as are allowed, until there is a reason to pause.
    pub(super) async fn accept_until(
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

    /// Refuses new connections, whoever listens at the socket, and takes those that the kernel is
    /// completing.
    pub(super) async fn refuse(&mut self, listener: &Listener) {
        if listener.refuse() {
            let handshakes = HANDSHAKE.min(self.shared.limits.farewell);
            let over = async {
                sleep(handshakes).await;
                Pause::Over
            };
            self.accept_until(listener, over).await;
        }
    }

    /// Takes the connections that the kernel has completed, which closing would reset.
    pub(super) async fn accept_waiting(&mut self, listener: &Listener) {
        let waiting = || {
            poll_fn(|context| match listener.poll_accept(context) {
                Poll::Ready(Ok(accepted)) => Poll::Ready(Some(accepted)),
                Poll::Ready(Err(_)) | Poll::Pending => Poll::Ready(None),
            })
        };
        let mut is_second = false;
        loop {
            match waiting().await {
                Some((stream, address)) => {
                    self.serve(stream, address);
                    is_second = false;
                }
                None if is_second => return,
                // The task may have done all that it may do at a time: nobody comes back for those
                // that are left. A socket that is shut down has nothing for as long as it is asked.
                None => {
                    yield_now().await;
                    is_second = true;
                }
            }
        }
    }

    fn serve(&mut self, stream: Stream, address: Option<SocketAddr>) {
        let shared = Arc::clone(&self.shared);
        self.connections.spawn(ready::watched(connection::serve(
            stream,
            address,
            self.server,
            shared,
        )));
    }

    /// Lets what is open come to its end, and cuts what has not by the deadline.
    pub(super) async fn finish(mut self, stop: &mut Stop, hurried: bool) {
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
        if !in_time {
            self.cut().await;
        }
        match self.shared.cut_count() {
            0 => tracing::info!(listener = self.name, "stopped"),
            cut => tracing::warn!(
                listener = self.name,
                cut,
                "stopped: not everything came to its end"
            ),
        }
    }

    /// Names what is unfinished, and cuts it.
    async fn cut(&mut self) {
        self.shared.cut(self.shared.connections.unfinished());
        self.shared.tasks.cut();
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
