//! [`Transport`]: a connection in clear text or over TLS.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::pulse::Pulse;
#[cfg(feature = "tls")]
use super::tls::Secured;
use super::wire::Wire;
use crate::http::Peer;

/// What carries the bytes of HTTP.
pub(super) enum Transport {
    Plain(Wire),
    /// Boxed: the state of a session is large.
    #[cfg(feature = "tls")]
    Tls(Box<Secured>),
}

/// Calls the same method of whichever it is.
macro_rules! either {
    ($transport:expr, $inner:ident => $call:expr) => {
        match $transport.get_mut() {
            Transport::Plain($inner) => $call,
            #[cfg(feature = "tls")]
            Transport::Tls($inner) => $call,
        }
    };
}

impl Transport {
    /// What the server speaks over a connection, after the handshake if it is TLS, and what is known
    /// of the client then; nothing when the handshake fails.
    pub(super) async fn open(wire: Wire, peer: Peer, pulse: &Pulse) -> Option<(Self, Peer)> {
        #[cfg(feature = "tls")]
        if let Some(acceptor) = &pulse.shared.tls {
            // Boxed, so that connections in clear text have no room for it.
            let secured = Box::pin(acceptor.accept(wire, pulse)).await?;
            let peer = peer.secure().certified(secured.client_certificate());
            return Some((Self::Tls(Box::new(secured)), peer));
        }
        #[cfg(not(feature = "tls"))]
        let _ = pulse;
        Some((Self::Plain(wire), peer))
    }

    /// What is below.
    pub(super) fn wire(&self) -> &Wire {
        match self {
            Self::Plain(wire) => wire,
            #[cfg(feature = "tls")]
            Self::Tls(secured) => secured.wire(),
        }
    }
}

impl AsyncRead for Transport {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        either!(self, inner => Pin::new(inner).poll_read(context, buffer))
    }
}

impl AsyncWrite for Transport {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        either!(self, inner => Pin::new(inner).poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        either!(self, inner => Pin::new(inner).poll_write_vectored(context, pieces))
    }

    fn is_write_vectored(&self) -> bool {
        // Both are.
        true
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, inner => Pin::new(inner).poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, inner => Pin::new(inner).poll_shutdown(context))
    }
}
