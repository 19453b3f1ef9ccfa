//! [`HttpDigest`]: HTTP Digest, as far as the document goes.

use super::about::{About, tell_about};
use super::http_base::shown;
use super::{HttpAuthorizationCredentials, SecurityScheme, given, object};
use crate::error::{HttpException, Result};
use crate::http::Request;
use crate::json::Object;

/// What a client shows as `Authorization: Digest …`.
///
/// As in FastAPI this is a stub: the credentials are given as they are, unchecked, and the challenge
/// has neither realm nor nonce.
///
/// ```
/// use aplomb::{App, Depends, get, routes, security};
/// use aplomb::security::HttpDigest;
/// use aplomb::testing::TestClient;
///
/// #[security]
/// fn digest() -> HttpDigest {
///     HttpDigest::new()
/// }
///
/// #[get("/me")]
/// async fn read_me(shown: Depends<digest>) -> String {
///     shown.credentials.clone()
/// }
///
/// let client = TestClient::new(App::new().routes(routes![read_me]));
/// client.get("/me").send().assert_status(401).assert_header("www-authenticate", "Digest");
/// client.get("/me").header("authorization", "Digest abc").send().assert_json(200, "abc");
/// ```
#[derive(Clone, Debug)]
pub struct HttpDigest {
    about: About,
}

impl HttpDigest {
    /// The scheme.
    pub fn new() -> Self {
        Self {
            about: About::new("HTTPDigest"),
        }
    }
}

tell_about!(HttpDigest);

impl Default for HttpDigest {
    fn default() -> Self {
        Self::new()
    }
}

impl SecurityScheme for HttpDigest {
    type Credentials = HttpAuthorizationCredentials;

    fn name(&self) -> &str {
        &self.about.name
    }

    fn object(&self) -> Object {
        object([
            ("type", given("http")),
            ("description", self.about.shown()),
            ("scheme", given("digest")),
        ])
    }

    fn find(&self, request: &Request) -> Result<Option<HttpAuthorizationCredentials>> {
        Ok(shown(request, Some("digest")))
    }

    fn challenge(&self) -> HttpException {
        self.about.challenge("Digest")
    }
}
