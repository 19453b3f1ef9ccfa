//! The raw heads of a connection, for what the parser lets pass without a word.

mod body;

use memchr::memchr;

use self::body::Body;

/// How much room is kept between requests.
const KEPT: usize = 4096;

/// What follows a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    Nothing,
    Length(u64),
    Chunked,
}

/// The bytes of heads that have arrived but were not dispatched yet.
///
/// Two parsers that disagree where a request ends let one client speak in the name of another,
/// so what is ambiguous is refused: line ends without a carriage return, and two different
/// statements of the length. The HTTP parser behind us accepts the first and drops half of the
/// second, hence this look at the bytes themselves.
#[derive(Debug, Default)]
pub(super) struct Heads {
    bytes: Vec<u8>,
    /// What is still to come before the next head.
    body: Body,
}

impl Heads {
    /// Takes note of bytes that arrived.
    #[inline]
    pub(super) fn push(&mut self, chunk: &[u8]) {
        let body = self.body.take(chunk);
        self.bytes.extend_from_slice(&chunk[body..]);
    }

    /// Whether more has come than what was dispatched, as far as that can be known.
    pub(super) fn has_more(&self) -> bool {
        !(self.bytes.is_empty() && self.has_body())
    }

    /// Whether all has come of the body of the request that was dispatched last.
    pub(super) fn has_body(&self) -> bool {
        matches!(self.body, Body::Over)
    }

    /// Looks no further: what comes is not HTTP/1, or its bodies cannot be counted.
    pub(super) fn ignore(&mut self) {
        self.bytes = Vec::new();
        self.body = Body::Endless;
    }

    /// Moves past the head that was just parsed and what follows it; whether it was unambiguous.
    pub(super) fn advance(&mut self, framing: Framing) -> bool {
        if self.bytes.is_empty() {
            return true;
        }
        let Some((length, clear)) = examine(&self.bytes) else {
            self.ignore();
            return true;
        };
        self.body = match framing {
            Framing::Nothing | Framing::Length(0) => Body::Over,
            Framing::Length(body) => Body::Length(body),
            Framing::Chunked => Body::in_chunks(),
        };
        let body = self.body.take(&self.bytes[length..]);
        self.forget(length + body);
        clear
    }

    fn forget(&mut self, count: usize) {
        self.bytes.drain(..count);
        if self.bytes.is_empty() && self.bytes.capacity() > KEPT {
            self.bytes = Vec::new();
        }
    }
}

/// The length of the head these bytes begin with, and whether it is unambiguous.
fn examine(bytes: &[u8]) -> Option<(usize, bool)> {
    let (mut start, mut begun) = (0, false);
    let (mut bare, mut has_length, mut has_coding) = (false, false, false);
    loop {
        let line = &bytes[start..];
        let end = memchr(b'\n', line)?;
        start += end + 1;
        let Some(line) = line[..end].strip_suffix(b"\r") else {
            bare = true;
            if end == 0 && begun {
                return Some((start, false));
            }
            begun |= end > 0;
            continue;
        };
        match line.first().map(u8::to_ascii_lowercase) {
            None if begun => return Some((start, !(bare || has_length && has_coding))),
            None => continue,
            Some(b'c') => has_length |= names(line, b"content-length"),
            Some(b't') => has_coding |= names(line, b"transfer-encoding"),
            Some(_) => {}
        }
        begun = true;
    }
}

fn names(line: &[u8], name: &[u8]) -> bool {
    line.get(..name.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(name))
        && line.get(name.len()) == Some(&b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &[u8] = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    #[test]
    fn sees_ambiguity() {
        for (head, clear) in [
            (PLAIN, true),
            (b"\r\nGET / HTTP/1.1\r\nContent-Length: 1\r\n\r\n", true),
            (b"GET / HTTP/1.1\nHost: h\r\n\r\n", false),
            (b"GET / HTTP/1.1\r\nHost: h\n\n", false),
            (b"GET / HTTP/1.1\r\nHost: h\r\n\n", false),
            (b"\nGET / HTTP/1.1\r\n\r\n", false),
            (
                b"P / HTTP/1.1\r\ntransfer-Encoding:x\r\nCONTENT-length: 1\r\n\r\n",
                false,
            ),
            (
                b"P / HTTP/1.1\r\ntransfer-encoding-x:x\r\ncontent-length: 1\r\n\r\n",
                true,
            ),
        ] {
            let mut heads = Heads::default();
            heads.push(head);
            assert_eq!(
                heads.advance(Framing::Nothing),
                clear,
                "{:?}",
                head.escape_ascii()
            );
            assert!(heads.bytes.is_empty());
        }
    }

    #[test]
    fn stays_in_step_over_bodies_and_pipelines() {
        let mut heads = Heads::default();
        heads.push(&[PLAIN, PLAIN, b"body"].concat());
        assert!(heads.advance(Framing::Nothing));
        assert!(heads.advance(Framing::Length(6)));
        heads.push(&[b"\n\n", PLAIN].concat());
        assert!(heads.advance(Framing::Nothing));
        heads.push(PLAIN);
        assert!(heads.advance(Framing::Chunked));
        heads.push(b"5\r\nab\ncd\r\n");
        assert!(heads.bytes.is_empty() && !heads.has_body());
        heads.push(&[b"0\r\n\r\n", PLAIN].concat());
        assert!(heads.has_body() && heads.advance(Framing::Nothing));
        heads.push(b"P / HTTP/1.1\r\nHost: h\r\n\r\n0\r\n\r\nGET / HTTP/1.1\nHost: h\r\n\r\n");
        assert!(heads.advance(Framing::Chunked));
        assert!(
            !heads.advance(Framing::Nothing),
            "a bare line end behind chunks"
        );
        heads.push(PLAIN);
        assert!(heads.advance(Framing::Chunked));
        heads.push(b"what?\r\n0\r\n\r\nGET / HTTP/1.1\n\n");
        assert!(heads.bytes.is_empty() && !heads.has_body());
    }
}
