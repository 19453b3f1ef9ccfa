//! [`Body`]: where the body of a request ends.

/// What is still to come of a body.
#[derive(Debug, Default)]
pub(super) enum Body {
    #[default]
    Over,
    /// So many bytes.
    Length(u64),
    Chunks(Chunk),
    /// Nobody can say where it ends.
    Endless,
}

/// What is awaited of a body in chunks: RFC 9112, section 7.1.
///
/// It goes as the HTTP parser behind us does; what that refuses has no end here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chunk {
    Size {
        bytes: u64,
        begun: bool,
    },
    Extension {
        bytes: u64,
    },
    SizeEnd {
        bytes: u64,
    },
    Data {
        left: u64,
    },
    DataEnd {
        seen: bool,
    },
    /// The beginning of a line behind the last chunk, which is the end if it is empty.
    Trailer,
    TrailerLine,
    TrailerEnd,
    End,
}

impl Body {
    pub(super) fn in_chunks() -> Self {
        Self::Chunks(Chunk::Size {
            bytes: 0,
            begun: false,
        })
    }

    /// How many of these bytes belong to it, which are the first of them.
    pub(super) fn take(&mut self, bytes: &[u8]) -> usize {
        match self {
            Self::Over => 0,
            Self::Endless => bytes.len(),
            Self::Length(left) => {
                let here = at_most(*left, bytes.len());
                *left -= here as u64;
                if *left == 0 {
                    *self = Self::Over;
                }
                here
            }
            Self::Chunks(awaited) => {
                let mut at = 0;
                while at < bytes.len() {
                    if let Chunk::Data { left } = awaited {
                        let here = at_most(*left, bytes.len() - at);
                        *left -= here as u64;
                        at += here;
                        if *left == 0 {
                            *awaited = Chunk::DataEnd { seen: false };
                        }
                        continue;
                    }
                    match awaited.then(bytes[at]) {
                        Some(next) => *awaited = next,
                        None => {
                            let is_over = *awaited == Chunk::End && bytes[at] == b'\n';
                            *self = if is_over { Self::Over } else { Self::Endless };
                            return if is_over { at + 1 } else { bytes.len() };
                        }
                    }
                    at += 1;
                }
                at
            }
        }
    }
}

fn at_most(left: u64, here: usize) -> usize {
    usize::try_from(left).unwrap_or(usize::MAX).min(here)
}

impl Chunk {
    /// What is awaited behind this byte, unless that is the last or out of place.
    fn then(self, byte: u8) -> Option<Self> {
        match (self, byte) {
            (Self::Size { bytes, begun: true }, b'\t' | b' ' | b';') => {
                Some(Self::Extension { bytes })
            }
            (Self::Size { bytes, begun: true } | Self::Extension { bytes }, b'\r') => {
                Some(Self::SizeEnd { bytes })
            }
            (Self::Size { bytes, .. }, digit) => {
                let digit = char::from(digit).to_digit(16)?;
                let bytes = bytes.checked_mul(16)?.checked_add(digit.into())?;
                Some(Self::Size { bytes, begun: true })
            }
            (Self::Extension { .. }, b'\n') => None,
            (Self::Extension { bytes }, _) => Some(Self::Extension { bytes }),
            (Self::SizeEnd { bytes: 0 } | Self::TrailerEnd, b'\n') => Some(Self::Trailer),
            (Self::SizeEnd { bytes }, b'\n') => Some(Self::Data { left: bytes }),
            (Self::DataEnd { seen: false }, b'\r') => Some(Self::DataEnd { seen: true }),
            (Self::DataEnd { seen: true }, b'\n') => Some(Self::Size {
                bytes: 0,
                begun: false,
            }),
            (Self::Trailer, b'\r') => Some(Self::End),
            (Self::TrailerLine, b'\r') => Some(Self::TrailerEnd),
            (Self::Trailer | Self::TrailerLine, _) => Some(Self::TrailerLine),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(body: &[u8], step: usize) -> (usize, bool) {
        let (mut taken, mut left) = (0, Body::in_chunks());
        for piece in body.chunks(step) {
            let here = left.take(piece);
            taken += here;
            if here < piece.len() {
                break;
            }
        }
        (taken, matches!(left, Body::Over))
    }

    #[test]
    fn chunks_end_where_they_say() {
        for body in [
            &b"0\r\n\r\n"[..],
            b"5\r\nab\ncd\r\n0\r\n\r\n",
            b"00a;x=\"y\"\r\n0123456789\r\nA \r\n0\r\n\r\n34567\r\n0;last\r\nTrailer: t\r\nb: c\r\n\r\n",
        ] {
            let more = [body, b"GET / HTTP/1.1\n"].concat();
            for step in 1..=more.len() {
                assert_eq!(taken(&more, step), (body.len(), true), "{step}");
                assert!(!taken(&body[..body.len() - 1], step).1, "{step}");
            }
        }
    }

    #[test]
    fn what_is_out_of_place_has_no_end() {
        for body in [
            &b"\r\n"[..],
            b"x\r\n",
            b"5\nabcde\r\n0\r\n\r\n",
            b"1;a\n\r\n",
            b"1\r\nab\r\n0\r\n\r\n",
            b"fffffffffffffffff\r\n",
            b"0\r\n\r\r\n\r\n",
            b"0\r\na: b\r\r\n\r\n",
        ] {
            let more = [body, b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n"].concat();
            assert_eq!(
                taken(&more, 3),
                (more.len(), false),
                "{:?}",
                body.escape_ascii()
            );
        }
    }
}
