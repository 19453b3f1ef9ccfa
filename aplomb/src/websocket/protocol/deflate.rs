//! Compression of messages: agreeing on it, and deflating.

use std::sync::{Mutex, PoisonError};

use ::http::header::SEC_WEBSOCKET_EXTENSIONS;
use ::http::{HeaderMap, HeaderValue};
use flate2::{Compress, Compression, FlushCompress};

/// Below this, messages are sent as they are: they would hardly become shorter.
pub(crate) const WORTH_IT: usize = 16;
/// Windows below this number of bits would be forgotten so often that deflating costs more time
/// than it saves bytes; messages go into stored blocks, which look back at nothing.
const WORTH_WINDOW_BITS: u8 = 12;
/// How many idle compressors are kept; one has about 300 KiB.
const KEPT: usize = 8;

/// What was agreed on.
///
/// Neither side keeps its window from one message to the next, so that a connection that is quiet
/// holds no memory for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deflate {
    /// The window the client has for what it receives, where that is not the usual one.
    server_max_window_bits: Option<u8>,
}

impl Deflate {
    /// Accepts the first of a client's offers that can be kept (RFC 7692, section 7.1).
    pub(crate) fn negotiate(headers: &HeaderMap) -> Option<Self> {
        headers
            .get_all(SEC_WEBSOCKET_EXTENSIONS)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(','))
            .find_map(Self::of_offer)
    }

    fn of_offer(offer: &str) -> Option<Self> {
        let mut parts = offer.split(';').map(str::trim);
        if !parts.next()?.eq_ignore_ascii_case("permessage-deflate") {
            return None;
        }
        let mut deflate = Self {
            server_max_window_bits: None,
        };
        let mut seen = Vec::new();
        for parameter in parts {
            let (name, value) = match parameter.split_once('=') {
                Some((name, value)) => (name.trim(), Some(value.trim().trim_matches('"'))),
                None => (parameter, None),
            };
            if seen.contains(&name) {
                return None;
            }
            seen.push(name);
            match (name, value) {
                ("server_no_context_takeover" | "client_no_context_takeover", None)
                | ("client_max_window_bits", None) => {}
                ("client_max_window_bits", Some(bits)) => drop(window_bits(bits)?),
                ("server_max_window_bits", Some(bits)) => {
                    deflate.server_max_window_bits = Some(window_bits(bits)?);
                }
                _ => return None,
            }
        }
        Some(deflate)
    }

    /// What the answer to the handshake says of it.
    pub(crate) fn header(&self) -> HeaderValue {
        const AGREED: &str =
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
        match self.server_max_window_bits {
            None => HeaderValue::from_static(AGREED),
            Some(bits) => {
                let text = format!("{AGREED}; server_max_window_bits={bits}");
                HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(AGREED))
            }
        }
    }

    /// How many bytes may be deflated before the window must be forgotten, so that nothing
    /// refers further back than the client can look.
    fn segment(&self) -> usize {
        1 << self.server_max_window_bits.unwrap_or(15).min(15)
    }

    /// Whether the client's window is smaller than the compressor's.
    fn is_narrow(&self) -> bool {
        !self.only_stores() && self.server_max_window_bits.is_some_and(|bits| bits < 15)
    }

    fn only_stores(&self) -> bool {
        self.server_max_window_bits
            .is_some_and(|bits| bits < WORTH_WINDOW_BITS)
    }
}

fn window_bits(text: &str) -> Option<u8> {
    let plain = !text.starts_with(['0', '+']);
    text.parse()
        .ok()
        .filter(|bits| plain && (8..=15).contains(bits))
}

static IDLE: Mutex<Vec<Compress>> = Mutex::new(Vec::new());

/// Deflates one message.
#[derive(Debug)]
pub(crate) struct Compressor {
    state: Option<Compress>,
    deflate: Deflate,
}

impl Compressor {
    /// A compressor for a message, one that was used before if there is one.
    pub(crate) fn of(deflate: Deflate) -> Self {
        if deflate.only_stores() {
            return Self {
                state: Some(Compress::new(Compression::none(), false)),
                deflate,
            };
        }
        let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Self {
            state: Some(idle.unwrap_or_else(|| Compress::new(Compression::fast(), false))),
            deflate,
        }
    }

