//! [`WebSocketSettings`]: what one WebSocket may cost, and who may open one.

use std::time::Duration;

/// What one WebSocket may cost, and who may open one; give it with
/// [`App::websockets`](crate::App::websockets).
///
/// Sizes and times are uvicorn's. The check of the origin is not: uvicorn has none, so that any
/// page a user visits may open a WebSocket with that user's cookies.
///
/// ```
/// use aplomb::{App, WebSocketSettings};
///
/// let app = App::new().websockets(WebSocketSettings {
///     allowed_origins: vec!["https://shop.example".to_owned()],
///     ..WebSocketSettings::default()
/// });
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebSocketSettings {
    /// Bytes of one message, also once inflated; above: close 1009. Default 16 MiB.
    pub max_size: usize,
    /// Bytes of one frame as it arrives; above: close 1009. Default 16 MiB.
    pub max_frame_size: usize,
    /// How often the client is pinged; nothing for never. Default 20 s.
    pub ping_interval: Option<Duration>,
    /// How long after a ping nothing may be heard of the client; above: close 1011. Nothing for
    /// any time. Default 20 s.
    pub ping_timeout: Option<Duration>,
    /// How long the client may take to answer a close frame; above, the connection is cut.
    /// Default 10 s.
    pub close_timeout: Duration,
    /// Whether messages are compressed with clients that offer it (RFC 7692). Default yes.
    pub per_message_deflate: bool,
    /// Whose pages may connect besides those of the host itself: origins as browsers send them,
    /// such as `https://shop.example`, or `*` for all. Pages of the host that came without TLS may
    /// not connect to it over TLS unless they are listed. Clients other than browsers send no origin
    /// and may always connect. Default none.
    pub allowed_origins: Vec<String>,
}

impl Default for WebSocketSettings {
    fn default() -> Self {
        Self {
            max_size: 16 << 20,
            max_frame_size: 16 << 20,
            ping_interval: Some(Duration::from_secs(20)),
            ping_timeout: Some(Duration::from_secs(20)),
            close_timeout: Duration::from_secs(10),
            per_message_deflate: true,
            allowed_origins: Vec::new(),
        }
    }
}

impl WebSocketSettings {
    /// Whether a page of `origin` may connect to `host`, which is asked by `scheme`.
    pub(crate) fn allows(&self, origin: &str, scheme: &str, host: Option<&str>) -> bool {
        let listed = |allowed: &String| allowed == "*" || allowed.eq_ignore_ascii_case(origin);
        self.allowed_origins.iter().any(listed)
            || host.is_some_and(|host| is_of_host(origin, scheme, host))
    }
}

fn is_of_host(origin: &str, asked_by: &str, host: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else {
        return false;
    };
    let usual = match scheme {
        // Anybody on the way may have written a page that came without TLS. The other way round
        // is usual: a proxy that ends TLS without saying so.
        "http" if asked_by == "https" => return false,
        "http" => ":80",
        "https" => ":443",
        _ => return false,
    };
    let plain = |text: &str| {
        text.strip_suffix(usual)
            .unwrap_or(text)
            .to_ascii_lowercase()
    };
    plain(authority) == plain(host)
}

#[cfg(test)]
mod tests {
    use super::WebSocketSettings;

    #[test]
    fn pages_of_the_host_may_connect() {
        let settings = WebSocketSettings::default();
        for (origin, host, allowed) in [
            ("http://shop.example", "shop.example", true),
            ("https://shop.example", "shop.example:443", true),
            ("https://Shop.example:8443", "shop.example:8443", true),
            ("http://shop.example", "shop.example:8000", false),
            ("http://evil.example", "shop.example", false),
            ("http://shop.example.evil.example", "shop.example", false),
            ("null", "shop.example", false),
            ("file://", "", false),
        ] {
            assert_eq!(
                settings.allows(origin, "http", Some(host)),
                allowed,
                "{origin} to {host}"
            );
        }
        assert!(!settings.allows("http://shop.example", "http", None));
        for (origin, allowed) in [
            ("https://shop.example", true),
            ("http://shop.example", false),
        ] {
            let host = Some("shop.example");
            assert_eq!(settings.allows(origin, "https", host), allowed, "{origin}");
        }
    }

    #[test]
    fn further_origins_may_be_listed() {
        let mut settings = WebSocketSettings::default();
        settings
            .allowed_origins
            .push("https://a.example".to_owned());
        assert!(settings.allows("https://a.example", "https", Some("b.example")));
        assert!(!settings.allows("http://a.example", "https", Some("b.example")));
        settings.allowed_origins.push("*".to_owned());
        assert!(settings.allows("null", "https", None));
    }
}
