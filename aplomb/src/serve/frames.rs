//! [`Frames`]: the frames that a client of HTTP/2 sends, as far as they are answered by themselves.

/// How long the preface is, before the first frame.
const PREFACE: u64 = 24;
/// How long the head of a frame is: RFC 9113, section 4.1.
const HEAD: usize = 9;

const SETTINGS: u8 = 4;
const PING: u8 = 6;
/// The flag of a frame that answers another.
const ACK: u8 = 1;
/// What a `PING` carries.
const PING_BYTES: u64 = 8;

/// Counts the bytes that the protocol answers by itself.
#[derive(Debug)]
pub(super) struct Frames {
    head: [u8; HEAD],
    /// How much of the head is there.
    filled: usize,
    /// How much is left of what stands before the next head.
    left: u64,
    provoked: u64,
}

impl Default for Frames {
    fn default() -> Self {
        Self {
            head: [0; HEAD],
            filled: 0,
            left: PREFACE,
            provoked: 0,
        }
    }
}

impl Frames {
    /// Takes note of bytes that arrived.
    pub(super) fn push(&mut self, mut bytes: &[u8]) {
        loop {
            let skipped = usize::try_from(self.left).unwrap_or(usize::MAX);
            let skipped = skipped.min(bytes.len());
            self.left -= skipped as u64;
            bytes = &bytes[skipped..];
            if bytes.is_empty() {
                return;
            }
            let taken = (HEAD - self.filled).min(bytes.len());
            self.head[self.filled..self.filled + taken].copy_from_slice(&bytes[..taken]);
            self.filled += taken;
            bytes = &bytes[taken..];
            if self.filled == HEAD {
                self.begin();
            }
        }
    }

    /// Looks no further: nobody knows where a frame begins.
    pub(super) fn ignore(&mut self) {
        self.left = u64::MAX;
    }

    /// The head of a frame is there.
    fn begin(&mut self) {
        let [high, middle, low, kind, flags, ..] = self.head;
        self.filled = 0;
        self.left = u64::from(u32::from_be_bytes([0, high, middle, low]));
        self.provoked += match kind {
            PING if flags & ACK == 0 => HEAD as u64 + PING_BYTES,
            SETTINGS if flags & ACK == 0 => HEAD as u64,
            _ => 0,
        };
    }

    /// How many bytes go out as answers of the protocol to what came since this was asked last.
    pub(super) fn provoked(&mut self) -> u64 {
        std::mem::take(&mut self.provoked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(payload.len()).expect("a frame").to_be_bytes();
        let head = [length[1], length[2], length[3], kind, flags, 0, 0, 0, 0];
        [&head[..], payload].concat()
    }

    #[test]
    fn what_is_answered_by_itself_is_counted_however_it_comes_in() {
        let sent = [
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
            frame(SETTINGS, 0, &[0; 12]),
            frame(SETTINGS, ACK, b""),
            frame(0, 1, &[PING; 70_000]),
            frame(PING, 0, &[7; 8]),
            frame(PING, ACK, &[7; 8]),
            frame(8, 0, &[0; 4]),
            frame(PING, 0, &[7; 8]),
        ];
        let sent = sent.concat();
        for step in [1, 2, 9, 10, 4096, sent.len()] {
            let mut frames = Frames::default();
            for piece in sent.chunks(step) {
                frames.push(piece);
            }
            assert_eq!(frames.provoked(), 9 + 17 + 17, "{step}");
            assert_eq!(frames.provoked(), 0);
        }
    }
}
