//! The `host` header, which may not change what a URL means.

use std::net::Ipv6Addr;

/// Host and port of a `host` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HostHeader<'a> {
    /// As it was spelled, with the brackets of an IPv6 address.
    pub(crate) host: &'a str,
    pub(crate) port: Option<&'a str>,
}

impl<'a> HostHeader<'a> {
    /// The parts of a header; nothing where it holds more than a host and a port.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (host, rest) = match text.strip_prefix('[') {
            Some(inside) => {
                let (inside, _) = inside.split_once(']')?;
                let valid = inside.parse::<Ipv6Addr>().is_ok() || is_future_address(inside);
                valid.then(|| text.split_at(inside.len() + 2))?
            }
            None => {
                let end = text.find(':').unwrap_or(text.len());
                let (host, rest) = text.split_at(end);
                let valid = !host.is_empty() && host.bytes().all(is_name_byte);
                valid.then_some((host, rest))?
            }
        };
        let port = match rest.strip_prefix(':') {
            None if rest.is_empty() => None,
            Some(port) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(port)
            }
            _ => return None,
        };
        Some(Self { host, port })
    }

    /// Whether the port is one, where it is given.
    pub(crate) fn has_valid_port(&self) -> bool {
        self.port.is_none_or(|port| {
            let port = port.trim_start_matches('0');
            port.is_empty() || port.parse::<u16>().is_ok()
        })
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._~%!$&'()*+,;=-".contains(&byte)
}

/// An address of a version to come, as RFC 3986 reserves them.
fn is_future_address(text: &str) -> bool {
    let Some((version, address)) = text.strip_prefix('v').and_then(|text| text.split_once('.'))
    else {
        return false;
    };
    let is_address_byte = |byte: u8| byte != b'%' && (byte == b':' || is_name_byte(byte));
    !version.is_empty()
        && version.bytes().all(|byte| byte.is_ascii_hexdigit())
        && !address.is_empty()
        && address.bytes().all(is_address_byte)
}

#[cfg(test)]
mod tests {
    use super::HostHeader;

    #[test]
    fn only_a_host_and_a_port() {
        for (text, parts) in [
            ("shop.example", Some(("shop.example", None))),
            ("shop.example:8000", Some(("shop.example", Some("8000")))),
            ("[::1]:80", Some(("[::1]", Some("80")))),
            ("[v1.a:b]", Some(("[v1.a:b]", None))),
            ("[::1]x", None),
            ("[::g]", None),
            ("[::1", None),
            ("a@b", None),
            ("a/b", None),
            ("a b", None),
            ("a:b", None),
            ("a:", None),
            (":80", None),
            ("", None),
            ("caf\u{e9}.example", None),
        ] {
            let parsed = HostHeader::parse(text).map(|parsed| (parsed.host, parsed.port));
            assert_eq!(parsed, parts, "{text}");
        }
        let port = |text| HostHeader::parse(text).map(|parsed| parsed.has_valid_port());
        assert_eq!(port("a:65535"), Some(true));
        assert_eq!(port("a:000080"), Some(true));
        assert_eq!(port("a:65536"), Some(false));
    }
}
