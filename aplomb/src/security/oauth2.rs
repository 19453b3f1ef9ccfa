//! [`OAuth2`]: tokens, and the flows in which clients get them.

mod bearer;
mod flow;
mod form;

pub use bearer::{OAuth2AuthorizationCodeBearer, OAuth2PasswordBearer};
pub use flow::OAuthFlow;
pub use form::{OAuth2PasswordRequestForm, OAuth2PasswordRequestFormStrict};

use super::about::{About, tell_about};
use super::{SecurityScheme, given, object, whole_authorization};
use crate::error::{HttpException, Result};
use crate::http::Request;
use crate::json::{Object, Value};

/// OAuth2 with any flows; it gives the whole `Authorization` header.
///
/// For a token out of one flow there are [`OAuth2PasswordBearer`] and
/// [`OAuth2AuthorizationCodeBearer`].
///
/// ```
/// use aplomb::{App, Depends, get, routes, security};
/// use aplomb::security::{OAuth2, OAuthFlow};
/// use aplomb::testing::TestClient;
///
/// #[security]
/// fn oauth2() -> OAuth2 {
///     OAuth2::new()
///         .flow(OAuthFlow::password("token").scope("read", "Read everything"))
///         .flow(OAuthFlow::client_credentials("token"))
/// }
///
/// #[get("/me")]
/// async fn read_me(shown: Depends<oauth2>) -> String {
///     shown.to_string()
/// }
///
/// let client = TestClient::new(App::new().routes(routes![read_me]));
/// client.get("/me").send().assert_status(401).assert_header("www-authenticate", "Bearer");
/// client.get("/me").bearer_auth("abc").send().assert_json(200, "Bearer abc");
/// ```
#[derive(Clone, Debug)]
pub struct OAuth2 {
    flows: Vec<OAuthFlow>,
    about: About,
}

impl OAuth2 {
    /// OAuth2 without any flow yet.
    pub fn new() -> Self {
        Self {
            flows: Vec::new(),
            about: About::new("OAuth2"),
        }
    }

    /// Adds a way to get a token; one of the same kind is replaced.
    #[must_use]
    pub fn flow(mut self, flow: OAuthFlow) -> Self {
        self.flows.retain(|known| known.kind != flow.kind);
        self.flows.push(flow);
        self
    }
}

tell_about!(OAuth2);

impl Default for OAuth2 {
    fn default() -> Self {
        Self::new()
    }
}

impl SecurityScheme for OAuth2 {
    type Credentials = String;

    fn name(&self) -> &str {
        &self.about.name
    }

    fn object(&self) -> Object {
        object_of(&self.flows, &self.about)
    }

    fn find(&self, request: &Request) -> Result<Option<String>> {
        Ok(whole_authorization(request))
    }

    fn challenge(&self) -> HttpException {
        self.about.challenge("Bearer")
    }
}

/// The OpenAPI object of a scheme with these flows.
fn object_of(flows: &[OAuthFlow], about: &About) -> Object {
    let mut flows: Vec<&OAuthFlow> = flows.iter().collect();
    flows.sort_by_key(|flow| flow.kind);
    let flows: Object = flows
        .into_iter()
        .map(|flow| (flow.kind.name().to_owned(), Value::Object(flow.object())))
        .collect();
    object([
        ("type", given("oauth2")),
        ("description", about.shown()),
        ("flows", given(flows)),
    ])
}
