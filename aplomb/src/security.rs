//! Security schemes: how credentials reach the service.

mod about;
mod api_key;
mod basic;
mod bearer;
mod compare;
mod digest;
mod http_base;
#[cfg(feature = "jwt")]
pub mod jwt;
mod oauth2;
mod open_id_connect;
mod optional;
#[cfg(feature = "passwords")]
pub mod passwords;
mod scopes;

pub use api_key::{ApiKeyCookie, ApiKeyHeader, ApiKeyQuery};
pub use basic::{HttpBasic, HttpBasicCredentials};
pub use bearer::HttpBearer;
pub use compare::compare_digest;
pub use digest::HttpDigest;
pub use http_base::{HttpAuthorizationCredentials, HttpBase};
pub use oauth2::{
    OAuth2, OAuth2AuthorizationCodeBearer, OAuth2PasswordBearer, OAuth2PasswordRequestForm,
    OAuth2PasswordRequestFormStrict, OAuthFlow,
};
pub use open_id_connect::OpenIdConnect;
pub use optional::Optional;
pub use scopes::SecurityScopes;

use std::future::ready;
use std::sync::LazyLock;

use crate::depends::{Dependency, DependencyDefinition, share_result};
use crate::error::{HttpException, Result};
use crate::http::Request;
use crate::json::{Object, Value};

/// A way for credentials to reach the service, and what the document says of it.
///
/// `#[security]` makes a dependency of a function that returns one; the dependency gives the
/// credentials. Implement it for a scheme of your own:
///
/// ```
/// use aplomb::{App, Depends, HttpException, Request, Result, get, json, routes, security};
/// use aplomb::json::Object;
/// use aplomb::security::SecurityScheme;
/// use aplomb::testing::TestClient;
///
/// /// A ticket in the header `x-ticket`.
/// struct Ticket;
///
/// impl SecurityScheme for Ticket {
///     type Credentials = String;
///
///     fn name(&self) -> &str {
///         "Ticket"
///     }
///
///     fn object(&self) -> Object {
///         let object = json!({"type": "apiKey", "in": "header", "name": "x-ticket"});
///         object.as_object().cloned().unwrap_or_default()
///     }
///
///     fn find(&self, request: &Request) -> Result<Option<String>> {
///         Ok(request.header("x-ticket").map(str::to_owned))
///     }
///
///     fn challenge(&self) -> HttpException {
///         HttpException::unauthorized("No ticket, no entry")
///     }
/// }
///
/// #[security]
/// fn ticket() -> Ticket {
///     Ticket
/// }
///
/// #[get("/show")]
/// async fn show(ticket: Depends<ticket>) -> String {
///     format!("Welcome, holder of {}", *ticket)
/// }
///
/// let client = TestClient::new(App::new().routes(routes![show]));
/// client.get("/show").send().assert_json(401, json!({"detail": "No ticket, no entry"}));
/// client.get("/show").header("x-ticket", "7").send().assert_json(200, "Welcome, holder of 7");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a security scheme",
    label = "a function with `#[security]` returns a `SecurityScheme`"
)]
pub trait SecurityScheme: Send + Sync + 'static {
    /// What a client shows.
    type Credentials: Send + Sync + 'static;

    /// The name in the document.
    fn name(&self) -> &str;

    /// The OpenAPI security scheme object.
    fn object(&self) -> Object;

    /// The credentials of a request, nothing when it shows none.
    ///
    /// # Errors
    /// The answer to credentials that cannot even be read.
    fn find(&self, request: &Request) -> Result<Option<Self::Credentials>>;

    /// The answer to a request without credentials.
    fn challenge(&self) -> HttpException;
}

/// What a function with `#[security]` returns: a [`SecurityScheme`], or [`Optional`] of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a security scheme",
    label = "a function with `#[security]` returns a `SecurityScheme`"
)]
pub trait Security: Send + Sync + 'static {
    /// What `Depends` of the function gives.
    type Output: Send + Sync + 'static;

    /// The credentials of a request.
    ///
    /// # Errors
    /// The answer to a request whose credentials are missing or cannot be read.
    fn authenticate(&self, request: &Request) -> Result<Self::Output>;

    /// The name and the OpenAPI object of the scheme.
    fn describe(&self) -> (String, Object);
}

#[diagnostic::do_not_recommend]
impl<S: SecurityScheme> Security for S {
    type Output = S::Credentials;

    fn authenticate(&self, request: &Request) -> Result<S::Credentials> {
        self.find(request)?.ok_or_else(|| self.challenge().into())
    }

    fn describe(&self) -> (String, Object) {
        (self.name().to_owned(), self.object())
    }
}

/// The dependency on the credentials of a scheme, which is made when the service is built.
#[doc(hidden)]
pub fn definition<D, S>(name: &'static str, scheme: &'static LazyLock<S>) -> DependencyDefinition
where
    D: Dependency<Output = S::Output>,
    S: Security,
{
    LazyLock::force(scheme);
    DependencyDefinition::new::<D>(name, &[], move |binder| {
        Some(share_result(ready(scheme.authenticate(binder.request()))))
    })
}

/// The answer of all schemes that come with the library to a request without credentials.
fn not_authenticated(challenge: &str) -> HttpException {
    HttpException::unauthorized("Not authenticated").header("WWW-Authenticate", challenge)
}

/// Scheme and credentials of the `Authorization` header, as far as they are there.
fn authorization(request: &Request) -> Option<(&str, &str)> {
    let header = request.header("authorization")?;
    let (scheme, credentials) = header.split_once(' ').unwrap_or((header, ""));
    Some((scheme, credentials.trim()))
}

/// The whole `Authorization` header; an empty one is none.
fn whole_authorization(request: &Request) -> Option<String> {
    let header = request.header("authorization")?;
    (!header.is_empty()).then(|| header.to_owned())
}

/// An OpenAPI object from its keys; those without a value are left out.
fn object<const N: usize>(entries: [(&str, Option<Value>); N]) -> Object {
    entries
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect()
}

/// A value that is there.
fn given(value: impl Into<Value>) -> Option<Value> {
    Some(value.into())
}
