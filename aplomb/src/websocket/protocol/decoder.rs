//! From bytes that arrive to messages.

use bytes::{Bytes, BytesMut};

use super::frame::{CONTROL_BYTES, Head};
use super::inflate::Inflater;
use super::{BINARY, CLOSE, CONTINUATION, Failure, PING, TEXT};
use crate::websocket::{Message, NO_STATUS_RECEIVED, WebSocketDisconnect, code};

/// How many bytes are inflated before others get their turn.
const BREATH: usize = 256 << 10;

/// What has arrived.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Message(Message),
    Ping(Bytes),
    Pong,
    Close(WebSocketDisconnect),
}

/// How far decoding came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Decoded {
    Event(Event),
    /// More bytes are needed.
    More,
    /// There is more to do with the bytes at hand.
    Busy,
}

/// A message on its way in.
#[derive(Debug)]
struct Assembly {
    is_text: bool,
    compressed: bool,
    content: Vec<u8>,
    /// How much of the text is known to be UTF-8.
    checked: usize,
}

impl Assembly {
    /// Checks text as it grows, so that what is wrong is known at once.
    fn check(&mut self, whole: bool) -> Result<(), Failure> {
        if !self.is_text {
            return Ok(());
        }
        match simdutf8::compat::from_utf8(&self.content[self.checked..]) {
            Ok(text) => {
                self.checked += text.len();
                Ok(())
            }
            Err(error) if error.error_len().is_none() && !whole => {
                self.checked += error.valid_up_to();
                Ok(())
            }
            Err(_) => Err(Failure::NOT_UTF8),
        }
    }

    fn finish(mut self) -> Result<Message, Failure> {
        self.check(true)?;
        if self.is_text {
            let text = String::from_utf8(self.content).map_err(|_| Failure::NOT_UTF8)?;
            return Ok(Message::Text(text));
        }
        Ok(Message::Bytes(self.content.into()))
    }
}

/// Takes frames apart and puts messages together.
#[derive(Debug)]
pub(crate) struct Decoder {
    max_size: usize,
    max_frame_size: usize,
    frame: Option<Head>,
    message: Option<Assembly>,
    inflater: Option<Inflater>,
}

impl Decoder {
    pub(crate) fn new(max_size: usize, max_frame_size: usize, inflates: bool) -> Self {
        Self {
            max_size,
            max_frame_size,
            frame: None,
            message: None,
            inflater: inflates.then(Inflater::default),
        }
    }

    /// The next thing in `input`, from which what is read is taken.
    pub(crate) fn decode(&mut self, input: &mut BytesMut) -> Result<Decoded, Failure> {
        let mut breath = BREATH;
        loop {
            let Some(frame) = &mut self.frame else {
                let Some(head) = Head::read(input)? else {
                    return Ok(Decoded::More);
                };
                self.begin(head)?;
                continue;
            };
            if frame.is_control() {
                if (input.len() as u64) < frame.left {
                    return Ok(Decoded::More);
                }
                let content = frame.take(input, CONTROL_BYTES);
                let opcode = frame.opcode;
                self.frame = None;
                return control(opcode, &content.freeze()).map(Decoded::Event);
            }
            let (Some(message), last) = (&mut self.message, frame.last) else {
                return Err(Failure::protocol("unexpected continuation"));
            };
            let done = match &mut self.inflater {
                Some(inflater) if message.compressed => {
                    let before = message.content.len();
                    let done = inflater.step(frame, input, &mut message.content, self.max_size)?;
                    breath = breath.saturating_sub(message.content.len() - before);
                    done
                }
                _ => {
                    let content = frame.take(input, usize::MAX);
                    message.content.extend_from_slice(&content);
                    frame.left == 0
                }
            };
            message.check(false)?;
            let starved = frame.left > 0 && input.is_empty();
            if done {
                self.frame = None;
                if last && let Some(message) = self.message.take() {
                    return Ok(Decoded::Event(Event::Message(message.finish()?)));
                }
            } else if breath == 0 {
                return Ok(Decoded::Busy);
            } else if starved && !self.is_inflating() {
                return Ok(Decoded::More);
            }
        }
    }

