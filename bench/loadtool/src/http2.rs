//! The client's half of HTTP/2, as far as load needs it: many streams on a connection,
//! bodies counted and thrown away, of the status only whether it is 200.

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;

const END_STREAM: u8 = 1;
const ACK: u8 = 1;
const END_HEADERS: u8 = 4;
const PADDED: u8 = 8;
const PRIORITY: u8 = 32;

const HEAD: usize = 9;
/// As large as a window may be (RFC 9113, section 6.9.1).
const WINDOW: u32 = (1 << 31) - 1;
/// What a connection starts with (RFC 9113, section 6.9.2).
const FIRST_WINDOW: u32 = 65_535;

/// What has become of a stream.
#[derive(Debug, PartialEq)]
pub enum Event {
    /// Answered, with 200 or not.
    Done(u32, bool),
    Reset(u32),
    /// The server takes no more requests here.
    GoAway,
}

#[derive(Debug, Default)]
pub struct Session {
    /// Bytes of a frame that has not come wholly.
    partial: Vec<u8>,
    /// Streams whose status was 200.
    fine: Vec<u32>,
    last: u32,
    /// Whether it asks for `https`.
    is_secured: bool,
    unacknowledged: u32,
}

impl Session {
    /// Of a connection in clear text, or over TLS.
    pub fn new(is_secured: bool) -> Self {
        Self {
            is_secured,
            ..Self::default()
        }
    }

    /// What is sent first.
    pub fn preface(out: &mut Vec<u8>) {
        out.extend_from_slice(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        let mut settings = Vec::new();
        for (name, value) in [(2u16, 0), (4, WINDOW)] {
            settings.extend_from_slice(&name.to_be_bytes());
            settings.extend_from_slice(&u32::to_be_bytes(value));
        }
        frame(out, SETTINGS, 0, 0, &settings);
        frame(
            out,
            WINDOW_UPDATE,
            0,
            0,
            &(WINDOW - FIRST_WINDOW).to_be_bytes(),
        );
    }

    /// Asks for a path; the number of its stream.
    pub fn request(&mut self, path: &str, out: &mut Vec<u8>) -> u32 {
        let id = if self.last == 0 { 1 } else { self.last + 2 };
        self.last = id;
        // GET, http or https (RFC 7541, appendix A), then :path and :authority as literals outside
        // the table.
        let scheme = if self.is_secured { 0x87 } else { 0x86 };
        let mut block = vec![0x82, scheme, 0x04];
        literal(&mut block, path);
        block.push(0x01);
        literal(&mut block, "127.0.0.1");
        frame(out, HEADERS, END_HEADERS | END_STREAM, id, &block);
        id
    }

    pub fn cancel(id: u32, out: &mut Vec<u8>) {
        frame(out, RST_STREAM, 0, id, &8u32.to_be_bytes());
    }

    /// Takes all bytes; what has to be sent goes to `out`.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>, events: &mut Vec<Event>) {
        self.partial.extend_from_slice(bytes);
        let partial = std::mem::take(&mut self.partial);
        let mut rest = &partial[..];
        while rest.len() >= HEAD {
            let length = u32::from_be_bytes([0, rest[0], rest[1], rest[2]]) as usize;
            if rest.len() < HEAD + length {
                break;
            }
            let (kind, flags) = (rest[3], rest[4]);
            let id = u32::from_be_bytes([rest[5], rest[6], rest[7], rest[8]]) & WINDOW;
            self.frame(kind, flags, id, &rest[HEAD..HEAD + length], out, events);
            rest = &rest[HEAD + length..];
        }
        self.partial = rest.to_vec();
    }

    fn frame(
        &mut self,
        kind: u8,
        flags: u8,
        id: u32,
        payload: &[u8],
        out: &mut Vec<u8>,
        events: &mut Vec<Event>,
    ) {
        match kind {
            HEADERS => {
                let skipped =
                    usize::from(flags & PADDED > 0) + if flags & PRIORITY > 0 { 5 } else { 0 };
                // `:status: 200` is entry 8 of the static table.
                if payload.get(skipped) == Some(&0x88) {
                    self.fine.push(id);
                }
            }
            DATA => {
                self.unacknowledged += payload.len() as u32;
                if self.unacknowledged > 1 << 20 {
                    frame(out, WINDOW_UPDATE, 0, 0, &self.unacknowledged.to_be_bytes());
                    self.unacknowledged = 0;
                }
            }
            RST_STREAM => events.push(Event::Reset(id)),
            SETTINGS if flags & ACK == 0 => frame(out, SETTINGS, ACK, 0, &[]),
            PING if flags & ACK == 0 => frame(out, PING, ACK, 0, payload),
            GOAWAY => events.push(Event::GoAway),
            _ => {}
        }
        if matches!(kind, HEADERS | DATA) && flags & END_STREAM > 0 {
            let before = self.fine.len();
            self.fine.retain(|fine| *fine != id);
            events.push(Event::Done(id, self.fine.len() < before));
        }
    }
}

fn frame(out: &mut Vec<u8>, kind: u8, flags: u8, id: u32, payload: &[u8]) {
    out.extend_from_slice(&(payload.len() as u32).to_be_bytes()[1..]);
    out.extend_from_slice(&[kind, flags]);
    out.extend_from_slice(&id.to_be_bytes());
    out.extend_from_slice(payload);
}

/// A string as it is (RFC 7541, section 5.2).
fn literal(block: &mut Vec<u8>, text: &str) {
    assert!(text.len() < 127, "longer strings have a longer length");
    block.push(text.len() as u8);
    block.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_told_apart_wherever_they_are_cut() {
        let mut text = Vec::new();
        frame(&mut text, SETTINGS, 0, 0, &[]);
        frame(&mut text, HEADERS, END_HEADERS, 1, &[0x88, 0x5f]);
        frame(
            &mut text,
            HEADERS,
            END_HEADERS | END_STREAM,
            3,
            &[0x48, 0x82],
        );
        frame(&mut text, DATA, 0, 1, b"half");
        frame(&mut text, RST_STREAM, 0, 5, &[0, 0, 0, 8]);
        frame(&mut text, DATA, END_STREAM, 1, b"");
        let expected = [Event::Done(3, false), Event::Reset(5), Event::Done(1, true)];
        for piece in 1..text.len() {
            let (mut session, mut out, mut events) = (Session::default(), Vec::new(), Vec::new());
            for bytes in text.chunks(piece) {
                session.feed(bytes, &mut out, &mut events);
            }
            assert_eq!(events, expected, "in pieces of {piece}");
            assert_eq!(
                out,
                [0, 0, 0, SETTINGS, ACK, 0, 0, 0, 0],
                "the settings are acknowledged"
            );
        }
    }

    #[test]
    fn what_a_client_may_start_is_odd() {
        let (mut session, mut out) = (Session::default(), Vec::new());
        assert_eq!([(); 3].map(|()| session.request("/", &mut out)), [1, 3, 5]);
    }
}
