//! [`OpenIdConnect`]: credentials that an OpenID provider gives.

use super::about::{About, tell_about};
use super::{SecurityScheme, given, object, whole_authorization};
use crate::error::{HttpException, Result};
use crate::http::Request;
use crate::json::Object;

/// Credentials of an OpenID provider, whose own document this URL has.
///
/// As in FastAPI this is a stub: it gives the whole `Authorization` header, unchecked.
///
/// ```
/// use aplomb::{App, Depends, get, routes, security};
/// use aplomb::security::OpenIdConnect;
/// use aplomb::testing::TestClient;
///
/// #[security]
/// fn openid() -> OpenIdConnect {
///     OpenIdConnect::new("/.well-known/openid-configuration")
/// }
///
/// #[get("/me")]
/// async fn read_me(shown: Depends<openid>) -> String {
///     shown.to_string()
/// }
///
/// let client = TestClient::new(App::new().routes(routes![read_me]));
/// client.get("/me").send().assert_status(401).assert_header("www-authenticate", "Bearer");
/// client.get("/me").bearer_auth("abc").send().assert_json(200, "Bearer abc");
/// ```
#[derive(Clone, Debug)]
pub struct OpenIdConnect {
    url: String,
    about: About,
}

impl OpenIdConnect {
    /// The provider whose document is at this URL.
    pub fn new(open_id_connect_url: impl Into<String>) -> Self {
        Self {
            url: open_id_connect_url.into(),
            about: About::new("OpenIdConnect"),
        }
    }
}

tell_about!(OpenIdConnect);

impl SecurityScheme for OpenIdConnect {
    type Credentials = String;

    fn name(&self) -> &str {
        &self.about.name
    }

    fn object(&self) -> Object {
        object([
            ("type", given("openIdConnect")),
            ("description", self.about.shown()),
            ("openIdConnectUrl", given(self.url.as_str())),
        ])
    }

    fn find(&self, request: &Request) -> Result<Option<String>> {
        Ok(whole_authorization(request))
    }

    fn challenge(&self) -> HttpException {
        self.about.challenge("Bearer")
    }
}
