//! Requests that are answered before any handler sees them.

use std::net::Ipv6Addr;

use http::header::{CONNECTION, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue, Method, Request, Uri, Version};

use super::heads::Framing;
use crate::http::{self as own, phrase};

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Its target, its host or its framing can be read in more than one way.
    Malformed,
    /// It announces a body above the limit.
    TooLarge,
}

impl Refusal {
    /// What is wrong with a request by its head and what follows it.
    pub(super) fn of<B>(request: &Request<B>, framing: Framing, limit: usize) -> Result<(), Self> {
        let path = request.uri().path();
        if !(path.starts_with('/') || path == "*" && request.method() == Method::OPTIONS) {
            return Err(Self::Malformed);
        }
        let authority = request.uri().authority();
        if authority.is_some_and(|authority| !is_host(authority.as_str().as_bytes())) {
            return Err(Self::Malformed);
        }
        let version = request.version();
        let mut hosts = request.headers().get_all(HOST).iter();
        match (hosts.next(), hosts.next()) {
            (Some(host), None)
                if is_host(host.as_bytes())
                    && authority.is_none_or(|authority| {
                        is_same(
                            authority.as_str().as_bytes(),
                            host.as_bytes(),
                            request.uri(),
                        )
                    }) => {}
            (None, None) if version < Version::HTTP_11 => {}
            (None, None) if version >= Version::HTTP_2 && authority.is_some() => {}
            _ => return Err(Self::Malformed),
        }
        match framing {
            Framing::Length(length) if length > limit as u64 => Err(Self::TooLarge),
            Framing::Chunked if !is_plainly_chunked(request.headers()) => Err(Self::Malformed),
            _ => Ok(()),
        }
    }

    /// The answer, after which an HTTP/1 connection closes.
    pub(super) fn response(self, version: Version) -> own::Response {
        let status = match self {
            Self::Malformed => 400,
            Self::TooLarge => 413,
        };
        let mut response = own::Response::text(phrase(status)).status(status);
        if version < Version::HTTP_2 {
            response
                .headers_mut()
                .insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// Whether `chunked` is all that is said of the coding; the parser only sees to it that it is
/// said last. HTTP/2 says nothing.
fn is_plainly_chunked(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => true,
        (Some(coding), None) => coding
            .as_bytes()
            .trim_ascii()
            .eq_ignore_ascii_case(b"chunked"),
        (Some(_), Some(_)) => false,
    }
}

/// Whether this is a host name or address with an optional port, and nothing else.
fn is_host(text: &[u8]) -> bool {
    let mut end = 0;
    while end < text.len() && IN_HOST[usize::from(text[end])] {
        end += 1;
    }
    if text.first() == Some(&b'[') {
        let Some(length) = text.iter().position(|byte| *byte == b']') else {
            return false;
        };
        let address = std::str::from_utf8(&text[1..length]);
        if !address.is_ok_and(|address| address.parse::<Ipv6Addr>().is_ok()) {
            return false;
        }
        end = length + 1;
    }
    end > 0
        && match &text[end..] {
            [] | [b':'] => true,
            [b':', digits @ ..] => {
                let longer = |number, digit: &u8| {
                    let is_digit = digit.is_ascii_digit();
                    is_digit.then(|| number * 10 + u32::from(digit - b'0'))
                };
                let fits = |port| port <= u32::from(u16::MAX);
                digits.len() <= 5 && digits.iter().try_fold(0, longer).is_some_and(fits)
            }
            _ => false,
        }
}

/// Whether two spellings of a host are one: anything else lets whoever looks at one of them be
/// told another host than whoever looks at the other (RFC 9113, section 8.3.1).
fn is_same(authority: &[u8], host: &[u8], uri: &Uri) -> bool {
    let usual: &[u8] = match uri.scheme_str() {
        Some("https" | "wss") => b"443",
        _ => b"80",
    };
    let parts = |text| {
        let (name, port) = with_port(text);
        (
            name,
            Some(port).filter(|port| !port.is_empty() && *port != usual),
        )
    };
    let ((name, port), (other_name, other_port)) = (parts(authority), parts(host));
    name.eq_ignore_ascii_case(other_name) && port == other_port
}

/// The name and the port of a host that is one.
fn with_port(host: &[u8]) -> (&[u8], &[u8]) {
    let end = host.iter().rposition(|byte| matches!(byte, b':' | b']'));
    match end {
        Some(end) if host[end] == b':' => (&host[..end], &host[end + 1..]),
        _ => (host, b""),
    }
}

/// The bytes that may stand in the name of a host.
const IN_HOST: [bool; 256] = {
    let mut table = [false; 256];
    let marks = b"-._~%!$&'()*+,;=";
    let mut index = 0;
    while index < 256 {
        table[index] = (index as u8).is_ascii_alphanumeric();
        index += 1;
    }
    index = 0;
    while index < marks.len() {
        table[marks[index] as usize] = true;
        index += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn knows_hosts() {
        for host in [
            "a",
            "a.b:80",
            "[::1]",
            "[::1]:8000",
            "127.0.0.1:",
            "x_y",
            "xn--bcher-kva.de",
        ] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for host in [
            "",
            ":80",
            "a:b",
            "a:80:80",
            "a/b",
            "a b",
            "u@h",
            "a?b",
            "a#b",
            "[::1",
            "[x]",
            "[::1]x",
            "a\\b",
            "a:65536",
            "a:123456",
            "bücher.de",
            "a\t",
            "<a>",
            "a:-1",
            "a:+1",
        ] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }
}
