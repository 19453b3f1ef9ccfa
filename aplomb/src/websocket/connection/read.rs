//! The reading side of a connection.

use std::sync::atomic::Ordering;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt as _, ReadHalf};
use tokio::sync::mpsc;
use tokio::task::yield_now;

use super::{Notice, Protocol, Pulse};
use crate::websocket::link::Incoming;
use crate::websocket::protocol::{Decoded, Decoder, Event};
use crate::websocket::{Message, WebSocketDisconnect};

/// How much is read at a time.
const CHUNK: usize = 16 << 10;

/// Reads until the client has closed or broken a rule, or is gone.
pub(super) async fn read<IO: AsyncRead>(
    mut reader: ReadHalf<IO>,
    incoming: Incoming,
    notices: mpsc::Sender<Notice>,
    protocol: &Protocol,
    pulse: &Pulse,
) {
    let settings = &protocol.settings;
    let mut decoder = Decoder::new(
        settings.max_size,
        settings.max_frame_size,
        protocol.deflate.is_some(),
    );
    let mut input = BytesMut::new();
    let notice = loop {
        match decoder.decode(&mut input) {
            Ok(Decoded::More) => {
                input.reserve(CHUNK);
                match reader.read_buf(&mut input).await {
                    Ok(0) | Err(_) => {
                        incoming.set_end(WebSocketDisconnect::broken_off());
                        return;
                    }
                    Ok(_) => pulse.heard.store(true, Ordering::Relaxed),
                }
            }
            Ok(Decoded::Busy) => yield_now().await,
            Ok(Decoded::Event(Event::Message(message))) => {
                hand_over(&incoming, message, pulse).await;
            }
            Ok(Decoded::Event(Event::Ping(content))) => {
                if notices.send(Notice::Ping(content)).await.is_err() {
                    return;
                }
            }
            Ok(Decoded::Event(Event::Pong)) => {}
            Ok(Decoded::Event(Event::Close(close))) => break Notice::Closed(close),
            Err(failure) => break Notice::Failed(failure),
        }
    };
    let (end, failed) = match &notice {
        Notice::Failed(failure) => (WebSocketDisconnect::new(failure.code, failure.reason), true),
        Notice::Closed(close) => (close.clone(), false),
        Notice::Ping(_) => return,
    };
    incoming.set_end(end);
    let heard = notices.send(notice).await.is_ok();
    // The handler is told by this going away, and what it does then comes after the notice.
    drop(incoming);
    if heard && failed {
        drop(notices);
        drain(reader).await;
    }
}

/// Waits until the handler has room, unless it has closed the connection.
async fn hand_over(incoming: &Incoming, message: Message, pulse: &Pulse) {
    pulse.paused.store(true, Ordering::Relaxed);
    tokio::select! {
        biased;
        () = pulse.closing.cancelled() => {}
        _ = incoming.push(message) => {}
    }
    pulse.paused.store(false, Ordering::Relaxed);
}

async fn drain<IO: AsyncRead>(mut reader: ReadHalf<IO>) {
    let mut discarded = BytesMut::with_capacity(CHUNK);
    while reader
        .read_buf(&mut discarded)
        .await
        .is_ok_and(|length| length > 0)
    {
        discarded.clear();
    }
}
