//! [`Piece`]: a part of an answer that is handed over to be sent.

use std::io::IoSlice;
use std::sync::Arc;

use bytes::{Buf, Bytes};

use super::pulse::Pulse;

/// Bytes of an answer, as long as they are not sent.
pub(super) struct Piece {
    bytes: Bytes,
    /// HTTP/2: who waits for the client while these bytes are kept.
    _unsent: Option<Unsent>,
}

/// HTTP/2: bytes wait until the client lets them come. The protocol keeps them when their answer has
/// long been handed over and its request has ended, and drops them once the socket has them.
struct Unsent(Arc<Pulse>);

impl Piece {
    /// Bytes whose way the socket sees.
    pub(super) fn new(bytes: Bytes) -> Self {
        Self {
            bytes,
            _unsent: None,
        }
    }

    /// Bytes that may have to wait for their client without anybody writing.
    pub(super) fn unsent(bytes: Bytes, pulse: &Arc<Pulse>) -> Self {
        pulse.answer_waits();
        Self {
            bytes,
            _unsent: Some(Unsent(Arc::clone(pulse))),
        }
    }
}

impl Drop for Unsent {
    fn drop(&mut self) {
        self.0.answer_goes_on();
    }
}

impl Buf for Piece {
    fn remaining(&self) -> usize {
        self.bytes.remaining()
    }

    fn chunk(&self) -> &[u8] {
        self.bytes.chunk()
    }

    fn chunks_vectored<'a>(&'a self, pieces: &mut [IoSlice<'a>]) -> usize {
        self.bytes.chunks_vectored(pieces)
    }

    fn advance(&mut self, count: usize) {
        self.bytes.advance(count);
    }

    fn copy_to_bytes(&mut self, count: usize) -> Bytes {
        self.bytes.copy_to_bytes(count)
    }
}
