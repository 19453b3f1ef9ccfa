//! [`Access`]: who may look into the service, and who may change what is looked at.

use std::net::IpAddr;

use crate::error::{Error, HttpException};
use crate::http::Request;
use crate::security::compare_digest;

/// The variable of the environment that holds the token.
const TOKEN: &str = "LIVE_TOKEN";

/// Why a request that [`is_misled`](Access::is_misled) gets no answer.
pub(crate) const MISLED: &str =
    "this name is not mine: ask for localhost or an address, or send the token";

/// Who may look into the service, and who may change what is looked at.
///
/// Whoever has the token may do both. Without a token that is set, so may those on this machine; all
/// others see which probes and routes there are, and no values.
#[derive(Debug)]
pub(crate) struct Access {
    token: Option<String>,
}

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rights {
    /// See which probes and routes there are.
    Read,
    /// Set probes and see what they capture.
    Full,
}

impl Access {
    /// With this token; an empty one is none.
    pub(crate) fn new(token: Option<String>) -> Self {
        Self {
            token: token.filter(|token| !token.is_empty()),
        }
    }

    /// With the token that the environment holds.
    pub(crate) fn of_environment() -> Self {
        Self::new(std::env::var(TOKEN).ok())
    }

    /// Whether a token is asked for.
    pub(crate) fn needs_token(&self) -> bool {
        self.token.is_some()
    }

    /// What the sender of a request may do.
    pub(crate) fn rights(&self, request: &Request) -> Rights {
        let full = match &self.token {
            Some(token) => bearer(request).is_some_and(|given| compare_digest(given, token)),
            None => is_local(request),
        };
        if full { Rights::Full } else { Rights::Read }
    }

    /// Whether a request may come from a page of another site that was led here by its own name (DNS
    /// rebinding). For its browser it is of the same origin: the page may read the answer, and nothing
    /// but the name tells that it should not.
    pub(crate) fn is_misled(&self, request: &Request) -> bool {
        let by_token = self.token.is_some() && self.rights(request) == Rights::Full;
        // No page of a browser reaches a Unix socket, which has no address.
        let by_socket = request.head().peer.address().is_none();
        !by_token && !by_socket && !request.header("host").is_none_or(is_own_name)
    }

    /// The same of what is scraped. Scrapers on other machines call the service by any name, and what
    /// they reach others reach as well; a browser on this machine reaches what nobody else does.
    pub(crate) fn is_misled_here(&self, request: &Request) -> bool {
        is_loopback(request) && self.is_misled(request)
    }

    /// Checks what must hold for every request: a page of another site that was led here must learn
    /// nothing, and nothing may be changed by a form.
    ///
    /// # Errors
    /// The answer to a request that is refused.
    pub(crate) fn check(&self, request: &Request) -> Result<(), Error> {
        if self.is_misled(request) {
            return Err(HttpException::new(421, MISLED).into());
        }
        let media_type = request.header("content-type").unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        let sends = matches!(*request.method(), http::Method::POST | http::Method::PUT);
        if sends && !media_type.eq_ignore_ascii_case("application/json") {
            let message = "the content type must be application/json";
            return Err(HttpException::new(415, message).into());
        }
        Ok(())
    }

    /// Checks that the sender may change something or see values.
    ///
    /// # Errors
    /// The answer to one who may not.
    pub(crate) fn demand(&self, request: &Request) -> Result<(), Error> {
        if self.rights(request) == Rights::Full {
            return Ok(());
        }
        let message = match self.token {
            Some(_) => "this needs the token: `Authorization: Bearer …`",
            None => "this is for those on the same machine; set LIVE_TOKEN to let others in",
        };
        let status = if self.token.is_some() { 401 } else { 403 };
        let mut exception = HttpException::new(status, message);
        if status == 401 {
            exception = exception.header("www-authenticate", "Bearer");
        }
        Err(exception.into())
    }
}

fn bearer(request: &Request) -> Option<&str> {
    let (scheme, token) = request.header("authorization")?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

/// Whether a request comes over the network from this machine.
fn is_loopback(request: &Request) -> bool {
    let address = request.head().peer.address();
    address.is_some_and(|address| address.ip().to_canonical().is_loopback())
}

/// Whether a request comes from this machine, and not through a proxy on it.
fn is_local(request: &Request) -> bool {
    let proxied = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];
    // A Unix socket has no address; who may open it the file system decides.
    let by_socket = request.head().peer.address().is_none();
    (by_socket || is_loopback(request))
        && !proxied
            .iter()
            .any(|name| request.headers().contains_key(*name))
}

/// Whether a host is one that no foreign site can call itself.
fn is_own_name(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let name = name.trim_end_matches('.');
    name.parse::<IpAddr>().is_ok()
        || name.eq_ignore_ascii_case("localhost")
        || name.to_ascii_lowercase().ends_with(".localhost")
        || name.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_names_are_told_from_own_ones() {
        for own in [
            "localhost:9000",
            "127.0.0.1",
            "[::1]:9000",
            "api.localhost",
            "",
        ] {
            assert!(is_own_name(own), "{own}");
        }
        for foreign in [
            "evil.example",
            "localhost.evil.example:80",
            "127.0.0.1.evil.example",
        ] {
            assert!(!is_own_name(foreign), "{foreign}");
        }
    }
}
