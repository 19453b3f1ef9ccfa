//! Inflates messages piece by piece, never more than is allowed.

use bytes::{Buf as _, Bytes, BytesMut};
use flate2::{Decompress, FlushDecompress, Status};

use super::Failure;
use super::frame::Head;

/// How many deflated bytes are taken at a time.
const PIECE: usize = 4 << 10;
/// How much of what they become is made at a time.
const ROOM: usize = 32 << 10;
/// What the sender has taken off the end of each message.
const TAIL: Bytes = Bytes::from_static(&[0, 0, 0xff, 0xff]);

/// Inflates one message after the other; between messages it holds nothing.
#[derive(Debug, Default)]
pub(super) struct Inflater {
    state: Option<Box<Decompress>>,
    piece: Bytes,
    /// What the last step has made.
    made: Vec<u8>,
    /// Whether the end of the message has been put in place.
    ends: bool,
}

impl Inflater {
    /// Whether a step can be taken without more input.
    pub(super) fn is_busy(&self) -> bool {
        !self.piece.is_empty() || self.ends
    }

    /// Inflates some of a frame behind `content`; whether the frame is done.
    pub(super) fn step(
        &mut self,
        frame: &mut Head,
        input: &mut BytesMut,
        content: &mut Vec<u8>,
        limit: usize,
    ) -> Result<bool, Failure> {
        if self.piece.is_empty() && !self.ends {
            if frame.left > 0 && input.is_empty() {
                return Ok(false);
            } else if frame.left > 0 {
                self.piece = frame.take(input, PIECE).freeze();
            } else if frame.last {
                self.piece = TAIL;
                self.ends = true;
            } else {
                return Ok(true);
            }
        }
        let state = self
            .state
            .get_or_insert_with(|| Box::new(Decompress::new(false)));
        self.made.clear();
        self.made.reserve(ROOM);
        let before = state.total_in();
        let status = state
            .decompress_vec(&self.piece, &mut self.made, FlushDecompress::None)
            .map_err(|_| Failure::protocol("invalid deflate data"))?;
        if self.made.len() > limit.saturating_sub(content.len()) {
            return Err(Failure::TOO_BIG);
        }
        content.extend_from_slice(&self.made);
        let full = self.made.len() == self.made.capacity();
        let taken = usize::try_from(state.total_in() - before).unwrap_or(usize::MAX);
        self.piece.advance(taken.min(self.piece.len()));
        if status == Status::StreamEnd {
            // A sender may end the stream and begin a new one (RFC 7692, section 7.2.3.4).
            state.reset(false);
        } else if taken == 0 && self.made.is_empty() && !self.piece.is_empty() {
            return Err(Failure::protocol("invalid deflate data"));
        }
        if self.ends && self.piece.is_empty() && !full {
            *self = Self::default();
            return Ok(true);
        }
        Ok(!self.ends && self.piece.is_empty() && frame.left == 0 && !frame.last)
    }
}
