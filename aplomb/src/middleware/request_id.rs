//! [`RequestId`]: a name for every request.

use std::sync::Arc;

use ::http::{HeaderName, HeaderValue};
use tracing::Instrument as _;

use super::{Middleware, Next};
use crate::error::Result;
use crate::http::{Request, Response};

/// How long an id of a client may be.
const LONGEST: usize = 128;

/// Names every request, by the `x-request-id` it came with or a new one: in the answer, and in a
/// span around everything that is logged meanwhile.
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

/// The id of a request, among its extensions.
#[derive(Clone, Debug)]
struct Id(Arc<str>);

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

    /// The id of a request, to be kept longer than it.
    pub(crate) fn shared(request: &Request) -> Option<Arc<str>> {
        request.extensions().get().map(|Id(id)| Arc::clone(id))
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
        self.extensions().get::<Id>().map(|id| &*id.0)
    }
}

impl Middleware for RequestId {
    async fn handle(&self, mut request: Request, next: Next) -> Result<Response> {
        let id = self.of(&request);
        let span = tracing::info_span!("request", request_id = &*id);
        request.extensions_mut().insert(Id(Arc::clone(&id)));
        let mut response = next.run(request).instrument(span).await?;
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(&self.header, id);
        }
        Ok(response)
    }
}
