//! What goes back to the client.

mod kinds;

use std::borrow::Cow;
use std::fmt;
use std::future::Future;

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use http_body::Body as _;

use super::length::content_length;
use super::status::IntoStatus;
use super::{Body, Cookie, Peer};
use crate::app::Compat;
use crate::background::BackgroundTasks;
use crate::json::Lost;
use crate::serve::Tasks;

/// A whole answer: status, headers, body, and work to do once it has been sent.
///
/// ```
/// use aplomb::http::{Cookie, Response};
///
/// let response = Response::text("created")
///     .status(201)
///     .header("x-shelf", "7")
///     .set_cookie(&Cookie::new("seen", "yes"));
/// assert_eq!(response.status_code(), 201);
/// assert_eq!(response.headers()["content-length"], "7");
/// ```
#[derive(Debug)]
pub struct Response {
    /// In a box, because it is handed up through many futures, each of which would move all of it.
    inner: Box<http::Response<Body>>,
    complete: bool,
}

/// The body has a `null` in place of a float that JSON cannot spell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NonFinite;

impl fmt::Display for NonFinite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Out of range float values are not JSON compliant")
    }
}

impl std::error::Error for NonFinite {}

/// The background tasks of a response that is not certain yet: they do not know what request they
/// are of, and are dropped with it where another is answered.
#[derive(Clone, Default)]
struct Unbound(Vec<BackgroundTasks>);

impl Response {
    /// An answer with this body, status 200, and its `content-length` if that is known.
    pub fn new(body: impl Into<Body>) -> Self {
        let body = body.into();
        let length = body.size_hint().exact();
        let mut inner = Box::new(http::Response::new(body));
        if let Some(length) = length {
            inner
                .headers_mut()
                .insert(CONTENT_LENGTH, content_length(length));
        }
        Self {
            inner,
            complete: false,
        }
    }

    /// Sets the status.
    ///
    /// # Panics
    /// If it is not between 100 and 999.
    #[must_use]
    pub fn status(mut self, status: impl IntoStatus) -> Self {
        self.set_status(status.into_status());
        self
    }

    /// Adds a header, after those that are there, also of the same name. One whose name or value may
    /// not stand in a header, such as a text of several lines, is logged and left out.
    #[must_use]
    pub fn header<N, V>(mut self, name: N, value: V) -> Self
    where
        N: TryInto<HeaderName>,
        V: TryInto<HeaderValue>,
    {
        match (name.try_into(), value.try_into()) {
            (Ok(name), Ok(value)) => {
                self.inner.headers_mut().append(name, value);
            }
            (Ok(name), Err(_)) => {
                tracing::error!(%name, "header left out: its value may not stand in one");
            }
            (Err(_), _) => tracing::error!("header left out: its name is none"),
        }
        self
    }

    /// Sets the `content-type`; one that may not stand in a header is logged and left out.
    #[must_use]
    pub fn content_type(mut self, content_type: impl TryInto<HeaderValue>) -> Self {
        match content_type.try_into() {
            Ok(value) => {
                self.inner.headers_mut().insert(CONTENT_TYPE, value);
            }
            Err(_) => tracing::error!("content-type left out: it may not stand in a header"),
        }
        self
    }

    /// Gives the client a cookie; one whose name, domain or path would say something else in the
    /// header is left out.
    #[must_use]
    pub fn set_cookie(mut self, cookie: &Cookie) -> Self {
        if let Some(value) = cookie.header() {
            self.inner.headers_mut().append(SET_COOKIE, value);
        }
        self
    }

    /// Makes the client forget a cookie of the path `/`; for another, set [`Cookie::removal`].
    #[must_use]
    pub fn delete_cookie(self, name: impl Into<Cow<'static, str>>) -> Self {
        self.set_cookie(&Cookie::removal(name))
    }

    /// Adds work that runs once the answer has been sent, or given up because the client left.
    #[must_use]
    pub fn after(mut self, task: impl Future<Output = ()> + Send + 'static) -> Self {
        self.inner.body_mut().run_after(task);
        self
    }

