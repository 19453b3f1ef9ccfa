//! [`HttpBearer`]: a token in the `Authorization` header.

use super::about::{About, tell_about};
use super::http_base::shown;
use super::{HttpAuthorizationCredentials, SecurityScheme, given, object};
use crate::error::{HttpException, Result};
use crate::http::Request;
use crate::json::Object;

/// A token as `Authorization: Bearer …`.
///
/// ```
/// use aplomb::{App, Depends, get, json, routes, security};
/// use aplomb::security::HttpBearer;
/// use aplomb::testing::TestClient;
///
/// #[security]
/// fn bearer() -> HttpBearer {
///     HttpBearer::new().bearer_format("JWT")
/// }
///
/// #[get("/me")]
/// async fn read_me(token: Depends<bearer>) -> String {
///     token.credentials.clone()
/// }
///
/// let client = TestClient::new(App::new().routes(routes![read_me]));
/// client.get("/me").send().assert_json(401, json!({"detail": "Not authenticated"}));
/// client.get("/me").bearer_auth("anna").send().assert_json(200, "anna");
/// ```
#[derive(Clone, Debug)]
pub struct HttpBearer {
    bearer_format: Option<String>,
    about: About,
}

impl HttpBearer {
    /// A scheme for tokens of any format.
    pub fn new() -> Self {
        Self {
            bearer_format: None,
            about: About::new("HTTPBearer"),
        }
    }

    /// Says in the document what the tokens are, such as `JWT`.
    #[must_use]
    pub fn bearer_format(mut self, format: impl Into<String>) -> Self {
        self.bearer_format = Some(format.into());
        self
    }
}

tell_about!(HttpBearer);

impl Default for HttpBearer {
    fn default() -> Self {
        Self::new()
    }
}

impl SecurityScheme for HttpBearer {
    type Credentials = HttpAuthorizationCredentials;

    fn name(&self) -> &str {
        &self.about.name
    }

    fn object(&self) -> Object {
        object([
            ("type", given("http")),
            ("description", self.about.shown()),
            ("scheme", given("bearer")),
            ("bearerFormat", self.bearer_format.clone().map(Into::into)),
        ])
    }

    fn find(&self, request: &Request) -> Result<Option<HttpAuthorizationCredentials>> {
        Ok(shown(request, Some("bearer")))
    }

    fn challenge(&self) -> HttpException {
        self.about.challenge("Bearer")
    }
}
