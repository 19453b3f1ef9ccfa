//! What asks a server to stop.

use std::future::{Future, pending};
use std::io;
use std::pin::Pin;

/// Where the wish to stop comes from; a second one, while stopping, means at once.
pub(super) enum Stop {
    Signals(Signals),
    Future(Option<Pin<Box<dyn Future<Output = ()> + Send>>>),
}

/// What is wished for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Stop,
    /// A successor is to be started first.
    HandOver,
}

impl Stop {
    /// Waits for the next wish.
    pub(super) async fn wish(&mut self) -> Wish {
        match self {
            Self::Signals(signals) => signals.next().await,
            Self::Future(Some(future)) => {
                future.as_mut().await;
                *self = Self::Future(None);
                Wish::Stop
            }
            Self::Future(None) => pending().await,
        }
    }

    /// Waits for the next wish to stop.
    pub(super) async fn asked(&mut self) {
        while self.wish().await != Wish::Stop {}
    }
}

/// The signals that ask a process to end.
#[cfg(unix)]
pub(super) struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    /// Only where somebody can follow: it ends processes that do not know it.
    hand_over: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    pub(super) fn listen(hands_over: bool) -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hand_over: match hands_over {
                true => Some(signal(SignalKind::user_defined2())?),
                false => None,
            },
        })
    }

    async fn next(&mut self) -> Wish {
        let hand_over = async {
            match &mut self.hand_over {
                Some(signal) => signal.recv().await,
                None => pending().await,
            }
        };
        tokio::select! {
            _ = self.terminate.recv() => Wish::Stop,
            _ = self.interrupt.recv() => Wish::Stop,
            _ = hand_over => Wish::HandOver,
        }
    }
}

/// The signals that ask a process to end.
#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(super) fn listen(_: bool) -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Wish {
        if tokio::signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
        Wish::Stop
    }
}
