//! A socket that tells its connection's pulse what it sees.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::coop;

use super::lane::{self, clock};
use super::pulse::Pulse;
use super::transport::Transport;
use super::unread;

/// How many bytes count as much as one look at a socket or a channel. After 128 of those the runtime
/// has a task wait until others had their turn, and sockets were looked at: writing takes a worker as
/// long as copying does.
const STEP: usize = 2 << 10;

/// What carries the bytes of one connection, watched.
pub(super) struct Socket {
    transport: Transport,
    pulse: Arc<Pulse>,
    /// What has come of the next request while nobody read.
    ahead: Option<u8>,
    ended: bool,
}

impl Socket {
    pub(super) fn new(transport: Transport, pulse: Arc<Pulse>) -> Self {
        Self {
            transport,
            pulse,
            ahead: None,
            ended: false,
        }
    }

    /// Asks since when the bytes that were just read had been there.
    #[cold]
    fn ask_since_when(&self) {
        /// What is shorter may be the tick of the kernel's clock.
        const LEAST: Duration = Duration::from_millis(5);
        if let Some((local, peer)) = self.transport.wire().addresses()
            && let Some(ago) = unread::received_ago(local, peer)
            && ago >= LEAST
        {
            let ago = clock::nanoseconds(ago);
            self.pulse
                .unread_since(clock::now().saturating_sub(ago).max(1));
        }
    }

    fn wrote(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match &written {
            Poll::Ready(Ok(bytes)) => {
                self.pulse.sent(*bytes);
                count_steps(context, *bytes);
            }
            Poll::Ready(Err(_)) => {}
            Poll::Pending => self.look_for_the_client(context)?,
        }
        written
    }

    /// Looks whether the client is still there, where nobody reads because a request is being
    /// answered, and has the connection polled when it leaves.
    ///
    /// The parser would look itself, with room for a whole head each time, also for answers that are
    /// made at once.
    fn look_for_the_client(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if self.ended || !self.pulse.is_read_by_nobody() {
            return Ok(());
        }
        let mut byte = [0];
        let mut buffer = ReadBuf::new(&mut byte);
        let read = Pin::new(&mut self.transport).poll_read(context, &mut buffer)?;
        if read.is_ready() {
            self.ahead = buffer.filled().first().copied();
            match self.ahead {
                Some(byte) => self.pulse.received(&[byte]),
                None => {
                    self.ended = true;
                    self.pulse.keeps_going_without_sender();
                }
            }
        }
        Ok(())
    }
}

fn count_steps(context: &mut Context<'_>, bytes: usize) {
    for _ in 0..bytes / STEP {
        match coop::has_budget_remaining() {
            true => _ = coop::poll_proceed(context).map(|step| step.made_progress()),
            false => return,
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(byte) = self.ahead.take() {
            buffer.put_slice(&[byte]);
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        if !self.ended {
            ready!(Pin::new(&mut self.transport).poll_read(context, buffer))?;
            let arrived = &buffer.filled()[before..];
            if !arrived.is_empty() {
                self.pulse.received(arrived);
                if lane::worker_was_held() {
                    self.ask_since_when();
                }
                return Poll::Ready(Ok(()));
            }
            self.ended = buffer.remaining() > 0;
        }
        // The end is read again once the answer is out, which needs no waking.
        if self.pulse.keeps_going_without_sender() {
            Poll::Pending
        } else {
            Poll::Ready(Ok(()))
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.transport).poll_write(context, bytes);
        self.wrote(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.transport).poll_write_vectored(context, pieces);
        self.wrote(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.transport.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Every poll of the connection comes by here, also while nobody reads.
        if self.pulse.is_to_look() && self.transport.wire().is_read_closed() {
            self.pulse.seen_to_have_left();
        }
        self.look_for_the_client(context)?;
        ready!(Pin::new(&mut self.transport).poll_flush(context))?;
        self.pulse.flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.transport).poll_shutdown(context))?;
        let mut discarded = [0; 4096];
        while !self.ended && self.pulse.lingers() {
            let mut buffer = ReadBuf::new(&mut discarded);
            let read = ready!(Pin::new(&mut self.transport).poll_read(context, &mut buffer));
            self.ended = read.is_err() || buffer.filled().is_empty();
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    #[tokio::test]
    async fn who_writes_much_lets_others_go_first() {
        let goes_on = |bytes: usize| {
            let task = poll_fn(move |context| {
                count_steps(context, bytes);
                Poll::Ready(coop::has_budget_remaining())
            });
            tokio::spawn(task)
        };
        assert!(goes_on(64 << 10).await.expect("an end"));
        assert!(!goes_on(1 << 20).await.expect("an end"));
    }
}
