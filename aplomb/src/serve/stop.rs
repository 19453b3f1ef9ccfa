//! What asks a server to stop.

use std::future::{Future, pending};
use std::io;
use std::pin::Pin;

/// Where the wish to stop comes from; a second one, while stopping, means at once.
pub(super) enum Stop {
    Signals(Signals),
    Future(Option<Pin<Box<dyn Future<Output = ()> + Send>>>),
}

impl Stop {
    /// Waits for the next wish.
    pub(super) async fn asked(&mut self) {
        match self {
            Self::Signals(signals) => signals.next().await,
            Self::Future(Some(future)) => {
                future.as_mut().await;
                *self = Self::Future(None);
            }
            Self::Future(None) => pending().await,
        }
    }
}

/// The signals that ask a process to end.
#[cfg(unix)]
pub(super) struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// The signals that ask a process to end.
#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
    }
}
