//! The grammar of multipart bodies (RFC 2046, section 5.1), read piece by piece.
//!
//! This is our own and not a library's for three reasons. The parser keeps no more than the end of
//! a piece that may turn out to be a boundary, where multer reads ahead as fast as the client
//! sends. Every byte is looked at a bounded number of times, however the pieces are cut. And what
//! is refused is what FastAPI's parser refuses.

use bytes::{Buf as _, Bytes, BytesMut};
use memchr::memmem::Finder;

/// How many headers a part may have, and how long one may be; as FastAPI's parser has it.
pub(crate) const HEADERS: usize = 8;
pub(crate) const HEADER_LENGTH: usize = 4096 + 128;

/// How long a boundary may be; RFC 2046 allows 70.
const BOUNDARY_LENGTH: usize = 256;

/// What comes next in a body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A part begins: the names, in lower case, and values of its headers.
    Begin(Vec<(Vec<u8>, Vec<u8>)>),
    /// More of its content.
    Data(Bytes),
    /// It is complete.
    End,
}

/// A body that is not what its type says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed;

#[derive(Debug, PartialEq, Eq)]
enum State {
    /// Line breaks before the first boundary.
    Start,
    /// The first boundary.
    Opening,
    Headers,
    Data,
    /// Blanks behind a boundary.
    Padding,
    /// The last boundary has been seen; what follows it means nothing.
    Done,
}

