//! What must not be shown of a request.

use std::borrow::Cow;

use http::HeaderMap;

use crate::depends::Plan;
use crate::json::Value;
use crate::operation::Parameter;

/// What stands in place of a secret.
const HIDDEN: &str = "hidden";

/// Parts of names that say that the value is a secret.
const TELLING: [&str; 13] = [
    "auth",
    "cookie",
    "token",
    "secret",
    "password",
    "passwd",
    "api-key",
    "api_key",
    "apikey",
    "session",
    "signature",
    "credential",
    "csrf",
];

/// The headers whose values are addresses, which may have secrets in them.
const ADDRESSES: [&str; 4] = ["referer", "location", "content-location", "x-original-url"];

/// The longest value that is shown, in bytes.
const LONGEST: usize = 256;
/// How much of all headers together is shown, in bytes.
const MOST: usize = 4096;

/// Which headers and parameters of queries are not shown: those whose names tell that they are
/// secrets, and those that somebody named.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets {
    /// In lower case.
    named: Vec<String>,
    /// Whether a route takes a secret in its path.
    in_paths: bool,
}

impl Secrets {
    pub(crate) fn hide(&mut self, name: &str) {
        self.named.push(name.to_ascii_lowercase());
    }

    /// Hides what the security schemes among the steps of a route take.
    pub(crate) fn taken_by(&mut self, plan: &Plan) {
        for step in &plan.steps {
            let Some((_, scheme)) = step.definition.security.map(|describe| describe()) else {
                continue;
            };
            if let Some(name) = scheme.get("name").and_then(Value::as_str) {
                self.hide(name);
            }
        }
    }

    /// Hides the parameters that are declared secret.
    pub(crate) fn declared<'a>(&mut self, parameters: impl Iterator<Item = &'a Parameter>) {
        for parameter in parameters {
            let group = (parameter.group)().iter();
            for field in group.chain([&parameter.field]).filter(|field| field.secret) {
                self.hide(field.name);
                for name in field.aliases.iter().chain([&field.alias]) {
                    self.hide(name);
                    // As the header is called.
                    self.hide(&name.replace('_', "-"));
                }
            }
        }
    }

    /// Takes note of a route with this template.
    pub(crate) fn route(&mut self, template: &str) {
        self.in_paths |= self.has_segment(template);
    }

    /// Whether paths cannot be shown before it is known which routes they lead to.
    pub(crate) fn are_in_paths(&self) -> bool {
        self.in_paths
    }

    /// Hides what another hides too.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.named.extend_from_slice(&other.named);
        self.in_paths |= other.in_paths;
    }

    /// Whether somebody said that this is a secret.
    pub(crate) fn names(&self, name: &str) -> bool {
        self.named
            .iter()
            .any(|named| named.eq_ignore_ascii_case(name))
    }

    /// Whether what is called so is a secret.
    pub(crate) fn has(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let is_key = name == "key" || name.ends_with("-key") || name.ends_with("_key");
        is_key || TELLING.iter().any(|part| name.contains(part)) || self.named.contains(&name)
    }

    /// Names and values as they may be shown, as far as there is room; values that are too long are
    /// cut.
    pub(crate) fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let mut room = MOST;
        let mut shown = Vec::new();
        for (name, value) in headers {
            let value = match self.has(name.as_str()) {
                true => HIDDEN.to_owned(),
                false => {
                    let value = String::from_utf8_lossy(value.as_bytes());
                    cut(&self.shown(name.as_str(), &value), LONGEST).to_owned()
                }
            };
            let Some(left) = room.checked_sub(name.as_str().len() + value.len()) else {
                break;
            };
            room = left;
            shown.push((name.as_str().to_owned(), value));
        }
        shown
    }

    /// The value of a header as it may be shown: of an address without the secrets of its query and
    /// fragment.
    pub(crate) fn shown<'a>(&self, name: &str, value: &'a str) -> Cow<'a, str> {
        if !ADDRESSES.contains(&name) {
            return Cow::Borrowed(value);
        }
        let (address, fragment) = match value.split_once('#') {
            Some((address, fragment)) => (address, Some(fragment)),
            None => (value, None),
        };
        let address = self.target(address, None);
        let hidden = fragment.and_then(|fragment| self.query(fragment));
        match (hidden, fragment) {
            (Some(hidden), _) => Cow::Owned(format!("{address}#{hidden}")),
            (None, Some(fragment)) if matches!(address, Cow::Owned(_)) => {
                Cow::Owned(format!("{address}#{fragment}"))
            }
            (None, Some(_)) => Cow::Borrowed(value),
            (None, None) => address,
        }
    }

    /// A path with a query as it may be shown, asked of a route with this template.
    pub(crate) fn target<'a>(&self, target: &'a str, route: Option<&str>) -> Cow<'a, str> {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        let path = match route {
            Some(route) if self.has_segment(route) => Cow::Owned(self.path(path, route)),
            _ => Cow::Borrowed(path),
        };
        match (query.and_then(|query| self.query(query)), query) {
            (Some(query), _) => Cow::Owned(format!("{path}?{query}")),
            (None, Some(query)) if matches!(path, Cow::Owned(_)) => {
                Cow::Owned(format!("{path}?{query}"))
            }
            (None, None) => path,
            (None, Some(_)) => Cow::Borrowed(target),
        }
    }

    /// Whether a template has a segment whose value is a secret.
    fn has_segment(&self, route: &str) -> bool {
        route.split('/').any(|segment| self.is_segment(segment))
    }

    /// Whether a segment of a template, as `{token}` or `{token:path}`, takes a secret.
    fn is_segment(&self, segment: &str) -> bool {
        let mut places = segment.split('{').skip(1);
        places.any(|place| {
            let name = place.split([':', '}']).next().unwrap_or_default();
            self.has(name)
        })
    }

    /// A path of a route with a secret in it; what cannot be told apart is hidden too.
    fn path(&self, path: &str, route: &str) -> String {
        let mut shown = Vec::new();
        let mut segments = path.split('/');
        for of_route in route.split('/') {
            let Some(segment) = segments.next() else {
                break;
            };
            if self.is_segment(of_route) {
                shown.push(HIDDEN);
                if of_route.contains(":path}") {
                    return shown.join("/");
                }
            } else if of_route.contains(":path}")
                || !(of_route == segment || of_route.contains('{'))
            {
                // From here on segments of the path are not those of the template.
                shown.push(HIDDEN);
                return shown.join("/");
            } else {
                shown.push(segment);
            }
        }
        shown.join("/")
    }

    /// A query as it may be shown, where that differs.
    fn query(&self, query: &str) -> Option<String> {
        let is_secret = |pair: &str| {
            let name = pair.split('=').next().unwrap_or_default();
            let decoded = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
            pair.contains('=') && self.has(&decoded)
        };
        if !query.split('&').any(is_secret) {
            return None;
        }
        let pairs = query.split('&').map(|pair| match is_secret(pair) {
            true => format!("{}={HIDDEN}", pair.split('=').next().unwrap_or_default()),
            false => pair.to_owned(),
        });
        let pairs: Vec<String> = pairs.collect();
        Some(pairs.join("&"))
    }
}

