//! Heads of frames, as they arrive and as they are sent.

use bytes::{Buf as _, BufMut as _, BytesMut};

use super::{BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT};
use crate::websocket::{PROTOCOL_ERROR, WebSocketDisconnect, code};

/// The most that a control frame may hold.
pub(super) const CONTROL_BYTES: usize = 125;

/// Why a connection is closed by this side: the other broke a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) code: u16,
    pub(crate) reason: &'static str,
}

impl Failure {
    pub(super) const fn protocol(reason: &'static str) -> Self {
        Self {
            code: PROTOCOL_ERROR,
            reason,
        }
    }

    pub(super) const TOO_BIG: Self = Self {
        code: code::MESSAGE_TOO_BIG,
        reason: "message too big",
    };

    pub(super) const NOT_UTF8: Self = Self {
        code: code::INVALID_FRAME_PAYLOAD_DATA,
        reason: "invalid UTF-8",
    };
}

/// The head of a frame that arrives, and how much of the frame is still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) last: bool,
    pub(super) compressed: bool,
    pub(super) opcode: u8,
    pub(super) left: u64,
    mask: [u8; 4],
}

impl Head {
    /// Reads a head; nothing while it is not all there. What can be known to be wrong is known
    /// from the first two bytes.
    pub(super) fn read(input: &mut BytesMut) -> Result<Option<Self>, Failure> {
        let [first, second, ..] = input[..] else {
            return Ok(None);
        };
        let opcode = first & 0x0f;
        let (last, short) = (first & 0x80 != 0, usize::from(second & 0x7f));
        if first & 0x30 != 0 {
            return Err(Failure::protocol("reserved bits"));
        }
        if !matches!(opcode, CONTINUATION | TEXT | BINARY | CLOSE | PING | PONG) {
            return Err(Failure::protocol("unknown opcode"));
        }
        if second & 0x80 == 0 {
            return Err(Failure::protocol("frames of clients are masked"));
        }
        if opcode >= CLOSE && !last {
            return Err(Failure::protocol("fragmented control frame"));
        }
        if opcode >= CLOSE && short > CONTROL_BYTES {
            return Err(Failure::protocol("control frame too long"));
        }
        let extended = match short {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        if input.len() < 2 + extended + 4 {
            return Ok(None);
        }
        input.advance(2);
        let left = match extended {
            2 => u64::from(input.get_u16()),
            8 => input.get_u64(),
            _ => short as u64,
        };
        let mut mask = [0; 4];
        input.copy_to_slice(&mut mask);
        Ok(Some(Self {
            last,
            compressed: first & 0x40 != 0,
            opcode,
            left,
            mask,
        }))
    }

    pub(super) fn is_control(&self) -> bool {
        self.opcode >= CLOSE
    }

    /// Takes up to `limit` bytes of the frame's content, unmasked.
    pub(super) fn take(&mut self, input: &mut BytesMut, limit: usize) -> BytesMut {
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        let mut content = input.split_to(left.min(input.len()).min(limit));
        unmask(&mut content, self.mask);
        self.left -= content.len() as u64;
        self.mask.rotate_left(content.len() % 4);
        content
    }
}

fn unmask(content: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (words, rest) = content.as_chunks_mut();
    for word in words {
        *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
}

/// Writes the head of a frame that is sent.
pub(crate) fn frame_head(out: &mut BytesMut, opcode: u8, last: bool, compressed: bool, len: usize) {
    out.put_u8(opcode | u8::from(last) << 7 | u8::from(compressed) << 6);
    match (u8::try_from(len), u16::try_from(len)) {
        (Ok(short), _) if short < 126 => out.put_u8(short),
        (_, Ok(length)) => {
            out.put_u8(126);
            out.put_u16(length);
        }
        _ => {
            out.put_u8(127);
            out.put_u64(len as u64);
        }
    }
}

/// Writes a control frame; what is too long for one is cut.
pub(crate) fn control_frame(out: &mut BytesMut, opcode: u8, content: &[u8]) {
    let content = &content[..content.len().min(CONTROL_BYTES)];
    frame_head(out, opcode, true, false, content.len());
    out.put_slice(content);
}

/// Writes a close frame, without a code where none may be sent.
pub(crate) fn close_frame(out: &mut BytesMut, close: &WebSocketDisconnect) {
    let mut content = Vec::new();
    if code::may_be_sent(close.code) {
        content.extend_from_slice(&close.code.to_be_bytes());
        let mut length = close.reason.len().min(CONTROL_BYTES - 2);
        while !close.reason.is_char_boundary(length) {
            length -= 1;
        }
        content.extend_from_slice(&close.reason.as_bytes()[..length]);
    }
    control_frame(out, CLOSE, &content);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_unmasked_in_any_pieces() {
        let plain: Vec<u8> = (0..100).collect();
        let mask = [1, 2, 3, 4];
        let masked: Vec<u8> = plain
            .iter()
            .zip(mask.iter().cycle())
            .map(|(a, b)| a ^ b)
            .collect();
        for size in 1..40 {
            let mut head = Head {
                last: true,
                compressed: false,
                opcode: BINARY,
                left: 100,
                mask,
            };
            let mut input = BytesMut::from(&masked[..]);
            let mut all = Vec::new();
            while head.left > 0 {
                all.extend_from_slice(&head.take(&mut input, size));
            }
            assert_eq!(all, plain, "in pieces of {size}");
        }
    }

    #[test]
    fn a_reason_is_cut_between_characters() {
        let mut out = BytesMut::new();
        close_frame(&mut out, &WebSocketDisconnect::new(1000, "ä".repeat(100)));
        assert_eq!(out.len(), 2 + 2 + 122);
        assert!(std::str::from_utf8(&out[4..]).is_ok());
    }

    #[test]
    fn lengths_take_as_few_bytes_as_they_can() {
        for (length, size) in [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)] {
            let mut out = BytesMut::new();
            frame_head(&mut out, BINARY, true, false, length);
            assert_eq!(out.len(), size, "{length}");
        }
    }
}