/// Takes a body apart.
#[derive(Debug)]
pub(super) struct Parser {
    /// A line break, two dashes and the boundary.
    delimiter: Vec<u8>,
    finder: Finder<'static>,
    state: State,
    buffer: BytesMut,
    /// How much of the buffer is known not to end a header.
    scanned: usize,
    headers: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Parser {
    /// A parser for parts between this boundary.
    pub(super) fn new(boundary: &[u8]) -> Result<Self, Malformed> {
        if boundary.len() > BOUNDARY_LENGTH {
            return Err(Malformed);
        }
        let delimiter = [b"\r\n--", boundary].concat();
        Ok(Self {
            finder: Finder::new(&delimiter).into_owned(),
            delimiter,
            state: State::Start,
            buffer: BytesMut::new(),
            scanned: 0,
            headers: Vec::new(),
        })
    }

    /// Takes the next piece of the body; ask for all events before.
    pub(super) fn feed(&mut self, piece: Bytes) {
        if self.state == State::Done {
            return;
        }
        if self.buffer.is_empty() {
            self.buffer = BytesMut::from(piece);
        } else {
            self.buffer.extend_from_slice(&piece);
        }
    }

    /// What comes next, or nothing until there is another piece.
    pub(super) fn next(&mut self) -> Result<Option<Event>, Malformed> {
        loop {
            let moved = match self.state {
                State::Start => self.skip_line_breaks(),
                State::Opening => self.open()?,
                State::Headers => match self.header()? {
                    Some(true) => {
                        self.state = State::Data;
                        return Ok(Some(Event::Begin(std::mem::take(&mut self.headers))));
                    }
                    header => header.is_some(),
                },
                State::Data => return self.data(),
                State::Padding => return self.padding(),
                State::Done => {
                    self.buffer.clear();
                    false
                }
            };
            if !moved {
                return Ok(None);
            }
        }
    }

    /// Before the first boundary there may be line breaks, and whatever follows them up to a dash.
    fn skip_line_breaks(&mut self) -> bool {
        match self.buffer.first() {
            None => return false,
            Some(b'\r' | b'\n') => match memchr::memchr(b'-', &self.buffer) {
                Some(dash) => self.buffer.advance(dash),
                None => {
                    // The last byte stays, so that the next piece is still behind a line break.
                    self.buffer.truncate(1);
                    return false;
                }
            },
            Some(_) => {}
        }
        self.state = State::Opening;
        true
    }

    fn open(&mut self) -> Result<bool, Malformed> {
        let dashes = &self.delimiter[2..];
        let length = dashes.len();
        let seen = self.buffer.len().min(length);
        if self.buffer[..seen] != dashes[..seen] {
            return Err(Malformed);
        }
        self.state = match &self.buffer[seen..] {
            [] | [b'\r' | b'-'] => return Ok(false),
            [b'\r', b'\n', ..] => State::Headers,
            [b'-', b'-', ..] => State::Done,
            _ => return Err(Malformed),
        };
        self.buffer.advance(length + 2);
        Ok(true)
    }

    /// Takes one header, or finds the end of them.
    fn header(&mut self) -> Result<Option<bool>, Malformed> {
        let unseen = &self.buffer[self.scanned..];
        let Some(end) = memchr::memchr(b'\r', unseen).map(|at| self.scanned + at) else {
            self.scanned = self.buffer.len();
            return match self.scanned > HEADER_LENGTH {
                true => Err(Malformed),
                false => Ok(None),
            };
        };
        self.scanned = end;
        match self.buffer.get(end + 1) {
            None => return Ok(None),
            Some(b'\n') if end <= HEADER_LENGTH => {}
            Some(_) => return Err(Malformed),
        }
        self.scanned = 0;
        let line = self.buffer.split_to(end);
        self.buffer.advance(2);
        if line.is_empty() {
            return Ok(Some(true));
        }
        let colon = memchr::memchr(b':', &line).ok_or(Malformed)?;
        let (name, value) = (&line[..colon], &line[colon + 1..]);
        if self.headers.len() == HEADERS || name.is_empty() || !name.iter().all(is_token) {
            return Err(Malformed);
        }
        let blanks = value.iter().take_while(|byte| **byte == b' ').count();
        self.headers
            .push((name.to_ascii_lowercase(), value[blanks..].to_vec()));
        Ok(Some(false))
    }

    fn data(&mut self) -> Result<Option<Event>, Malformed> {
        let mut from = 0;
        while let Some(found) = self.finder.find(&self.buffer[from..]) {
            let start = from + found;
            let behind = start + self.delimiter.len();
            let state = match &self.buffer[behind..] {
                [] | [b'\r' | b'-'] => return Ok(self.content(start)),
                [b'\r', b'\n', ..] => State::Headers,
                [b'-', b'-', ..] => State::Done,
                [b' ' | b'\t', ..] => State::Padding,
                _ => {
                    from = behind;
                    continue;
                }
            };
            if start > 0 {
                return Ok(self.content(start));
            }
            let taken = match state {
                State::Padding => behind,
                _ => behind + 2,
            };
            self.buffer.advance(taken);
            self.state = state;
            return match self.state {
                State::Padding => self.padding(),
                _ => Ok(Some(Event::End)),
            };
        }
        let kept = self.boundary_begun();
        Ok(self.content(self.buffer.len() - kept))
    }

    /// The content up to here, if there is any.
    fn content(&mut self, length: usize) -> Option<Event> {
        (length > 0).then(|| Event::Data(self.buffer.split_to(length).freeze()))
    }

    /// How many bytes at the end of the buffer may be the beginning of a boundary. It holds one
    /// carriage return, its first byte, so only the last one can be it.
    fn boundary_begun(&self) -> usize {
        let length = self.buffer.len();
        let window = length - length.min(self.delimiter.len() - 1);
        match memchr::memrchr(b'\r', &self.buffer[window..]) {
            Some(at) if self.delimiter.starts_with(&self.buffer[window + at..]) => {
                length - window - at
            }
            _ => 0,
        }
    }

    fn padding(&mut self) -> Result<Option<Event>, Malformed> {
        let blank = |byte: &&u8| matches!(**byte, b' ' | b'\t');
        let blanks = self.buffer.iter().take_while(blank).count();
        self.buffer.advance(blanks);
        match &self.buffer[..] {
            [] | [b'\r'] => Ok(None),
            [b'\r', b'\n', ..] => {
                self.buffer.advance(2);
                self.state = State::Headers;
                Ok(Some(Event::End))
            }
            _ => Err(Malformed),
        }
    }
}

/// Whether a byte may stand in the name of a header (RFC 9110, section 5.6.2).
fn is_token(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte)
}

#[cfg(test)]
mod tests;
