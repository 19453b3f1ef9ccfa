//! [`RequestId`]: a name for every request.

use std::sync::Arc;

use ::http::{HeaderName, HeaderValue};
use tracing::Instrument as _;

use super::{Middleware, Next};
use crate::error::Result;
use crate::http::{Request, Response};

/// How long an id of a client may be.
const LONGEST: usize = 128;

/// Names every request, by the `x-request-id` it came with or a new one: in the answer, whoever
/// makes it, and in a span around everything that is logged meanwhile. The line about an error that
/// nobody handles is logged outside of it, and has the id as a field.
///
/// An id that came along is taken only if it has at most 128 characters, each a letter, a digit
/// or one of `-_.:+/=@~`.
///
/// ```
/// use aplomb::middleware::RequestId;
/// use aplomb::prelude::*;
///
/// #[get("/")]
/// async fn which(request: Request) -> Option<String> {
///     request.request_id().map(str::to_owned)
/// }
///
/// let app = App::new().routes(routes![which]).middleware(RequestId::new());
/// let client = aplomb::testing::TestClient::new(app);
/// let answer = client.get("/").header("x-request-id", "order-7").send();
/// assert_eq!(answer.header("x-request-id"), Some("order-7"));
/// answer.assert_json(200, "order-7");
/// ```
#[derive(Clone, Debug)]
pub struct RequestId {
    header: HeaderName,
    taken: bool,
}

/// The id of a request, among its extensions, and the header it is told by.
#[derive(Clone, Debug)]
pub(crate) struct Id {
    pub(crate) header: HeaderName,
    pub(crate) text: Arc<str>,
}

impl Id {
    /// Puts the id into an answer.
    pub(crate) fn tell(&self, response: &mut Response) {
        if let Ok(text) = HeaderValue::from_str(&self.text) {
            response.headers_mut().insert(&self.header, text);
        }
    }
}

impl Default for RequestId {
    fn default() -> Self {
        Self::new()
    }
}

impl RequestId {
    /// Takes ids from `x-request-id`.
    pub fn new() -> Self {
        Self {
            header: HeaderName::from_static("x-request-id"),
            taken: true,
        }
    }

    /// Takes and gives ids by another header.
    ///
    /// # Panics
    /// When it is no name for a header.
    #[must_use]
    #[track_caller]
    pub fn header(mut self, name: &str) -> Self {
        match name.parse() {
            Ok(name) => self.header = name,
            Err(_) => panic!("`{name}` is no name for a header"),
        }
        self
    }

    /// Gives every request a new id, whatever it came with.
    #[must_use]
    pub fn always_new(mut self) -> Self {
        self.taken = false;
        self
    }

    fn of(&self, request: &Request) -> Arc<str> {
        let sent = request.headers().get(&self.header).filter(|_| self.taken);
        let sent = sent.and_then(|id| id.to_str().ok());
        match sent.filter(|id| is_plain(id)) {
            Some(id) => Arc::from(id),
            None => Arc::from(uuid::Uuid::new_v4().simple().to_string()),
        }
    }
}

fn is_plain(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:+/=@~".contains(&byte);
    (1..=LONGEST).contains(&id.len()) && id.bytes().all(is_plain)
}

impl Request {
    /// The id of this request; none without [`RequestId`].
    pub fn request_id(&self) -> Option<&str> {
        let id = self.extensions().get::<Id>();
        id.or_else(|| self.trail().id()).map(|id| &*id.text)
    }
}

impl Middleware for RequestId {
    async fn handle(&self, mut request: Request, next: Next) -> Result<Response> {
        let id = Id {
            header: self.header.clone(),
            text: self.of(&request),
        };
        let span = tracing::info_span!("request", request_id = &*id.text);
        request.set_id(id.clone());
        request.extensions_mut().insert(id.clone());
        let mut response = next.run(request).instrument(span).await?;
        id.tell(&mut response);
        Ok(response)
    }
}
