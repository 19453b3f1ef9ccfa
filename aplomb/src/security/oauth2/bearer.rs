//! [`OAuth2PasswordBearer`] and [`OAuth2AuthorizationCodeBearer`]: the token of one flow.

use super::{OAuthFlow, object_of};
use crate::error::{HttpException, Result};
use crate::http::Request;
use crate::json::Object;
use crate::security::about::{About, tell_about};
use crate::security::{SecurityScheme, authorization};

macro_rules! bearers {
    ($($(#[$doc:meta])* $name:ident $class:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug)]
            pub struct $name {
                flow: OAuthFlow,
                about: About,
            }

            impl $name {
                /// Adds a scope that tokens can have, and what it allows.
                #[must_use]
                pub fn scope(
                    mut self,
                    name: impl Into<String>,
                    description: impl Into<String>,
                ) -> Self {
                    self.flow = self.flow.scope(name, description);
                    self
                }

                /// Says in the document where tokens are renewed.
                #[must_use]
                pub fn refresh_url(mut self, url: impl Into<String>) -> Self {
                    self.flow = self.flow.refresh_url(url);
                    self
                }

                fn of(flow: OAuthFlow) -> Self {
                    Self {
                        flow,
                        about: About::new($class),
                    }
                }
            }

            tell_about!($name);

            impl SecurityScheme for $name {
                type Credentials = String;

                fn name(&self) -> &str {
                    &self.about.name
                }

                fn object(&self) -> Object {
                    object_of(std::slice::from_ref(&self.flow), &self.about)
                }

                fn find(&self, request: &Request) -> Result<Option<String>> {
                    Ok(token(request))
                }

                fn challenge(&self) -> HttpException {
                    self.about.challenge("Bearer")
                }
            }
        )*
    };
}

bearers! {
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
    OAuth2PasswordBearer "OAuth2PasswordBearer";
    /// OAuth2 with a token that a code buys, which the page of an authorization server gives.
    ///
    /// ```
    /// use aplomb::{App, Depends, get, routes, security};
    /// use aplomb::security::OAuth2AuthorizationCodeBearer;
    /// use aplomb::testing::TestClient;
    ///
    /// #[security]
    /// fn oauth2() -> OAuth2AuthorizationCodeBearer {
    ///     OAuth2AuthorizationCodeBearer::new("https://id.example.com/authorize", "/token")
    ///         .scope("read", "Read everything")
    /// }
    ///
    /// #[get("/me")]
    /// async fn read_me(token: Depends<oauth2>) -> String {
    ///     token.to_string()
    /// }
    ///
    /// let client = TestClient::new(App::new().routes(routes![read_me]));
    /// client.get("/me").send().assert_status(401).assert_header("www-authenticate", "Bearer");
    /// client.get("/me").bearer_auth("abc").send().assert_json(200, "abc");
    /// ```
    OAuth2AuthorizationCodeBearer "OAuth2AuthorizationCodeBearer";
}

impl OAuth2PasswordBearer {
    /// Tokens from this URL.
    pub fn new(token_url: impl Into<String>) -> Self {
        Self::of(OAuthFlow::password(token_url))
    }
}

impl OAuth2AuthorizationCodeBearer {
    /// Codes from the page at the first URL, tokens from the second.
    pub fn new(authorization_url: impl Into<String>, token_url: impl Into<String>) -> Self {
        Self::of(OAuthFlow::authorization_code(authorization_url, token_url))
    }
}

/// The token behind `Bearer`, which FastAPI lets be empty here.
fn token(request: &Request) -> Option<String> {
    let (scheme, token) = authorization(request)?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.to_owned())
}
