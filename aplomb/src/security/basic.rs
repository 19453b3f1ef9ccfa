//! [`HttpBasic`]: a user name and a password in the `Authorization` header.

use std::fmt;

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use super::about::{About, tell_about};
use super::{SecurityScheme, authorization, given, object};
use crate::error::{HttpException, Result};
use crate::http::Request;
use crate::json::Object;

const BASE64: GeneralPurpose = GeneralPurpose::new(&ALPHABET, GeneralPurposeConfig::new());

/// A user name and a password, as browsers ask for them.
///
/// ```
/// use aplomb::{App, Depends, get, routes, security};
/// use aplomb::security::HttpBasic;
/// use aplomb::testing::TestClient;
///
/// #[security]
/// fn basic() -> HttpBasic {
///     HttpBasic::new()
/// }
///
/// #[get("/me")]
/// async fn read_me(user: Depends<basic>) -> String {
///     user.username.clone()
/// }
///
/// let client = TestClient::new(App::new().routes(routes![read_me]));
/// client.get("/me").send().assert_status(401).assert_header("www-authenticate", "Basic");
/// client.get("/me").basic_auth("anna", "secret").send().assert_json(200, "anna");
/// ```
#[derive(Clone, Debug)]
pub struct HttpBasic {
    realm: Option<String>,
    about: About,
}

/// What a client shows by HTTP Basic.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpBasicCredentials {
    /// The text before the first colon.
    pub username: String,
    /// The text behind it.
    pub password: String,
}

/// Without the password, which does not belong in a log.
impl fmt::Debug for HttpBasicCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpBasicCredentials")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

impl HttpBasic {
    /// A scheme without a realm.
    pub fn new() -> Self {
        Self {
            realm: None,
            about: About::new("HTTPBasic"),
        }
    }

    /// Names what the password is for, in the challenge.
    #[must_use]
    pub fn realm(mut self, realm: impl Into<String>) -> Self {
        self.realm = Some(realm.into());
        self
    }
}

tell_about!(HttpBasic);

impl Default for HttpBasic {
    fn default() -> Self {
        Self::new()
    }
}

impl SecurityScheme for HttpBasic {
    type Credentials = HttpBasicCredentials;

    fn name(&self) -> &str {
        &self.about.name
    }

    fn object(&self) -> Object {
        object([
            ("type", given("http")),
            ("description", self.about.shown()),
            ("scheme", given("basic")),
        ])
    }

    fn find(&self, request: &Request) -> Result<Option<HttpBasicCredentials>> {
        let Some((scheme, encoded)) = authorization(request) else {
            return Ok(None);
        };
        if !scheme.eq_ignore_ascii_case("basic") {
            return Ok(None);
        }
        match decoded(encoded) {
            Some(credentials) => Ok(Some(credentials)),
            None => Err(self.challenge().into()),
        }
    }

    fn challenge(&self) -> HttpException {
        match &self.realm {
            Some(realm) => self.about.challenge(&format!("Basic realm=\"{realm}\"")),
            None => self.about.challenge("Basic"),
        }
    }
}

fn decoded(encoded: &str) -> Option<HttpBasicCredentials> {
    let text = String::from_utf8(BASE64.decode(encoded).ok()?).ok()?;
    let (username, password) = text.split_once(':').filter(|_| text.is_ascii())?;
    Some(HttpBasicCredentials {
        username: username.to_owned(),
        password: password.to_owned(),
    })
}
