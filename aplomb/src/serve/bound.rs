//! A server that has its address: accepting, and coming to an end.

use std::fmt;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::handover::{self, HandedOver, Handover};
use super::lane::Runtime;
use super::listener::{Descriptor, Listening};
use super::open::{CUT, Open, Pause};
use super::shared::Shared;
use super::stop::{Signals, Stop, Wish};
use super::tls::Acceptor;
use super::{Address, Limits, OpenRequests, Purpose, systemd};
use crate::health::Health;
use crate::http::room;

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
/// #         Box::pin(async { Response::text("hello") })
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
    purpose: Purpose,
    workers: usize,
    shared: Shared,
    health: Option<Health>,
    /// Whether somebody else has the socket too, such as whoever started this process.
    shared_socket: bool,
    /// Whether a successor may be started with the socket, and with those beside it.
    hands_over: bool,
    beside: Vec<HandedOver>,
}

impl Bound {
    pub(super) fn new(listening: Listening, workers: usize, shared: Shared) -> io::Result<Self> {
        let address = listening.address()?;
        Ok(Self {
            listening,
            address,
            purpose: Purpose::Service,
            workers,
            shared,
            health: None,
            shared_socket: false,
            hands_over: false,
            beside: Vec::new(),
        })
    }

    /// Says what it is there for, which the log calls it by.
    pub(super) fn purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = purpose;
        self
    }

    /// Leaves the socket as it is at the end, for others who have it too.
    pub(super) fn shared_socket(mut self) -> Self {
        self.shared_socket = true;
        self
    }

    /// Lets a signal start a successor, which will look for the socket among those it is given.
    pub(super) fn hands_over(mut self) -> Self {
        self.hands_over = true;
        self
    }

    /// Gives a successor this socket too, behind those that it gets already.
    pub(crate) fn hand_over_too(mut self, socket: HandedOver) -> Self {
        self.beside.push(socket);
        self
    }

    /// Whether somebody else has the socket too; then what belongs to it is left to them.
    pub(crate) fn has_shared_socket(&self) -> bool {
        self.shared_socket
    }

    /// The socket once more, to be given to a successor; it is left as it is at the end.
    ///
    /// # Errors
    /// When there is no descriptor left.
    pub(crate) fn share_socket(mut self) -> io::Result<(Self, Descriptor)> {
        self.shared_socket = true;
        let socket = self.listening.copy()?;
        Ok((self, socket))
    }

    /// Tells this of the beginning and the end.
    pub(super) fn health(mut self, health: Option<Health>) -> Self {
        self.health = health;
        self
    }

    /// The address, with the port the system chose.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Whether it speaks TLS.
    pub fn is_secure(&self) -> bool {
        self.shared.tls.is_some()
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
    /// SIGUSR2 hands over to a successor where that was
    /// [asked for](super::Server::bind_or_inherit).
    ///
    /// # Errors
    /// If the signals cannot be listened for.
    pub async fn serve(mut self) -> io::Result<()> {
        let handover = match self.hands_over {
            true => {
                let mut sockets = vec![HandedOver {
                    purpose: Purpose::Service,
                    socket: self.listening.copy()?,
                    is_left: !self.shared_socket,
                }];
                sockets.append(&mut self.beside);
                Some(Handover::new(sockets, self.limits().handover_timeout)?)
            }
            false => None,
        };
        let signals = Signals::listen(handover.is_some())?;
        self.accept(Stop::Signals(signals), handover).await
    }

    /// Serves until a future is ready, in the current runtime.
    ///
    /// # Errors
    /// If the socket cannot enter the runtime.
    pub async fn serve_until(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        self.accept(Stop::Future(Some(Box::pin(stop))), None).await
    }

    async fn accept(self, mut stop: Stop, handover: Option<Handover>) -> io::Result<()> {
        let listener = self.listening.listen()?;
        if let Some(health) = &self.health {
            health.serves();
            systemd::ready();
            handover::ready();
        }
        room::set_budget(self.shared.limits.answer_bytes);
        let shared = Arc::new(self.shared);
        let _fresh = shared.tls.as_ref().map(Acceptor::keep_fresh);
        if let Some(health) = &self.health {
            health.answers(OpenRequests::of(&shared));
        }
        let name = self.purpose.name();
        let mut open = Open::new(name, listener.address(), shared);

        let pause = first_pause(&mut stop, handover.as_ref());
        let pause = open.accept_until(&listener, pause).await;
        // Nobody is to wait at a copy of the socket where no one takes connections.
        drop(handover);
        if let Pause::HandedOver(successor) = pause {
            tracing::info!(connections = open.count(), successor, "handed over");
            if let Some(health) = &self.health {
                systemd::succeeded_by(successor);
                health.hands_over();
            }
            // What waits at the socket is the successor's.
            drop(listener);
            open.shared.stop(Duration::ZERO);
            open.finish(&mut stop, false).await;
            return Ok(());
        }
        tracing::info!(listener = name, connections = open.count(), "stopping");
        if let Some(health) = &self.health {
            systemd::stopping();
            health.drains();
        }
        let lame_duck = open.shared.limits.lame_duck;
        open.shared.stop(lame_duck);
        let mut hurried = false;
        if !lame_duck.is_zero() {
            let pause = async {
                tokio::select! {
                    () = stop.asked() => Pause::Asked,
                    () = sleep(lame_duck) => Pause::Over,
                }
            };
            hurried = matches!(open.accept_until(&listener, pause).await, Pause::Asked);
        }
        if !self.shared_socket {
            open.refuse(&listener).await;
        }
        open.accept_waiting(&listener).await;
        drop(listener);
        open.finish(&mut stop, hurried).await;
        if let Address::Unix(path) = &self.address
            && !self.shared_socket
        {
            let _ = std::fs::remove_file(path);
        }
        Ok(())
    }
}

/// Waits for a wish to stop, or until a successor has taken over.
async fn first_pause(stop: &mut Stop, handover: Option<&Handover>) -> Pause {
    loop {
        let (Wish::HandOver, Some(handover)) = (stop.wish().await, handover) else {
            return Pause::Asked;
        };
        tracing::info!("a successor is started");
        let started = tokio::select! {
            started = handover.start() => started,
            () = stop.asked() => return Pause::Asked,
        };
        match started {
            Ok(successor) => return Pause::HandedOver(successor),
            Err(error) => tracing::error!(%error, "no successor: this process goes on"),
        }
    }
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