    /// Deflates the next piece of the message, or the last.
    pub(crate) fn compress(&mut self, piece: &[u8], last: bool) -> Vec<u8> {
        let mut out = Vec::with_capacity(piece.len() / 2 + 64);
        if self.deflate.is_narrow() {
            let segments = piece.chunks(self.deflate.segment());
            segments.for_each(|segment| self.push(segment, FlushCompress::Full, &mut out));
        } else {
            self.push(piece, FlushCompress::Sync, &mut out);
        }
        if last && out.ends_with(&[0, 0, 0xff, 0xff]) {
            out.truncate(out.len() - 4);
        }
        out
    }

    fn push(&mut self, mut input: &[u8], flush: FlushCompress, out: &mut Vec<u8>) {
        let Some(state) = &mut self.state else {
            return;
        };
        // A call that fills the room leaves output behind, and the next one may hand out no more
        // than that; only one that begins without any and leaves room has done everything.
        let mut left_behind = false;
        loop {
            // Room for what a flush adds at least.
            out.reserve(64 + input.len() / 2);
            let before = state.total_in();
            if state.compress_vec(input, out, flush).is_err() {
                return;
            }
            let taken = usize::try_from(state.total_in() - before).unwrap_or(usize::MAX);
            input = &input[taken.min(input.len())..];
            let is_full = out.len() == out.capacity();
            if input.is_empty() && !is_full && !left_behind {
                return;
            }
            left_behind = is_full;
        }
    }
}

impl Drop for Compressor {
    fn drop(&mut self) {
        let Some(mut state) = self.state.take() else {
            return;
        };
        let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT && !self.deflate.only_stores() {
            state.reset();
            idle.push(state);
        }
    }
}

#[cfg(test)]
mod tests {
    use flate2::{Decompress, FlushDecompress};

    use super::*;

    fn negotiated(offer: &'static str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(SEC_WEBSOCKET_EXTENSIONS, HeaderValue::from_static(offer));
        let header = Deflate::negotiate(&headers)?.header();
        let kept = header.to_str().ok()?.strip_prefix("permessage-deflate")?;
        let usual = "; server_no_context_takeover; client_no_context_takeover";
        kept.strip_prefix(usual).map(str::to_owned)
    }

    #[test]
    fn the_first_offer_that_can_be_kept_is_accepted() {
        for (offer, agreed) in [
            ("permessage-deflate", Some("")),
            ("permessage-deflate; client_max_window_bits", Some("")),
            ("x-webkit-deflate-frame, permessage-deflate", Some("")),
            (
                "permessage-deflate; server_max_window_bits=10",
                Some("; server_max_window_bits=10"),
            ),
            (
                "permessage-deflate; server_max_window_bits=\"9\"",
                Some("; server_max_window_bits=9"),
            ),
            (
                "permessage-deflate; server_max_window_bits=16, permessage-deflate",
                Some(""),
            ),
            ("permessage-deflate; server_max_window_bits", None),
            ("permessage-deflate; server_max_window_bits=08", None),
            ("permessage-deflate; client_max_window_bits=7", None),
            ("permessage-deflate; client_no_context_takeover=1", None),
            ("permessage-deflate; unknown", None),
            (
                "permessage-deflate; client_max_window_bits; client_max_window_bits",
                None,
            ),
            ("deflate", None),
        ] {
            assert_eq!(negotiated(offer).as_deref(), agreed, "{offer}");
        }
    }

    #[test]
    fn pieces_inflate_to_the_message() {
        let message: Vec<u8> = (0..50_000_u32).map(|n| (n * n / 7 % 251) as u8).collect();
        for bits in [None, Some(8), Some(11), Some(12), Some(15)] {
            let deflate = Deflate {
                server_max_window_bits: bits,
            };
            for size in [700, 50_000] {
                let mut compressor = Compressor::of(deflate);
                let count = message.chunks(size).count();
                let pieces = message.chunks(size).enumerate();
                let mut deflated: Vec<u8> = pieces
                    .flat_map(|(index, piece)| compressor.compress(piece, index + 1 == count))
                    .collect();
                deflated.extend_from_slice(&[0, 0, 0xff, 0xff]);
                let mut inflated = Vec::with_capacity(message.len() + 1);
                let state = Decompress::new(false).decompress_vec(
                    &deflated,
                    &mut inflated,
                    FlushDecompress::Sync,
                );
                assert!(state.is_ok(), "{bits:?}");
                assert_eq!(inflated, message, "{bits:?} in pieces of {size}");
            }
        }
    }
}