    /// Adds background tasks, which run once the answer has been sent, before those that the
    /// handler took as an argument.
    ///
    /// ```
    /// use aplomb::prelude::*;
    ///
    /// let tasks = BackgroundTasks::new();
    /// tasks.add(async { println!("the receipt goes out") });
    /// let response = Response::text("paid").background(tasks);
    /// ```
    #[must_use]
    pub fn background(mut self, tasks: BackgroundTasks) -> Self {
        self.add_background(tasks);
        self
    }

    fn add_background(&mut self, tasks: BackgroundTasks) {
        let unbound = self.extensions_mut().get_or_insert_default::<Unbound>();
        unbound.0.push(tasks);
    }

    /// Takes out the background tasks that wait for it to be certain that this is the answer.
    pub(crate) fn take_background(&mut self) -> Option<Vec<BackgroundTasks>> {
        let Unbound(tasks) = self.extensions_mut().remove()?;
        Some(tasks)
    }

    /// Runs background tasks after this answer; those for which the application has no room, now.
    pub(crate) async fn run_background(&mut self, tasks: BackgroundTasks, server: &Tasks) {
        tasks.before_response(server).await;
        let body = self.inner.body_mut();
        body.run_after(async move { tasks.run().await });
    }

    /// The status.
    pub fn status_code(&self) -> StatusCode {
        self.inner.status()
    }

    /// Changes the status.
    pub fn set_status(&mut self, status: StatusCode) {
        *self.inner.status_mut() = status;
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.inner.headers()
    }

    /// The headers, to change them.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        self.inner.headers_mut()
    }

    /// What goes with the answer and is not sent, for the middleware around it.
    pub fn extensions(&self) -> &http::Extensions {
        self.inner.extensions()
    }

    /// What goes with the answer and is not sent, to attach something.
    pub fn extensions_mut(&mut self) -> &mut http::Extensions {
        self.inner.extensions_mut()
    }

    /// Runs what was to run after another response after this one.
    pub(crate) fn adopt_after(&mut self, mut other: Self) {
        self.inner.body_mut().adopt_after(other.inner.body_mut());
        for tasks in other.take_background().unwrap_or_default() {
            self.add_background(tasks);
        }
    }

    /// Says what server the request came through, for work that nobody takes out.
    pub(crate) fn serve_after_by(&mut self, peer: &Peer) {
        self.inner.body_mut().serve_after_by(|| peer.tasks());
    }

    /// Whether FastAPI fails where this response has a null for a float without JSON.
    pub(crate) fn is_refused(&self, compat: Compat) -> bool {
        compat == Compat::Exact && self.extensions().get::<NonFinite>().is_some()
    }

    /// Writes a long text to its end before it is sent, so that its length is known.
    ///
    /// # Errors
    /// Where a model in it is not written the same way twice.
    pub(crate) fn finish_text(&mut self) -> Result<(), Lost> {
        if self.inner.body_mut().finish()? {
            self.extensions_mut().insert(NonFinite);
        }
        if let Some(length) = self.inner.body().size_hint().exact() {
            let length = content_length(length);
            self.inner.headers_mut().insert(CONTENT_LENGTH, length);
        }
        Ok(())
    }

    /// The body.
    pub fn body(&self) -> &Body {
        self.inner.body()
    }

    /// The body, to be changed in place.
    pub(crate) fn body_mut(&mut self) -> &mut Body {
        self.inner.body_mut()
    }

    /// Puts another body in place of the one there; work to do afterwards stays.
    pub fn set_body(&mut self, body: impl Into<Body>) {
        let mut body = body.into();
        body.adopt_after(self.inner.body_mut());
        if self.inner.body().ends_at_stop() && body.as_bytes().is_none() {
            body.end_at_stop();
        }
        match body.size_hint().exact() {
            Some(length) => self
                .inner
                .headers_mut()
                .insert(CONTENT_LENGTH, content_length(length)),
            None => self.inner.headers_mut().remove(CONTENT_LENGTH),
        };
        *self.inner.body_mut() = body;
    }

    /// Takes the body out; work to do afterwards stays.
    pub(crate) fn take_body(&mut self) -> Body {
        let mut body = std::mem::take(self.inner.body_mut());
        self.inner.body_mut().adopt_after(&mut body);
        if body.ends_at_stop() {
            // The next body is made of this one.
            self.inner.body_mut().end_at_stop();
        }
        body
    }

    /// Puts a body made of the present one in its place; work to do afterwards stays.
    ///
    /// ```
    /// use aplomb::http::Response;
    ///
    /// let response = Response::text("abc").map_body(|body| {
    ///     body.as_bytes().unwrap_or_default().to_ascii_uppercase().into()
    /// });
    /// assert_eq!(response.body().as_bytes(), Some(b"ABC".as_slice()));
    /// ```
    #[must_use]
    pub fn map_body(mut self, map: impl FnOnce(Body) -> Body) -> Self {
        let body = self.take_body();
        self.set_body(map(body));
        self
    }

    /// Says that a handler has made this answer itself, so that nothing is added to it.
    pub(crate) fn completed(mut self) -> Self {
        self.complete = true;
        self
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.complete
    }

    /// The answer as the server sends it: statuses that have no body lose it and its length.
    pub fn into_http(mut self) -> http::Response<Body> {
        let status = self.inner.status();
        if status.is_informational() || matches!(status.as_u16(), 204 | 205 | 304) {
            let mut bare = Body::empty();
            bare.adopt_after(self.inner.body_mut());
            *self.inner.body_mut() = bare;
            self.inner.headers_mut().remove(CONTENT_LENGTH);
        }
        // Nobody decides otherwise any more.
        if let Some(all) = self.take_background() {
            for tasks in all {
                let body = self.inner.body_mut();
                body.run_after(async move { tasks.run().await });
            }
        }
        *self.inner
    }

    /// The answer for a tower layer, from which it comes back with its background tasks.
    pub(crate) fn into_layered(mut self) -> http::Response<Body> {
        let unbound = self.extensions_mut().remove::<Unbound>();
        let mut response = self.into_http();
        if let Some(unbound) = unbound {
            response.extensions_mut().insert(unbound);
        }
        response
    }
}

