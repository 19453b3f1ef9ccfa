//! [`Optional`]: a scheme whose credentials may be missing.

use super::{Security, SecurityScheme};
use crate::error::Result;
use crate::http::Request;
use crate::json::Object;

/// A scheme that gives nothing instead of refusing a request without credentials: FastAPI's
/// `auto_error=False`.
///
/// ```
/// use aplomb::{App, Depends, get, routes, security};
/// use aplomb::security::{HttpBearer, Optional};
/// use aplomb::testing::TestClient;
///
/// #[security]
/// fn bearer() -> Optional<HttpBearer> {
///     HttpBearer::new().optional()
/// }
///
/// #[get("/")]
/// async fn greet(token: Depends<bearer>) -> String {
///     match &*token {
///         Some(token) => format!("Hello, {}", token.credentials),
///         None => "Hello, stranger".to_owned(),
///     }
/// }
///
/// let client = TestClient::new(App::new().routes(routes![greet]));
/// client.get("/").send().assert_json(200, "Hello, stranger");
/// client.get("/").bearer_auth("anna").send().assert_json(200, "Hello, anna");
/// ```
#[derive(Clone, Debug)]
pub struct Optional<S>(S);

impl<S: SecurityScheme> Optional<S> {
    /// A scheme of your own whose credentials may be missing; those that come with the library
    /// have a method `optional`.
    pub fn new(scheme: S) -> Self {
        Self(scheme)
    }
}

impl<S: SecurityScheme> Security for Optional<S> {
    type Output = Option<S::Credentials>;

    fn authenticate(&self, request: &Request) -> Result<Self::Output> {
        self.0.find(request)
    }

    fn describe(&self) -> (String, Object) {
        (self.0.name().to_owned(), self.0.object())
    }
}