    fn is_inflating(&self) -> bool {
        self.inflater.as_ref().is_some_and(Inflater::is_busy)
    }

    /// Checks a head against what came before it.
    fn begin(&mut self, head: Head) -> Result<(), Failure> {
        if head.compressed && (self.inflater.is_none() || !matches!(head.opcode, TEXT | BINARY)) {
            return Err(Failure::protocol("reserved bits"));
        }
        match (head.opcode, &self.message) {
            (TEXT | BINARY, Some(_)) => return Err(Failure::protocol("expected continuation")),
            (CONTINUATION, None) => return Err(Failure::protocol("unexpected continuation")),
            (TEXT | BINARY, None) => {
                self.message = Some(Assembly {
                    is_text: head.opcode == TEXT,
                    compressed: head.compressed,
                    content: Vec::new(),
                    checked: 0,
                });
            }
            _ => {}
        }
        if let Some(message) = self.message.as_ref().filter(|_| !head.is_control()) {
            let length = usize::try_from(head.left).unwrap_or(usize::MAX);
            let room = match message.compressed {
                true => self.max_frame_size,
                false => (self.max_size - message.content.len()).min(self.max_frame_size),
            };
            if length > room {
                return Err(Failure::TOO_BIG);
            }
        }
        self.frame = Some(head);
        Ok(())
    }
}

fn control(opcode: u8, content: &Bytes) -> Result<Event, Failure> {
    match opcode {
        CLOSE => close(content).map(Event::Close),
        PING => Ok(Event::Ping(content.clone())),
        _ => Ok(Event::Pong),
    }
}

fn close(content: &[u8]) -> Result<WebSocketDisconnect, Failure> {
    let [first, second, reason @ ..] = content else {
        return match content {
            [] => Ok(WebSocketDisconnect::new(NO_STATUS_RECEIVED, "")),
            _ => Err(Failure::protocol("close frame too short")),
        };
    };
    let number = u16::from_be_bytes([*first, *second]);
    if !code::may_be_sent(number) {
        return Err(Failure::protocol("invalid close code"));
    }
    match std::str::from_utf8(reason) {
        Ok(reason) => Ok(WebSocketDisconnect::new(number, reason)),
        Err(_) => Err(Failure::NOT_UTF8),
    }
}

#[cfg(test)]
mod tests {
    use bytes::BufMut as _;

    use super::*;
    use crate::websocket::protocol::{Compressor, Deflate};

    /// A frame as a client sends it, with a mask that changes nothing.
    fn frame(first: u8, content: &[u8]) -> Vec<u8> {
        let mut frame = vec![first];
        match content.len() {
            short @ 0..126 => frame.push(0x80 | short as u8),
            length @ 126..=65_535 => {
                frame.push(0x80 | 126);
                frame.put_u16(length as u16);
            }
            length => {
                frame.push(0x80 | 127);
                frame.put_u64(length as u64);
            }
        }
        frame.extend_from_slice(&[0; 4]);
        frame.extend_from_slice(content);
        frame
    }

    fn deflated(content: &[u8]) -> Vec<u8> {
        let mut headers = http::HeaderMap::new();
        let offer = http::HeaderValue::from_static("permessage-deflate");
        headers.insert("sec-websocket-extensions", offer);
        let deflate = Deflate::negotiate(&headers).expect("an offer to accept");
        Compressor::of(deflate).compress(content, true)
    }

    /// Everything in some bytes that arrive `size` at a time.
    fn decode(bytes: &[u8], size: usize, limit: usize) -> Result<Vec<Event>, Failure> {
        let mut decoder = Decoder::new(limit, limit, true);
        let (mut input, mut events) = (BytesMut::new(), Vec::new());
        for piece in bytes.chunks(size) {
            input.extend_from_slice(piece);
            loop {
                match decoder.decode(&mut input)? {
                    Decoded::Event(event) => events.push(event),
                    Decoded::Busy => {}
                    Decoded::More => break,
                }
            }
        }
        Ok(events)
    }

    fn text(text: &str) -> Event {
        Event::Message(Message::from(text))
    }