/// The beginning of a text, no longer than this.
pub(crate) fn cut(text: &str, longest: usize) -> &str {
    &text[..text.floor_char_boundary(longest)]
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn names_tell_what_is_secret() {
        let mut secrets = Secrets::default();
        secrets.hide("X-Tenant");
        for name in [
            "authorization",
            "Proxy-Authorization",
            "cookie",
            "Set-Cookie",
            "x-api-key",
            "x-tenant",
            "access_token",
            "X-Amz-Signature",
            "client_secret",
            "key",
            "subscription-key",
        ] {
            assert!(secrets.has(name), "{name}");
        }
        for name in [
            "accept",
            "host",
            "user-agent",
            "x-request-id",
            "content-type",
            "keyboard",
        ] {
            assert!(!secrets.has(name), "{name}");
        }
    }

    #[test]
    fn queries_keep_their_names() {
        let secrets = Secrets::default();
        let shown = |target| secrets.target(target, None).into_owned();
        assert_eq!(shown("/a?q=1&token=abc&x"), "/a?q=1&token=hidden&x");
        assert_eq!(shown("/a?%74oken=abc"), "/a?%74oken=hidden");
        assert_eq!(shown("/a?q=token"), "/a?q=token");
        assert_eq!(shown("/token"), "/token");
    }

    #[test]
    fn addresses_in_headers_lose_their_secrets() {
        let secrets = Secrets::default();
        let shown = |name, value| secrets.shown(name, value).into_owned();
        assert_eq!(
            shown("referer", "https://a.example/b?q=1&token=abc"),
            "https://a.example/b?q=1&token=hidden"
        );
        assert_eq!(
            shown("location", "/in?state=1#access_token=abc&n=1"),
            "/in?state=1#access_token=hidden&n=1"
        );
        assert_eq!(shown("location", "/in?token=a#top"), "/in?token=hidden#top");
        assert_eq!(shown("location", "/in?q=1#top"), "/in?q=1#top");
        assert_eq!(shown("x-note", "?token=abc"), "?token=abc");
    }

    #[test]
    fn secrets_in_paths_are_hidden() {
        let secrets = Secrets::default();
        let shown = |target, route| secrets.target(target, Some(route)).into_owned();
        assert_eq!(
            shown("/login/abc?q=1", "/login/{token}"),
            "/login/hidden?q=1"
        );
        assert_eq!(
            shown("/a/abc/b?token=c", "/a/{token}/{id}"),
            "/a/hidden/b?token=hidden"
        );
        assert_eq!(shown("/keys/a/b/c", "/keys/{key:path}"), "/keys/hidden");
        assert_eq!(shown("/a/b/c/d", "/{file:path}/{token}"), "/hidden");
        assert_eq!(shown("/api/login/abc", "/login/{token}"), "/hidden");
        assert_eq!(shown("/items/abc", "/items/{id}"), "/items/abc");
    }

    #[test]
    fn headers_are_bounded() {
        let mut headers = HeaderMap::new();
        for index in 0..100 {
            let name: http::HeaderName = format!("x-{index}").parse().expect("a name");
            headers.insert(
                name,
                HeaderValue::from_str(&"é".repeat(500)).expect("a value"),
            );
        }
        let shown = Secrets::default().headers(&headers);
        let length: usize = shown
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        assert!((1..=MOST).contains(&length) && shown[0].1.len() <= LONGEST);
    }
}