impl From<http::Response<Body>> for Response {
    fn from(inner: http::Response<Body>) -> Self {
        Self {
            inner: Box::new(inner),
            complete: false,
        }
    }
}

impl From<Response> for http::Response<Body> {
    fn from(response: Response) -> Self {
        response.into_http()
    }
}

impl From<StatusCode> for Response {
    fn from(status: StatusCode) -> Self {
        Self::new(Body::empty()).status(status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_comes_first_then_type_then_the_rest() {
        let response = Response::json_text("{}")
            .header("a", "1")
            .header("a", "2")
            .into_http();
        let names: Vec<_> = response
            .headers()
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(names, ["content-length", "content-type", "a", "a"]);
    }

    #[test]
    fn headers_cannot_bring_others() {
        let response = Response::text("a")
            .header("x-a", "1\r\nset-cookie: b=c")
            .header("x-b\r\nx-c", "1")
            .content_type("text/plain\r\nx-d: 1");
        let names: Vec<_> = response.headers().keys().collect();
        assert_eq!(names, ["content-length", "content-type"]);
        assert_eq!(
            response.headers()[CONTENT_TYPE],
            "text/plain; charset=utf-8"
        );
    }

    #[test]
    fn statuses_without_body_lose_it() {
        for status in [204, 205, 304] {
            let response = Response::json_text("null").status(status).into_http();
            assert!(!response.headers().contains_key(CONTENT_LENGTH));
            assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
            assert!(response.body().is_end_stream());
        }
    }

    #[test]
    fn cookies_say_no_more_than_they_should() {
        let given = |cookie: &Cookie| {
            let response = Response::json_text("null").set_cookie(cookie);
            response.headers().contains_key(SET_COOKIE)
        };
        assert!(given(&Cookie::new("a.b:c", "x; Secure").domain("h")));
        for name in ["", "a=b", "a; Domain=evil", "a b", "\u{e9}", "a\r\nx"] {
            assert!(!given(&Cookie::new(name, "v")), "{name}");
        }
        for text in ["/; Domain=evil", "/\n", "/\u{7f}"] {
            assert!(
                !given(&Cookie::new("a", "v").path(std::borrow::Cow::Borrowed(text))),
                "{text}"
            );
            assert!(!given(&Cookie::new("a", "v").domain(text)), "{text}");
        }
    }
}
