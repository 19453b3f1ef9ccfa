//! [`Tls`]: what a server shows its clients, and what it asks of them.

#[cfg(not(feature = "tls"))]
mod absent;
#[cfg(feature = "tls")]
mod acceptor;
#[cfg(feature = "tls")]
mod figures;
#[cfg(feature = "tls")]
mod files;
#[cfg(feature = "tls")]
mod secured;

use std::path::PathBuf;
use std::time::Duration;

#[cfg(not(feature = "tls"))]
pub(super) use self::absent::Acceptor;
#[cfg(feature = "tls")]
pub(super) use self::acceptor::Acceptor;
#[cfg(feature = "tls")]
pub(crate) use self::figures::{Handshake, handshakes};
#[cfg(feature = "tls")]
pub(super) use self::secured::Secured;

/// A certificate and its key, in files, and whether clients have to show one too.
///
/// It takes the feature `tls`. The files are PEM, are read when the server is bound, and are looked at
/// every [10 s](Self::reload_every) from then on: what is new in them holds for connections that
/// come afterwards. Where it is of no use, the log says why, and what was there before stays.
///
/// Clients speak TLS 1.3 or 1.2, and HTTP/2 or HTTP/1.1 as they ask (ALPN).
///
/// ```no_run
/// use aplomb::prelude::*;
/// use aplomb::serve::Tls;
///
/// #[aplomb::main]
/// async fn main() -> Result<()> {
///     App::new()
///         .address("0.0.0.0:8443")
///         .tls(Tls::from_files("/etc/shop/chain.pem", "/etc/shop/key.pem"))
///         .run()
///         .await
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    clients: Option<Clients>,
    look: Duration,
}

/// What is asked of clients.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Clients {
    authorities: PathBuf,
    is_required: bool,
}

impl Tls {
    /// How often the files are looked at unless that is said.
    pub(crate) const LOOK: Duration = Duration::from_secs(10);

    /// The certificate in one file, followed by those between it and one that clients know, and its
    /// key in another, or in the same.
    ///
    /// The key is in PKCS#8, PKCS#1 or SEC1, and not encrypted.
    pub fn from_files(certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        Self {
            certificate: certificate.into(),
            key: key.into(),
            clients: None,
            look: Self::LOOK,
        }
    }

    /// Serves only clients that show a certificate of one of the authorities in this file.
    ///
    /// [`Request::client_certificate`](crate::Request::client_certificate) has what they showed.
    #[must_use]
    pub fn require_client_certificates(self, authorities: impl Into<PathBuf>) -> Self {
        self.client_certificates(authorities.into(), true)
    }

    /// Asks clients for a certificate of one of the authorities in this file, and serves those too
    /// that have none; one of somebody else is refused.
    #[must_use]
    pub fn ask_for_client_certificates(self, authorities: impl Into<PathBuf>) -> Self {
        self.client_certificates(authorities.into(), false)
    }

    fn client_certificates(mut self, authorities: PathBuf, is_required: bool) -> Self {
        self.clients = Some(Clients {
            authorities,
            is_required,
        });
        self
    }

    /// Sets how often it is looked whether the files have changed, which takes some microseconds on
    /// a thread beside the workers. Default 10 s; it is 10 ms at least.
    #[must_use]
    pub fn reload_every(mut self, time: Duration) -> Self {
        self.look = time.max(Duration::from_millis(10));
        self
    }

    /// How often the files are looked at.
    pub(crate) fn look(&self) -> Duration {
        self.look
    }
}