    #[test]
    fn messages_come_out_however_their_bytes_arrive() {
        let long = "some text ".repeat(5000);
        let bytes = [
            frame(0x81, b"plain"),
            frame(0xc1, &deflated(b"deflated")),
            frame(0x01, b"in "),
            frame(0x89, b"ping"),
            frame(0x80, b"two"),
            frame(0xc1, &deflated(long.as_bytes())),
            frame(0x82, b""),
            frame(0x88, b"\x03\xe8bye"),
        ]
        .concat();
        for size in [1, 2, 7, 100, bytes.len()] {
            let events = decode(&bytes, size, 1 << 20).expect("nothing is wrong");
            let expected = [
                text("plain"),
                text("deflated"),
                Event::Ping(Bytes::from_static(b"ping")),
                text("in two"),
                text(&long),
                Event::Message(Message::from(Vec::new())),
                Event::Close(WebSocketDisconnect::new(1000, "bye")),
            ];
            assert_eq!(events, expected, "{size} at a time");
        }
    }

    #[test]
    fn what_hardly_can_be_compressed_comes_out_whole() {
        let mut state = 1_u32;
        let random: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(300_000)
        .collect();
        let lengths = [16, 4096, 32_768, 131_072, 300_000].into_iter();
        let lengths = lengths.chain((50_000..66_000).step_by(499));
        // From what is mostly the same to what is all different.
        let kinds = [0x0f, 0x3f, 0x6f, 0x7f, 0xff].into_iter();
        for (length, mask) in lengths
            .into_iter()
            .flat_map(|l| kinds.clone().map(move |k| (l, k)))
        {
            let content: Vec<u8> = random[..length].iter().map(|byte| byte & mask).collect();
            let content = &*content;
            let bytes = frame(0xc2, &deflated(content));
            for size in [5000, bytes.len()] {
                let events = decode(&bytes, size, 1 << 20).expect("nothing is wrong");
                let Some(Event::Message(message)) = events.first() else {
                    panic!("no message of {length} at {size}");
                };
                assert_eq!(message.len(), length, "{size} at a time");
                assert!(message.as_bytes() == content, "{length}, {size} at a time");
            }
        }
    }

    #[test]
    fn what_is_too_big_is_refused_before_it_is_there() {
        let limit = 100_000;
        let bomb = deflated(&vec![0; 10 << 20]);
        assert!(bomb.len() < limit, "{}", bomb.len());
        assert_eq!(
            decode(&frame(0xc2, &bomb), 1000, limit),
            Err(Failure::TOO_BIG)
        );
        let just = deflated(&vec![0; limit]);
        assert!(decode(&frame(0xc2, &just), 1000, limit).is_ok());
        let above = deflated(&vec![0; limit + 1]);
        assert_eq!(
            decode(&frame(0xc2, &above), 1000, limit),
            Err(Failure::TOO_BIG)
        );
        let head = &frame(0x82, &vec![0; limit + 1])[..14];
        assert_eq!(decode(head, 14, limit), Err(Failure::TOO_BIG));
        let parts = [frame(0x02, &vec![0; limit]), frame(0x80, &[0])].concat();
        assert_eq!(decode(&parts, 5000, limit), Err(Failure::TOO_BIG));
    }

    #[test]
    fn text_that_is_not_utf8_is_refused_at_the_first_wrong_byte() {
        let begun = frame(0x01, b"\xce\xba\xf4\x90");
        assert_eq!(decode(&begun, 1, 100), Err(Failure::NOT_UTF8));
        let cut = frame(0x81, b"\xce");
        assert_eq!(decode(&cut, 100, 100), Err(Failure::NOT_UTF8));
        let split = [frame(0x01, b"\xce"), frame(0x80, b"\xba")].concat();
        assert_eq!(decode(&split, 1, 100), Ok(vec![text("\u{3ba}")]));
    }

    #[test]
    fn no_limit_is_a_limit_too() {
        let message = frame(0xc2, &deflated(&vec![0; 200_000]));
        assert!(decode(&message, 1000, usize::MAX).is_ok_and(|events| events.len() == 1));
    }
}
