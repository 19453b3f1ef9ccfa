//! [`Acceptor`]: handshakes, with the certificate as it is now.

use std::fmt;
use std::future::Future as _;
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};
use tokio_rustls::LazyConfigAcceptor;
use tokio_util::task::AbortOnDropHandle;

use super::figures::{Handshake, count};
use super::{Secured, Tls};
use crate::serve::alarm::in_time;
use crate::serve::connection;
use crate::serve::overdue::Overdue;
use crate::serve::pulse::Pulse;
use crate::serve::wire::Wire;

/// What turns connections into such with TLS.
pub(in crate::serve) struct Acceptor {
    tls: Tls,
    config: RwLock<Arc<ServerConfig>>,
    /// What was in the files when they were read last, of use or not.
    seen: AtomicU64,
    /// For the part of a handshake that computes: one worker fewer than there are, so that those who
    /// are connected already are answered beside any number of new ones.
    turns: Semaphore,
}

impl Acceptor {
    /// With what is in the files, for a server of so many workers.
    ///
    /// # Errors
    /// A file that cannot be read or has something else in it.
    pub(in crate::serve) fn new(tls: &Tls, workers: usize) -> io::Result<Self> {
        let files = tls.read();
        let seen = AtomicU64::new(files.print());
        let config = files.config(tls)?;
        Ok(Self {
            tls: tls.clone(),
            config: RwLock::new(Arc::new(config)),
            seen,
            turns: Semaphore::new(workers.saturating_sub(1).max(1)),
        })
    }

    /// Shakes hands with a client; nothing when that fails, or takes longer than a head may.
    pub(in crate::serve) async fn accept(&self, wire: Wire, pulse: &Pulse) -> Option<Secured> {
        let shaking = async {
            let hello = LazyConfigAcceptor::new(rustls::server::Acceptor::default(), wire).await?;
            pulse.shakes_hands(true);
            let turn = self.turns.acquire().await;
            // This signs, which is most of the work; nobody waits for a client meanwhile.
            let rest = hello.into_stream(self.config());
            drop(turn);
            rest.await
        };
        let mut shaking = pin!(shaking);
        let shaken = in_time(pulse, |context| shaking.as_mut().poll(context)).await;
        let secured = match shaken {
            Ok(Ok(stream)) => {
                count(Handshake::Done);
                Some(Secured::new(stream))
            }
            Ok(Err(error)) => {
                // Otherwise it is the connection that is gone, as that of who only looks for a port.
                let is_refused = error.kind() == io::ErrorKind::InvalidData;
                count(match is_refused {
                    true => Handshake::Failed,
                    false => Handshake::Left,
                });
                tracing::debug!(address = ?pulse.client(), %error, "handshake failed");
                None
            }
            Err(overdue) => {
                if overdue == Overdue::Head {
                    count(Handshake::Late);
                }
                connection::report(overdue, pulse);
                None
            }
        };
        pulse.shakes_hands(false);
        secured
    }

    fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks at the files until this is dropped, beside the workers.
    pub(in crate::serve) fn keep_fresh(self: &Arc<Self>) -> AbortOnDropHandle<()> {
        let acceptor = Arc::clone(self);
        AbortOnDropHandle::new(tokio::spawn(async move {
            let mut looks = interval(acceptor.tls.look);
            looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                looks.tick().await;
                let acceptor = Arc::clone(&acceptor);
                if let Err(error) = spawn_blocking(move || acceptor.look()).await {
                    tracing::error!(%error, "certificates were not looked at");
                }
            }
        }))
    }

    /// Takes what is new in the files.
    fn look(&self) {
        let files = self.tls.read();
        let print = files.print();
        if self.seen.swap(print, Relaxed) == print {
            return;
        }
        let certificate = self.tls.certificate.display();
        match files.config(&self.tls) {
            Ok(config) => {
                *self.config.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
                tracing::info!(%certificate, "the certificate was read anew");
            }
            Err(error) => tracing::error!(
                %certificate,
                %error,
                "the new certificate is of no use: the one before stays"
            ),
        }
    }
}

impl fmt::Debug for Acceptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Acceptor").field(&self.tls).finish()
    }
}
