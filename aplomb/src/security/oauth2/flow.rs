//! [`OAuthFlow`]: how a client gets its token.

use crate::json::{Object, Value};
use crate::security::{given, object};

/// How a client gets its token: an OAuth flow object of the document.
///
/// ```
/// use aplomb::security::OAuthFlow;
///
/// let flow = OAuthFlow::authorization_code("authorize", "token")
///     .refresh_url("refresh")
///     .scope("read", "Read everything");
/// ```
#[derive(Clone, Debug)]
pub struct OAuthFlow {
    pub(super) kind: Kind,
    authorization_url: Option<String>,
    token_url: Option<String>,
    refresh_url: Option<String>,
    scopes: Vec<(String, String)>,
}

/// The flows of OAuth2, in the order of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Implicit,
    Password,
    ClientCredentials,
    AuthorizationCode,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Implicit => "implicit",
            Self::Password => "password",
            Self::ClientCredentials => "clientCredentials",
            Self::AuthorizationCode => "authorizationCode",
        }
    }
}

impl OAuthFlow {
    /// The client shows a page, which gives it a token at once.
    pub fn implicit(authorization_url: impl Into<String>) -> Self {
        Self::new(Kind::Implicit).authorize_at(authorization_url)
    }

    /// The client sends the user's name and password.
    pub fn password(token_url: impl Into<String>) -> Self {
        Self::new(Kind::Password).token_from(token_url)
    }

    /// The client asks in its own name.
    pub fn client_credentials(token_url: impl Into<String>) -> Self {
        Self::new(Kind::ClientCredentials).token_from(token_url)
    }

    /// The client shows a page, which gives it a code, which buys a token.
    pub fn authorization_code(
        authorization_url: impl Into<String>,
        token_url: impl Into<String>,
    ) -> Self {
        Self::new(Kind::AuthorizationCode)
            .authorize_at(authorization_url)
            .token_from(token_url)
    }

    /// Adds a scope that tokens can have, and what it allows.
    #[must_use]
    pub fn scope(mut self, name: impl Into<String>, description: impl Into<String>) -> Self {
        self.scopes.push((name.into(), description.into()));
        self
    }

    /// Says where tokens are renewed.
    #[must_use]
    pub fn refresh_url(mut self, url: impl Into<String>) -> Self {
        self.refresh_url = Some(url.into());
        self
    }

    fn new(kind: Kind) -> Self {
        Self {
            kind,
            authorization_url: None,
            token_url: None,
            refresh_url: None,
            scopes: Vec::new(),
        }
    }

    fn authorize_at(mut self, url: impl Into<String>) -> Self {
        self.authorization_url = Some(url.into());
        self
    }

    fn token_from(mut self, url: impl Into<String>) -> Self {
        self.token_url = Some(url.into());
        self
    }

    pub(super) fn object(&self) -> Object {
        let scopes: Object = self
            .scopes
            .iter()
            .map(|(name, description)| (name.clone(), Value::from(description.as_str())))
            .collect();
        let url = |url: &Option<String>| url.clone().map(Value::from);
        object([
            ("refreshUrl", url(&self.refresh_url)),
            ("scopes", given(scopes)),
            ("authorizationUrl", url(&self.authorization_url)),
            ("tokenUrl", url(&self.token_url)),
        ])
    }
}
