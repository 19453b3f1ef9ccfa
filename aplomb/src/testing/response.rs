//! [`TestResponse`]: an answer as a test looks at it.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};

use crate::json::{self, Value};
use crate::model::{Constraints, Model, Problems};

/// The answer to a [`TestRequest`](super::TestRequest), read to its end.
///
/// The checks give the answer back, so that they can be chained.
///
/// ```
/// use aplomb::{App, testing::TestClient};
///
/// let response = TestClient::new(App::new()).get("/nowhere").send();
/// assert_eq!(response.status(), 404);
/// assert_eq!(response.header("content-type"), Some("application/json"));
/// assert_eq!(response.json()["detail"], "Not Found");
/// assert_eq!(response.text(), r#"{"detail":"Not Found"}"#);
/// ```
#[derive(Clone, Debug)]
pub struct TestResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) url: String,
    pub(super) history: Vec<Self>,
}

impl TestResponse {
    /// The status.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The first header of this name, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The value of a cookie that this answer sets, as it stands in the header.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.headers.get_all(SET_COOKIE).iter().find_map(|header| {
            let (known, rest) = header.to_str().ok()?.split_once('=')?;
            let value = rest.split(';').next()?;
            (known == name).then_some(value)
        })
    }

    /// The body.
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// The body as text; bytes that are not UTF-8 read as U+FFFD.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        match json::parse(&self.body) {
            Ok(value) => value,
            Err(_) => panic!("the body of {self} is not JSON: {}", self.text()),
        }
    }

    /// The body as a model.
    ///
    /// # Panics
    /// When it is not one; the message lists what is wrong.
    #[track_caller]
    pub fn model<T: Model>(&self) -> T {
        let mut problems = Problems::new();
        match T::validate(&self.json(), &Constraints::NONE, &mut problems) {
            Some(model) => model,
            None => panic!(
                "the body of {self} is not the model: {:#?}",
                problems.into_vec()
            ),
        }
    }

    /// The URL of the last request, after redirects.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The redirects that were followed to get here.
    pub fn history(&self) -> &[Self] {
        &self.history
    }

    /// Checks the status.
    ///
    /// # Panics
    /// When it is another one; the message has the body.
    #[track_caller]
    pub fn assert_status(&self, status: u16) -> &Self {
        assert!(
            self.status() == status,
            "expected {status}, got {self}: {}",
            self.text()
        );
        self
    }

    /// Checks the status and the whole body, numbers by value and members in any order.
    ///
    /// # Panics
    /// When either differs.
    #[track_caller]
    pub fn assert_json(&self, status: u16, expected: impl Into<Value>) -> &Self {
        self.assert_status(status);
        let (expected, got) = (expected.into(), self.json());
        assert!(
            got.same(&expected),
            "the body of {self} differs\nexpected: {expected}\n     got: {got}"
        );
        self
    }

    /// Checks the first header of a name.
    ///
    /// # Panics
    /// When it is missing or differs.
    #[track_caller]
    pub fn assert_header(&self, name: &str, expected: &str) -> &Self {
        let got = self.header(name);
        assert!(
            got == Some(expected),
            "header `{name}` of {self}: expected {expected:?}, got {got:?}"
        );
        self
    }
}

/// Status and URL, as messages name an answer.
impl std::fmt::Display for TestResponse {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} from {}", self.status(), self.url)
    }
}
