//! A body that is compressed while it is sent.

use std::io::{self, Write as _};
use std::pin::Pin;
use std::task::{Context, Poll};

use ::http::HeaderMap;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body::Frame;

use crate::http::{Body, BoxError};

/// How much is compressed in one go: about a millisecond's work.
const SLICE: usize = 32 << 10;
/// After how much of it others get their turn on this thread.
const STRETCH: usize = 2 * SLICE;

/// Everything in one piece.
pub(super) fn compress(bytes: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), level);
    match encoder.write_all(bytes).and_then(|()| encoder.finish()) {
        Ok(compressed) => compressed,
        Err(error) => unreachable!("memory takes everything: {error}"),
    }
}

/// A body that is compressed while it is sent: every piece as soon as it is there.
pub(super) struct Compressed {
    body: Body,
    /// Gone once the end has been written.
    encoder: Option<GzEncoder<Vec<u8>>>,
    /// What has arrived and is not compressed yet.
    waiting: Bytes,
    /// How much was compressed since others had their turn.
    worked: usize,
    trailers: Option<HeaderMap>,
}

impl Compressed {
    pub(super) fn new(body: Body, level: Compression) -> Self {
        Self {
            body,
            encoder: Some(GzEncoder::new(Vec::new(), level)),
            waiting: Bytes::new(),
            worked: 0,
            trailers: None,
        }
    }

    /// Compresses some of what waits; the last of a piece brings all of it out.
    fn advance(&mut self) -> io::Result<Vec<u8>> {
        let Some(encoder) = &mut self.encoder else {
            return Ok(Vec::new());
        };
        let slice = self.waiting.split_to(self.waiting.len().min(SLICE));
        self.worked += slice.len();
        encoder.write_all(&slice)?;
        if self.waiting.is_empty() {
            encoder.flush()?;
        }
        Ok(std::mem::take(encoder.get_mut()))
    }
}

impl http_body::Body for Compressed {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            if !self.waiting.is_empty() {
                if self.worked >= STRETCH {
                    self.worked = 0;
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                let compressed = self.advance()?;
                if compressed.is_empty() {
                    continue;
                }
                return Poll::Ready(Some(Ok(Frame::data(compressed.into()))));
            }
            if self.encoder.is_none() {
                let trailers = self.trailers.take();
                return Poll::Ready(trailers.map(|trailers| Ok(Frame::trailers(trailers))));
            }
            let ended = match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Pending => {
                    self.worked = 0;
                    return Poll::Pending;
                }
                Poll::Ready(None) => true,
                Poll::Ready(Some(frame)) => match frame?.into_data() {
                    Ok(data) => {
                        self.waiting = data;
                        false
                    }
                    Err(frame) => {
                        self.trailers = frame.into_trailers().ok();
                        true
                    }
                },
            };
            if ended && let Some(encoder) = self.encoder.take() {
                let end = encoder.finish()?;
                return Poll::Ready(Some(Ok(Frame::data(end.into()))));
            }
        }
    }
}
