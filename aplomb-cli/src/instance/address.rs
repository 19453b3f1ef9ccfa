//! Addresses of management listeners as people write them.

use std::net::Ipv6Addr;

use crate::failure::Failure;

/// The port of management listeners, unless an address says another.
const PORT: u16 = 9000;

/// The URL of an address.
///
/// # Errors
/// When it is none.
pub(super) fn url(address: &str) -> Result<String, Failure> {
    let url = match address.contains("://") {
        true => address.to_owned(),
        false => format!("http://{}", with_port(address)),
    };
    let authority = url.split_once("://").map_or("", |(_, rest)| rest);
    if authority
        .split('/')
        .next()
        .unwrap_or_default()
        .contains('@')
    {
        // It would be shown wherever the instance is named.
        let message = "an address has no user and no password; `--token` is what lets one in";
        return Err(Failure::Usage(message.to_owned()));
    }
    let wrong = |why: &str| Err(Failure::Usage(format!("{address}: {why}")));
    match url.split_once("://") {
        Some(("https", _)) if !cfg!(feature = "tls") => wrong("built without the feature `tls`"),
        Some(("http" | "https", host)) if !host.trim_matches('/').is_empty() => {
            Ok(url.trim_end_matches('/').to_owned())
        }
        _ => wrong("an address is http://host:port or unix:/path"),
    }
}

/// A host as a URL has it, with the usual port of management listeners where it names none.
pub(crate) fn with_port(host: &str) -> String {
    let host = match host.parse::<Ipv6Addr>() {
        Ok(address) => format!("[{address}]"),
        Err(_) => host.trim_end_matches('/').to_owned(),
    };
    // The colons of an address in brackets are its own.
    let last = host.rsplit(']').next().unwrap_or_default();
    match host.is_empty() || last.contains(':') {
        true => host,
        false => format!("{host}:{PORT}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instance::Instance;

    #[test]
    fn addresses_become_urls() {
        for (address, expected) in [
            ("10.0.0.1:9000/", "http://10.0.0.1:9000"),
            ("orders", "http://orders:9000"),
            ("http://orders", "http://orders"),
            ("::1", "http://[::1]:9000"),
            ("[::1]", "http://[::1]:9000"),
            ("[::1]:81", "http://[::1]:81"),
        ] {
            assert_eq!(url(address).expect("a URL"), expected);
        }
        for wrong in ["ftp://host", "http://", ""] {
            assert!(url(wrong).is_err(), "{wrong}");
        }
        let instance = Instance::new("http://localhost:9000", None, None).expect("an instance");
        assert_eq!(instance.name, "localhost:9000");
    }

    #[test]
    fn passwords_are_never_part_of_a_name() {
        for address in ["http://ada:hunter2@localhost:9000", "ada:hunter2@localhost"] {
            let failure = Instance::new(address, None, None).expect_err("refused");
            let message = failure.message().expect("a message");
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}
