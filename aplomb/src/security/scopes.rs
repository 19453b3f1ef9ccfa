//! [`SecurityScopes`]: what is asked of a token.

use std::fmt;
use std::sync::LazyLock;

use crate::argument::{Argument, Source};
use crate::operation::{Binder, Parameter};

/// The OAuth2 scopes asked for by everything that depends on the function that takes this.
///
/// A handler or dependency asks with `#[security(scopes(…))]` on the argument, a router with
/// [`Router::security`](crate::Router::security); whoever is on the way adds its own.
///
/// ```
/// use aplomb::prelude::*;
/// use aplomb::security::{OAuth2PasswordBearer, SecurityScopes};
/// use aplomb::testing::TestClient;
///
/// #[security]
/// fn oauth2() -> OAuth2PasswordBearer {
///     OAuth2PasswordBearer::new("token").scope("me", "Who am I?").scope("items", "My items")
/// }
///
/// /// The tokens here are the scopes they have.
/// #[dependency]
/// async fn current_user(asked: SecurityScopes, token: Depends<oauth2>) -> Result<String> {
///     match asked.iter().find(|scope| !token.split('+').any(|had| had == *scope)) {
///         None => Ok("anna".to_owned()),
///         Some(_) => Err(HttpException::unauthorized("Not enough permissions")
///             .header("www-authenticate", &format!("Bearer scope=\"{}\"", asked.scope_str()))
///             .into()),
///     }
/// }
///
/// #[dependency]
/// async fn active_user(#[security(scopes("me"))] user: Depends<current_user>) -> String {
///     user.to_string()
/// }
///
/// #[get("/items")]
/// async fn list_items(#[security(scopes("items"))] user: Depends<active_user>) -> String {
///     format!("Items of {}", *user)
/// }
///
/// let client = TestClient::new(App::new().routes(routes![list_items]));
/// let refused = client.get("/items").bearer_auth("me").send();
/// refused.assert_status(401).assert_header("www-authenticate", "Bearer scope=\"items me\"");
/// client.get("/items").bearer_auth("me+items").send().assert_json(200, "Items of anna");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecurityScopes {
    scopes: std::sync::Arc<[String]>,
}

impl SecurityScopes {
    /// These scopes, for calling a function from a unit test.
    pub fn new<S: Into<String>>(scopes: impl IntoIterator<Item = S>) -> Self {
        Self {
            scopes: scopes.into_iter().map(Into::into).collect(),
        }
    }

    /// No scopes.
    pub(crate) fn none() -> &'static Self {
        static NONE: LazyLock<SecurityScopes> = LazyLock::new(SecurityScopes::default);
        &NONE
    }

    /// The scopes in the order they are asked for, from the handler down.
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// Each of the scopes.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.scopes.iter().map(String::as_str)
    }

    /// Whether none is asked for.
    pub fn is_empty(&self) -> bool {
        self.scopes.is_empty()
    }

    /// The scopes with blanks between them, as challenges and tokens write them.
    pub fn scope_str(&self) -> String {
        self.scopes.join(" ")
    }
}

impl fmt::Debug for SecurityScopes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("SecurityScopes")
            .field(&&self.scopes)
            .finish()
    }
}

impl Argument for SecurityScopes {
    const SOURCE: Source = Source::SecurityScopes;

    fn bind(binder: &mut Binder<'_>, _: &'static Parameter) -> Option<Self> {
        Some(binder.scopes.clone())
    }
}
