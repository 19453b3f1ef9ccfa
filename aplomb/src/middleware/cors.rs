//! [`Cors`]: which pages of other origins may call the service.

use std::collections::BTreeSet;

use ::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use ::http::{HeaderMap, HeaderName, HeaderValue, Method};
use regex::Regex;

use super::vary::add_vary;
use super::{Middleware, Next};
use crate::app::Compat;
use crate::error::Result;
use crate::http::{Request, Response};

const METHODS: [&str; 8] = [
    "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY",
];
const ALWAYS_ALLOWED: [&str; 4] = [
    "Accept",
    "Accept-Language",
    "Content-Language",
    "Content-Type",
];
const PREFLIGHT_VARY: HeaderValue = HeaderValue::from_static(
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, \
     Access-Control-Request-Private-Network",
);
const REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");
const ANY: HeaderValue = HeaderValue::from_static("*");
const TRUE: HeaderValue = HeaderValue::from_static("true");

/// Which pages of other origins may call the service: FastAPI's `CORSMiddleware`.
///
/// ```
/// use aplomb::middleware::Cors;
/// use aplomb::prelude::*;
///
/// let cors = Cors::new()
///     .allow_origins(["https://shop.example"])
///     .allow_methods(["GET", "POST"])
///     .allow_headers(["*"])
///     .allow_credentials();
/// let client = aplomb::testing::TestClient::new(App::new().middleware(cors));
/// let answer = client.get("/docs").header("origin", "https://shop.example").send();
/// assert_eq!(answer.header("access-control-allow-origin"), Some("https://shop.example"));
/// ```
///
/// Every origin together with credentials (`allow_origins(["*"])` and `allow_credentials()`) would
/// let any page act in the name of whoever visits it: then every origin is allowed, but without
/// credentials. [`Compat::Exact`] answers as FastAPI does, with the origin that asks.
#[derive(Clone, Debug)]
pub struct Cors {
    origins: Vec<String>,
    origin_regex: Option<Regex>,
    methods: Vec<String>,
    headers: BTreeSet<String>,
    credentials: bool,
    private_network: bool,
    expose_headers: Vec<String>,
    max_age: u32,
}

impl Default for Cors {
    fn default() -> Self {
        Self::new()
    }
}

impl Cors {
    /// Allows no origin yet, and GET for those that will be.
    pub fn new() -> Self {
        Self {
            origins: Vec::new(),
            origin_regex: None,
            methods: vec!["GET".to_owned()],
            headers: ALWAYS_ALLOWED.map(str::to_owned).into(),
            credentials: false,
            private_network: false,
            expose_headers: Vec::new(),
            max_age: 600,
        }
    }

    /// Allows these origins, such as `https://shop.example`; `*` is every one.
    #[must_use]
    pub fn allow_origins<T: Into<String>>(mut self, origins: impl IntoIterator<Item = T>) -> Self {
        self.origins.extend(origins.into_iter().map(Into::into));
        self
    }

    /// Allows the origins that this expression matches as a whole.
    ///
    /// # Panics
    /// When it is no regular expression.
    #[must_use]
    #[track_caller]
    pub fn allow_origin_regex(mut self, regex: &str) -> Self {
        match Regex::new(&format!(r"\A(?:{regex})\z")) {
            Ok(regex) => self.origin_regex = Some(regex),
            Err(error) => panic!("`{regex}` is no regular expression for origins: {error}"),
        }
        self
    }

    /// Allows these methods in place of GET; `*` is every one.
    #[must_use]
    pub fn allow_methods<T: Into<String>>(mut self, methods: impl IntoIterator<Item = T>) -> Self {
        self.methods = methods.into_iter().map(Into::into).collect();
        if self.methods.iter().any(|method| method == "*") {
            self.methods = METHODS.map(str::to_owned).into();
        }
        self
    }

    /// Allows these headers besides those that always are; `*` is every one.
    #[must_use]
    pub fn allow_headers<T: Into<String>>(mut self, headers: impl IntoIterator<Item = T>) -> Self {
        self.headers.extend(headers.into_iter().map(Into::into));
        self
    }

    /// Lets pages send cookies and credentials along.
    #[must_use]
    pub fn allow_credentials(mut self) -> Self {
        self.credentials = true;
        self
    }

    /// Lets pages of public sites call this service in a private network.
    #[must_use]
    pub fn allow_private_network(mut self) -> Self {
        self.private_network = true;
        self
    }

    /// Lets pages read these headers of an answer.
    #[must_use]
    pub fn expose_headers<T: Into<String>>(mut self, headers: impl IntoIterator<Item = T>) -> Self {
        self.expose_headers
            .extend(headers.into_iter().map(Into::into));
        self
    }

