//! Carries a conversation over a socket: reads frames, writes frames, keeps the peace.

mod read;
mod write;

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::link::Link;
use super::protocol::{Deflate, Failure};
use super::{ServerSide, WebSocketDisconnect, WebSocketSettings};

/// How long bytes of a client are read and thrown away after the connection failed, so that the
/// client sees the close frame and not a reset.
const LINGER: Duration = Duration::from_secs(1);

/// What one connection goes by.
pub(super) struct Protocol {
    pub(super) settings: Arc<WebSocketSettings>,
    pub(super) deflate: Option<Deflate>,
    pub(super) server: Option<ServerSide>,
}

/// What the reading side tells the writing side.
enum Notice {
    Ping(bytes::Bytes),
    Closed(WebSocketDisconnect),
    Failed(Failure),
}

/// What both sides know of the client.
#[derive(Default)]
struct Pulse {
    /// Bytes have arrived since the last ping.
    heard: AtomicBool,
    /// Reading waits for the handler, so that nothing can be heard.
    paused: AtomicBool,
    /// This side has sent a close frame.
    closing: CancellationToken,
}

impl Pulse {
    fn is_alive(&self) -> bool {
        self.heard.load(Ordering::Relaxed) || self.paused.load(Ordering::Relaxed)
    }
}

/// Carries the messages until both sides have closed, or one is gone.
pub(super) async fn serve<IO>(io: IO, link: Link, protocol: Protocol)
where
    IO: AsyncRead + AsyncWrite + Send,
{
    let (reader, writer) = tokio::io::split(io);
    let (notices, noticed) = tokio::sync::mpsc::channel(16);
    let pulse = Pulse::default();
    let Link { incoming, commands } = link;
    let end = incoming.end();
    let writing = write::Writer::new(writer, &protocol, &pulse, end).run(commands, noticed);
    let reading = read::read(reader, incoming, notices, &protocol, &pulse);
    finish(pin!(reading), pin!(writing)).await;
}

async fn finish(
    reading: impl Future<Output = ()> + Unpin,
    writing: impl Future<Output = ()> + Unpin,
) {
    match select(writing, reading).await {
        Either::Left(((), reading)) => drop(timeout(LINGER, reading).await),
        Either::Right(((), writing)) => writing.await,
    }
}
