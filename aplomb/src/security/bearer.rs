//! [`HttpBearer`]: a token in the `Authorization` header.

use std::fmt;

use super::{Optional, SecurityScheme, authorization, given, not_authenticated, object};
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
    scheme_name: String,
    description: Option<String>,
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

impl HttpBearer {
    /// A scheme for tokens of any format.
    pub fn new() -> Self {
        Self {
            bearer_format: None,
            scheme_name: "HTTPBearer".to_owned(),
            description: None,
        }
    }

    /// Says in the document what the tokens are, such as `JWT`.
    #[must_use]
    pub fn bearer_format(mut self, format: impl Into<String>) -> Self {
        self.bearer_format = Some(format.into());
        self
    }

    /// Names the scheme in the document.
    #[must_use]
    pub fn scheme_name(mut self, name: impl Into<String>) -> Self {
        self.scheme_name = name.into();
        self
    }

    /// Says in the document what the scheme is for.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Gives nothing, instead of refusing, when there is no token.
    pub fn optional(self) -> Optional<Self> {
        Optional(self)
    }
}

impl Default for HttpBearer {
    fn default() -> Self {
        Self::new()
    }
}

impl SecurityScheme for HttpBearer {
    type Credentials = HttpAuthorizationCredentials;

    fn name(&self) -> &str {
        &self.scheme_name
    }

    fn object(&self) -> Object {
        object([
            ("type", given("http")),
            ("description", self.description.clone().map(Into::into)),
            ("scheme", given("bearer")),
            ("bearerFormat", self.bearer_format.clone().map(Into::into)),
        ])
    }

    fn find(&self, request: &Request) -> Result<Option<HttpAuthorizationCredentials>> {
        let shown = authorization(request).filter(|(scheme, credentials)| {
            scheme.eq_ignore_ascii_case("bearer") && !credentials.is_empty()
        });
        Ok(
            shown.map(|(scheme, credentials)| HttpAuthorizationCredentials {
                scheme: scheme.to_owned(),
                credentials: credentials.to_owned(),
            }),
        )
    }

    fn challenge(&self) -> HttpException {
        not_authenticated("Bearer")
    }
}
