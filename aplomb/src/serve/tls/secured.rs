//! [`Secured`]: a connection over TLS.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::server::TlsStream;

use crate::serve::wire::Wire;

/// A connection after its handshake.
pub(in crate::serve) struct Secured {
    stream: TlsStream<Wire>,
}

impl Secured {
    pub(super) fn new(stream: TlsStream<Wire>) -> Self {
        Self { stream }
    }

    /// What is below.
    pub(in crate::serve) fn wire(&self) -> &Wire {
        self.stream.get_ref().0
    }

    /// The certificate of the client itself, in DER.
    pub(in crate::serve) fn client_certificate(&self) -> Option<&[u8]> {
        let chain = self.stream.get_ref().1.peer_certificates();
        Some(chain?.first()?.as_ref())
    }
}

impl AsyncRead for Secured {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            // Many clients just close. Every request says itself where it ends, so that one that was
            // cut short is seen all the same (RFC 9112, section 9.8).
            Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Poll::Ready(Ok(()))
            }
            read => read,
        }
    }
}

impl AsyncWrite for Secured {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, pieces)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Says that this is the end where nothing was cut short: an answer that is, has no such end.
impl Drop for Secured {
    fn drop(&mut self) {
        let (wire, session) = self.stream.get_mut();
        if wire.pulse().is_clean() {
            session.send_close_notify();
            // Who takes nothing any more is not waited for.
            let _ = session.write_tls(&mut AtOnce(wire));
        }
    }
}

/// Writes what the system takes at once.
struct AtOnce<'w>(&'w Wire);

impl Write for AtOnce<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.try_write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
