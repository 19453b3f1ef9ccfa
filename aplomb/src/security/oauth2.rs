//! [`OAuth2PasswordBearer`] and the form that logs in for it.

use super::{Optional, SecurityScheme, authorization, given, not_authenticated, object};
use crate::error::{HttpException, Result};
use crate::http::Request;
use crate::json::{Object, Value};

/// OAuth2 with a token that a user name and a password buy.
///
/// ```
/// use aplomb::{App, Depends, get, json, post, routes, security};
/// use aplomb::security::{OAuth2PasswordBearer, OAuth2PasswordRequestForm};
/// use aplomb::testing::TestClient;
///
/// #[security]
/// fn oauth2() -> OAuth2PasswordBearer {
///     OAuth2PasswordBearer::new("token")
/// }
///
/// #[post("/token")]
/// async fn login(form: Depends<OAuth2PasswordRequestForm>) -> String {
///     format!("token of {}", form.username)
/// }
///
/// #[get("/me")]
/// async fn read_me(token: Depends<oauth2>) -> String {
///     token.to_string()
/// }
///
/// let client = TestClient::new(App::new().routes(routes![login, read_me]));
/// let refused = client.get("/me").send();
/// refused.assert_json(401, json!({"detail": "Not authenticated"}));
/// refused.assert_header("www-authenticate", "Bearer");
/// client.get("/me").bearer_auth("anna").send().assert_json(200, "anna");
///
/// let form = client.post("/token").form([("username", "anna"), ("password", "secret")]);
/// form.send().assert_json(200, "token of anna");
/// ```
#[derive(Clone, Debug)]
pub struct OAuth2PasswordBearer {
    token_url: String,
    refresh_url: Option<String>,
    scopes: Vec<(String, String)>,
    scheme_name: String,
    description: Option<String>,
}

impl OAuth2PasswordBearer {
    /// Tokens from this URL.
    pub fn new(token_url: impl Into<String>) -> Self {
        Self {
            token_url: token_url.into(),
            refresh_url: None,
            scopes: Vec::new(),
            scheme_name: "OAuth2PasswordBearer".to_owned(),
            description: None,
        }
    }

    /// Adds a scope that tokens can have, and what it allows.
    #[must_use]
    pub fn scope(mut self, name: impl Into<String>, description: impl Into<String>) -> Self {
        self.scopes.push((name.into(), description.into()));
        self
    }

    /// Says in the document where tokens are renewed.
    #[must_use]
    pub fn refresh_url(mut self, url: impl Into<String>) -> Self {
        self.refresh_url = Some(url.into());
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

impl SecurityScheme for OAuth2PasswordBearer {
    type Credentials = String;

    fn name(&self) -> &str {
        &self.scheme_name
    }

    fn object(&self) -> Object {
        let scopes: Object = self
            .scopes
            .iter()
            .map(|(name, description)| (name.clone(), Value::from(description.as_str())))
            .collect();
        let flow = object([
            ("refreshUrl", self.refresh_url.clone().map(Into::into)),
            ("scopes", given(scopes)),
            ("tokenUrl", given(self.token_url.as_str())),
        ]);
        object([
            ("type", given("oauth2")),
            ("description", self.description.clone().map(Into::into)),
            ("flows", given(object([("password", given(flow))]))),
        ])
    }

    fn find(&self, request: &Request) -> Result<Option<String>> {
        let shown = authorization(request);
        Ok(shown
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.to_owned()))
    }

    fn challenge(&self) -> HttpException {
        not_authenticated("Bearer")
    }
}

/// The form of a login by user name and password, as OAuth2 has it; take it as
/// `Depends<OAuth2PasswordRequestForm>`.
#[crate::dependency(crate = crate)]
#[derive(Clone)]
pub struct OAuth2PasswordRequestForm {
    /// `password`, where it is given.
    #[form(description = "", pattern = "^password$")]
    pub grant_type: Option<String>,
    /// Who logs in.
    #[form(description = "")]
    pub username: String,
    /// Their password.
    #[form(description = "", schema_extra = {"format": "password"})]
    pub password: String,
    /// The scopes asked for, separated by blanks.
    #[form(description = "", default = "")]
    pub scope: String,
    /// Which client logs them in.
    #[form(description = "")]
    pub client_id: Option<String>,
    /// The client's own password.
    #[form(description = "", schema_extra = {"format": "password"})]
    pub client_secret: Option<String>,
}

impl OAuth2PasswordRequestForm {
    /// The scopes asked for.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.split_whitespace()
    }
}

impl std::fmt::Debug for OAuth2PasswordRequestForm {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("OAuth2PasswordRequestForm")
            .field("username", &self.username)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}
