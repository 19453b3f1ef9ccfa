//! Inflates messages piece by piece, never more than is allowed.

use bytes::{Buf as _, Bytes, BytesMut};
use flate2::{Decompress, FlushDecompress, Status};

use super::Failure;
use super::frame::Head;

/// How many deflated bytes are taken at a time.
const PIECE: usize = 4 << 10;
/// How much of what they become is made at a time.
const ROOM: usize = 32 << 10;
/// How often one message may end its stream and begin another: each time costs far more than the two
/// bytes that ask for it.
const RESTARTS: u32 = 16;
/// What the sender has taken off the end of each message.
const TAIL: Bytes = Bytes::from_static(&[0, 0, 0xff, 0xff]);

/// Inflates one message after the other; between messages it holds nothing.
#[derive(Debug, Default)]
pub(super) struct Inflater {
    state: Option<Box<Decompress>>,
    piece: Bytes,
    /// Where a step makes what it adds to the message.
    room: Vec<u8>,
    /// Whether the end of the message has been put in place.
    ends: bool,
    restarts: u32,
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
        // Cleared once a message, not once a frame, which may be much smaller.
        if self.room.is_empty() {
            self.room = vec![0; ROOM];
        }
        let (taken, made) = (state.total_in(), state.total_out());
        let status = state
            .decompress(&self.piece, &mut self.room, FlushDecompress::None)
            .map_err(|_| Failure::protocol("invalid deflate data"))?;
        let taken = usize::try_from(state.total_in() - taken).unwrap_or(usize::MAX);
        let made = usize::try_from(state.total_out() - made).unwrap_or(usize::MAX);
        let made = &self.room[..made.min(ROOM)];
        if made.len() > limit.saturating_sub(content.len()) {
            return Err(Failure::TOO_BIG);
        }
        content.extend_from_slice(made);
        let full = made.len() == ROOM;
        let stuck = taken == 0 && made.is_empty();
        self.piece.advance(taken.min(self.piece.len()));
        if status == Status::StreamEnd {
            // A sender may end the stream and begin a new one (RFC 7692, section 7.2.3.4).
            self.restarts += 1;
            if self.restarts > RESTARTS {
                return Err(Failure::protocol("invalid deflate data"));
            }
            state.reset(false);
        } else if stuck && !self.piece.is_empty() {
            return Err(Failure::protocol("invalid deflate data"));
        }
        if self.ends && self.piece.is_empty() && !full {
            *self = Self::default();
            return Ok(true);
        }
        Ok(!self.ends && self.piece.is_empty() && frame.left == 0 && !frame.last)
    }
}
