//! [`Sessions`]: values that a client keeps in a signed cookie.

mod session;
mod signer;

use std::fmt;

use ::http::HeaderValue;
use ::http::header::SET_COOKIE;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub use self::session::Session;
use self::signer::Signer;
use super::vary::add_vary;
use super::{Middleware, Next};
use crate::error::Result;
use crate::http::{Request, Response, SameSite};
use crate::json::{self, Object, Value};

/// What browsers keep of one cookie.
const KEPT_BY_BROWSERS: usize = 4096;

/// Gives handlers a [`Session`], which the client keeps in a signed cookie: FastAPI's
/// `SessionMiddleware`.
///
/// The client can read what is in it, and cannot change it. The cookies are those of FastAPI: a
/// service that moves here keeps its clients' sessions if it keeps its secret.
///
/// ```
/// use aplomb::middleware::{Session, Sessions};
/// use aplomb::prelude::*;
///
/// #[post("/visits")]
/// async fn visit(session: Session) -> i64 {
///     let visits = session.get("visits").and_then(|visits| visits.as_i64()).unwrap_or(0) + 1;
///     session.insert("visits", visits);
///     visits
/// }
///
/// let app = App::new().routes(routes![visit]).middleware(Sessions::new("a long random text"));
/// let client = aplomb::testing::TestClient::new(app);
/// assert_eq!(client.post("/visits").send().json(), 1);
/// assert_eq!(client.post("/visits").send().json(), 2);
/// ```
#[derive(Clone)]
pub struct Sessions {
    signer: Signer,
    cookie: String,
    max_age: Option<u32>,
    path: String,
    same_site: SameSite,
    https_only: bool,
    domain: Option<String>,
    partitioned: bool,
}

impl Sessions {
    /// Sessions that last 14 days, in a cookie `session` signed with this secret.
    ///
    /// # Panics
    /// When the secret is empty.
    #[track_caller]
    pub fn new(secret: impl AsRef<str>) -> Self {
        Self {
            signer: Signer::new(secret.as_ref()),
            cookie: "session".to_owned(),
            max_age: Some(14 * 24 * 60 * 60),
            path: "/".to_owned(),
            same_site: SameSite::Lax,
            https_only: false,
            domain: None,
            partitioned: false,
        }
    }

    /// Still reads cookies that were signed with these secrets, and signs them anew with the
    /// present one when they change.
    ///
    /// # Panics
    /// When one is empty.
    #[must_use]
    #[track_caller]
    pub fn old_secrets<T: AsRef<str>>(mut self, secrets: impl IntoIterator<Item = T>) -> Self {
        for secret in secrets {
            self.signer.also_accept(secret.as_ref());
        }
        self
    }

    /// Keeps the sessions in a cookie of this name.
    ///
    /// # Panics
    /// When it is no name for a cookie.
    #[must_use]
    #[track_caller]
    pub fn cookie(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        let is_token =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        assert!(
            !name.is_empty() && name.bytes().all(is_token),
            "`{name}` is no name for a cookie"
        );
        self.cookie = name;
        self
    }

    /// How many seconds a session lasts after its last change; `None` until the browser closes.
    #[must_use]
    pub fn max_age(mut self, seconds: impl Into<Option<u32>>) -> Self {
        self.max_age = seconds.into();
        self
    }

    /// Sends the cookie below this path only.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// When a browser sends the cookie with requests that another site started.
    #[must_use]
    pub fn same_site(mut self, same_site: SameSite) -> Self {
        self.same_site = same_site;
        self
    }

    /// Sends the cookie over `https` only.
    #[must_use]
    pub fn https_only(mut self) -> Self {
        self.https_only = true;
        self
    }

    /// Shares the cookie with the hosts below this domain.
    #[must_use]
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.domain = Some(domain.into());
        self
    }

    /// Keeps the cookie apart for every site the service is embedded in.
    #[must_use]
    pub fn partitioned(mut self) -> Self {
        self.partitioned = true;
        self
    }

    /// The values in a cookie, where it is signed and not too old.
    fn read(&self, cookie: &str) -> Option<Object> {
        let data = self.signer.unsign(cookie, self.max_age)?;
        match json::parse(&STANDARD.decode(data).ok()?).ok()? {
            Value::Object(values) => Some(values),
            _ => None,
        }
    }

    fn set_cookie(&self, values: Option<Object>) -> Option<HeaderValue> {
        let (data, age) = match values {
            Some(values) => {
                let text = Value::Object(values).to_string();
                let age = self.max_age.map(|age| format!("Max-Age={age}; "));
                (
                    self.signer.sign(&STANDARD.encode(text)),
                    age.unwrap_or_default(),
                )
            }
            None => (
                "null".to_owned(),
                "expires=Thu, 01 Jan 1970 00:00:00 GMT; ".to_owned(),
            ),
        };
        let (name, path) = (&self.cookie, &self.path);
        let same_site = match self.same_site {
            SameSite::Lax => "lax",
            SameSite::Strict => "strict",
            SameSite::None => "none",
        };
        let mut cookie = format!("{name}={data}; path={path}; {age}httponly; samesite={same_site}");
        if self.https_only {
            cookie.push_str("; secure");
        }
        if let Some(domain) = &self.domain {
            cookie.push_str("; domain=");
            cookie.push_str(domain);
        }
        if self.partitioned {
            cookie.push_str("; partitioned");
        }
        if name.len() + data.len() > KEPT_BY_BROWSERS {
            tracing::warn!(
                bytes = data.len(),
                "a session is too large for a cookie: browsers will not keep it"
            );
        }
        HeaderValue::from_str(&cookie).ok()
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sessions")
            .field("cookie", &self.cookie)
            .field("max_age", &self.max_age)
            .finish_non_exhaustive()
    }
}

impl Middleware for Sessions {
    fn handles_websockets(&self) -> bool {
        true
    }

    async fn handle(&self, mut request: Request, next: Next) -> Result<Response> {
        let kept = request
            .cookie(&self.cookie)
            .and_then(|cookie| self.read(cookie));
        let was_kept = kept.is_some();
        let session = Session::of(kept.unwrap_or_default());
        request.extensions_mut().insert(session.clone());
        let mut response = next.run(request).await?;
        let end = session.end();
        if end.accessed {
            add_vary(response.headers_mut(), "Cookie");
        }
        if end.modified
            && (was_kept || end.values.is_some())
            && let Some(cookie) = self.set_cookie(end.values)
        {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        Ok(response)
    }
}
