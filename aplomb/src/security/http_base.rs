//! [`HttpBase`]: any scheme of the `Authorization` header.

use std::fmt;

use super::about::{About, tell_about};
use super::{SecurityScheme, authorization, given, object};
use crate::error::{HttpException, Result};
use crate::http::Request;
use crate::json::Object;
use crate::openapi::title::title;

/// A scheme of the `Authorization` header that has no type of its own here.
///
/// As in FastAPI, the document and the challenge name the scheme, and credentials of every scheme
/// are given: look at [`HttpAuthorizationCredentials::scheme`].
///
/// ```
/// use aplomb::{App, Depends, get, routes, security};
/// use aplomb::security::HttpBase;
/// use aplomb::testing::TestClient;
///
/// #[security]
/// fn hawk() -> HttpBase {
///     HttpBase::new("hawk")
/// }
///
/// #[get("/")]
/// async fn read(shown: Depends<hawk>) -> String {
///     shown.credentials.clone()
/// }
///
/// let client = TestClient::new(App::new().routes(routes![read]));
/// client.get("/").send().assert_status(401).assert_header("www-authenticate", "Hawk");
/// client.get("/").header("authorization", "Hawk id=7").send().assert_json(200, "id=7");
/// ```
#[derive(Clone, Debug)]
pub struct HttpBase {
    scheme: String,
    about: About,
}

/// What a client shows in the `Authorization` header.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpAuthorizationCredentials {
    /// The scheme as the client wrote it.
    pub scheme: String,
    /// The text behind it.
    pub credentials: String,
}

/// Without the token, which does not belong in a log.
impl fmt::Debug for HttpAuthorizationCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpAuthorizationCredentials")
            .field("scheme", &self.scheme)
            .finish_non_exhaustive()
    }
}

impl HttpBase {
    /// The scheme of this name, as registered for HTTP.
    pub fn new(scheme: impl Into<String>) -> Self {
        Self {
            scheme: scheme.into(),
            about: About::new("HTTPBase"),
        }
    }
}

tell_about!(HttpBase);

impl SecurityScheme for HttpBase {
    type Credentials = HttpAuthorizationCredentials;

    fn name(&self) -> &str {
        &self.about.name
    }

    fn object(&self) -> Object {
        object([
            ("type", given("http")),
            ("description", self.about.shown()),
            ("scheme", given(self.scheme.as_str())),
        ])
    }

    fn find(&self, request: &Request) -> Result<Option<HttpAuthorizationCredentials>> {
        Ok(shown(request, None))
    }

    fn challenge(&self) -> HttpException {
        // As Python's `str.title`, which leaves underscores alone.
        let parts: Vec<String> = self.scheme.split('_').map(title).collect();
        self.about.challenge(&parts.join("_"))
    }
}

/// The credentials of the `Authorization` header, of this scheme where one is named.
pub(super) fn shown(
    request: &Request,
    wanted: Option<&str>,
) -> Option<HttpAuthorizationCredentials> {
    let (scheme, credentials) = authorization(request)?;
    let fits = wanted.is_none_or(|wanted| scheme.eq_ignore_ascii_case(wanted));
    (fits && !scheme.is_empty() && !credentials.is_empty()).then(|| HttpAuthorizationCredentials {
        scheme: scheme.to_owned(),
        credentials: credentials.to_owned(),
    })
}