    /// How many seconds a browser may keep what it was told; 600 unless said otherwise.
    #[must_use]
    pub fn max_age(mut self, seconds: u32) -> Self {
        self.max_age = seconds;
        self
    }

    fn allows_every_origin(&self) -> bool {
        self.origins.iter().any(|origin| origin == "*")
    }

    fn allows(&self, origin: &HeaderValue) -> bool {
        let Ok(origin) = origin.to_str() else {
            return self.allows_every_origin();
        };
        let listed = || self.origins.iter().any(|known| known == origin);
        let matched = |regex: &Regex| regex.is_match(origin);
        self.allows_every_origin() || self.origin_regex.as_ref().is_some_and(matched) || listed()
    }

    /// Whether credentials are allowed to the origin that is told.
    fn credentials(&self, compat: Compat) -> bool {
        self.credentials && (!self.allows_every_origin() || compat == Compat::Exact)
    }

    /// The origin to tell to one that is allowed.
    fn told(&self, origin: &HeaderValue, compat: Compat) -> HeaderValue {
        if self.allows_every_origin() && !self.credentials(compat) {
            ANY
        } else {
            origin.clone()
        }
    }

    fn preflight(&self, origin: &HeaderValue, request: &Request) -> Response {
        let (asked, compat) = (request.headers(), request.head().compat);
        let mut headers = HeaderMap::new();
        let mut refused = Vec::new();
        headers.insert(VARY, PREFLIGHT_VARY);
        if self.allows(origin) {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, self.told(origin, compat));
        } else {
            refused.push("origin");
        }
        set(
            &mut headers,
            ACCESS_CONTROL_ALLOW_METHODS,
            &self.methods.join(", "),
        );
        headers.insert(ACCESS_CONTROL_MAX_AGE, self.max_age.into());
        let method = asked.get(ACCESS_CONTROL_REQUEST_METHOD);
        if !method.is_some_and(|method| self.methods.iter().any(|known| method == known)) {
            refused.push("method");
        }
        let names = asked.get(ACCESS_CONTROL_REQUEST_HEADERS);
        if self.headers.contains("*") {
            if let Some(names) = names {
                headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
            }
        } else {
            let allowed: Vec<&str> = self.headers.iter().map(String::as_str).collect();
            set(
                &mut headers,
                ACCESS_CONTROL_ALLOW_HEADERS,
                &allowed.join(", "),
            );
            if names.is_some_and(|names| !self.allows_headers(names)) {
                refused.push("headers");
            }
        }
        if self.credentials(compat) {
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        }
        if asked.contains_key(REQUEST_PRIVATE_NETWORK) {
            if self.private_network {
                headers.insert(ALLOW_PRIVATE_NETWORK, TRUE);
            } else {
                refused.push("private-network");
            }
        }
        let mut response = if refused.is_empty() {
            Response::text("OK")
        } else {
            Response::text(format!("Disallowed CORS {}", refused.join(", "))).status(400)
        };
        response.headers_mut().extend(headers);
        response
    }

    fn allows_headers(&self, names: &HeaderValue) -> bool {
        let names = String::from_utf8_lossy(names.as_bytes());
        names.split(',').all(|name| {
            let name = name.trim();
            self.headers
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name))
        })
    }

    /// Tells the origin of a request what it may read of the answer.
    fn tell(&self, headers: &mut HeaderMap, origin: Option<&HeaderValue>, compat: Compat) {
        if let Some(origin) = origin {
            if self.allows(origin) {
                headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, self.told(origin, compat));
            }
            if self.credentials(compat) {
                headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
            }
            if !self.expose_headers.is_empty() {
                let exposed = self.expose_headers.join(", ");
                set(headers, ACCESS_CONTROL_EXPOSE_HEADERS, &exposed);
            }
        }
        add_vary(headers, "Origin");
    }
}

/// Sets a header of the user's own words; words that no header may hold are left out.
fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

impl Middleware for Cors {
    async fn handle(&self, request: Request, next: Next) -> Result<Response> {
        let origin = request.headers().get(ORIGIN).cloned();
        if let Some(origin) = &origin
            && request.method() == Method::OPTIONS
            && request
                .headers()
                .contains_key(ACCESS_CONTROL_REQUEST_METHOD)
        {
            return Ok(self.preflight(origin, &request));
        }
        let compat = request.head().compat;
        let mut response = next.run(request).await?;
        self.tell(response.headers_mut(), origin.as_ref(), compat);
        Ok(response)
    }
}
