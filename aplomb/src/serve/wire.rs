//! [`Wire`]: the stream of a client, and whether it takes what is written to it.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::listener::Stream;
use super::pulse::Pulse;

/// The stream of one connection as the system has it; under TLS it is what is encrypted.
pub(super) struct Wire {
    stream: Stream,
    pulse: Arc<Pulse>,
    blocked: bool,
}

impl Wire {
    pub(super) fn new(stream: Stream, pulse: Arc<Pulse>) -> Self {
        Self {
            stream,
            pulse,
            blocked: false,
        }
    }

    /// Where it is and where its client is, over TCP.
    pub(super) fn addresses(&self) -> Option<(SocketAddr, SocketAddr)> {
        self.stream.addresses()
    }

    /// Whether the client was seen to have closed its sending side, whatever is unread before that.
    pub(super) fn is_read_closed(&self) -> bool {
        self.stream.is_read_closed()
    }

    /// What the connection is doing.
    #[cfg(feature = "tls")]
    pub(super) fn pulse(&self) -> &Pulse {
        &self.pulse
    }

    /// Writes what the system takes at once, outside of a task.
    #[cfg(feature = "tls")]
    pub(super) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.try_write(bytes)
    }

    fn wrote(&mut self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        // Any byte taken is progress, so a write that blocks anew restarts the clock.
        if written.is_pending() != self.blocked {
            self.blocked = written.is_pending();
            self.pulse.writing(self.blocked);
        }
        written
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wrote(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.wrote(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
