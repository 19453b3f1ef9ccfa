//! The client's half of HTTP/1.1: one request at a time, answers read without keeping their bodies.

pub fn request(path: &str, close: bool) -> Vec<u8> {
    let close = if close { "Connection: close\r\n" } else { "" };
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n{close}\r\n").into_bytes()
}

/// How far the answer has come.
#[derive(Debug, Default)]
pub struct Reader {
    state: State,
    /// What has come of a head, or of the line before a chunk.
    line: Vec<u8>,
    pub status: u16,
    /// The server will close the connection after this answer.
    pub closes: bool,
}

#[derive(Debug, Default, PartialEq)]
enum State {
    #[default]
    Head,
    Body(u64),
    ChunkSize,
    Chunk(u64),
    Trailer,
    UntilClose,
}

impl Reader {
    /// Takes bytes from the front; true once an answer is whole.
    pub fn feed(&mut self, bytes: &mut &[u8]) -> bool {
        while !bytes.is_empty() {
            match self.state {
                State::Head => {
                    let Some(head) = take_until(&mut self.line, bytes, b"\r\n\r\n") else {
                        continue;
                    };
                    self.status = number(head.get(9..12).unwrap_or_default(), 10) as u16;
                    let value = |name: &[u8]| header(&head, name).map(<[u8]>::to_ascii_lowercase);
                    self.closes = value(b"connection").is_some_and(|v| v == b"close");
                    self.state = if value(b"transfer-encoding").is_some_and(|v| v == b"chunked") {
                        State::ChunkSize
                    } else if let Some(length) = value(b"content-length") {
                        State::Body(number(&length, 10))
                    } else {
                        State::UntilClose
                    };
                    if self.state == State::Body(0) {
                        return self.whole();
                    }
                }
                State::Body(left) => {
                    let took = skip(bytes, left);
                    self.state = State::Body(left - took);
                    if left == took {
                        return self.whole();
                    }
                }
                State::ChunkSize => {
                    let Some(line) = take_until(&mut self.line, bytes, b"\r\n") else {
                        continue;
                    };
                    self.state = match number(&line, 16) {
                        0 => State::Trailer,
                        size => State::Chunk(size + 2),
                    };
                }
                State::Chunk(left) => {
                    let took = skip(bytes, left);
                    self.state = if left == took {
                        State::ChunkSize
                    } else {
                        State::Chunk(left - took)
                    };
                }
                State::Trailer => {
                    let Some(line) = take_until(&mut self.line, bytes, b"\r\n") else {
                        continue;
                    };
                    if line.len() == 2 {
                        return self.whole();
                    }
                }
                State::UntilClose => *bytes = &[],
            }
        }
        false
    }

    /// Whether the end of the connection here is the end of an answer.
    pub fn ends_here(&self) -> bool {
        self.state == State::UntilClose
    }

    fn whole(&mut self) -> bool {
        self.state = State::Head;
        true
    }
}

fn skip(bytes: &mut &[u8], most: u64) -> u64 {
    let took = most.min(bytes.len() as u64);
    *bytes = &bytes[took as usize..];
    took
}

/// Moves bytes to `kept` until that ends in `end`; then gives what was kept.
fn take_until(kept: &mut Vec<u8>, bytes: &mut &[u8], end: &[u8]) -> Option<Vec<u8>> {
    let before = kept.len();
    let seen = before.saturating_sub(end.len() - 1);
    kept.extend_from_slice(bytes);
    match kept[seen..].windows(end.len()).position(|w| w == end) {
        Some(at) => {
            let length = seen + at + end.len();
            *bytes = &bytes[length - before..];
            kept.truncate(length);
            Some(std::mem::take(kept))
        }
        None => {
            *bytes = &[];
            None
        }
    }
}

fn header<'a>(head: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    head.split(|b| *b == b'\n').find_map(|line| {
        let colon = line.iter().position(|b| *b == b':')?;
        line[..colon]
            .eq_ignore_ascii_case(name)
            .then(|| line[colon + 1..].trim_ascii())
    })
}

fn number(text: &[u8], base: u32) -> u64 {
    let digits = text.iter().map_while(|b| (*b as char).to_digit(base));
    digits.fold(0, |n, digit| n * u64::from(base) + u64::from(digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Status and whether it closes, of each whole answer, fed in pieces.
    fn answers(text: &str, piece: usize) -> Vec<(u16, bool)> {
        let (mut reader, mut seen) = (Reader::default(), Vec::new());
        for mut bytes in text.as_bytes().chunks(piece) {
            while !bytes.is_empty() {
                if reader.feed(&mut bytes) {
                    seen.push((reader.status, reader.closes));
                }
            }
        }
        if reader.ends_here() {
            seen.push((reader.status, reader.closes));
        }
        seen
    }

    #[test]
    fn answers_are_told_apart_wherever_they_are_cut() {
        let text = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n\"OK\"\
            HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n\
            HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n0\r\n\r\n\r\n10;x=y\r\n0123456789abcdef\r\n0\r\n\r\n\
            HTTP/1.1 504 Late\r\n\r\nuntil the end\r\n\r\n";
        for piece in 1..text.len() {
            let expected = vec![(200, false), (503, true), (200, false), (504, false)];
            assert_eq!(answers(text, piece), expected, "in pieces of {piece}");
        }
    }

    #[test]
    fn half_an_answer_is_none() {
        assert_eq!(
            answers("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n\"OK", 7),
            []
        );
        assert_eq!(
            answers(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nOK\r\n",
                7
            ),
            []
        );
    }
}
