//! What goes back to the client.

use std::future::Future;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use http_body::Body as _;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::length::content_length;
use super::{Body, Cookie};
use crate::json::{Value, Writer};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// What Python's `quote` leaves alone in a `Location`.
const QUOTED_IN_LOCATION: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b'%')
    .remove(b'#')
    .remove(b'?')
    .remove(b'=')
    .remove(b'@')
    .remove(b'[')
    .remove(b']')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';');

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
    inner: http::Response<Body>,
    complete: bool,
}

impl Response {
    /// An answer with this body, status 200, and its `content-length` if that is known.
    pub fn new(body: impl Into<Body>) -> Self {
        let body = body.into();
        let length = body.size_hint().exact();
        let mut inner = http::Response::new(body);
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

    fn typed(body: impl Into<Body>, content_type: HeaderValue) -> Self {
        let mut response = Self::new(body);
        response
            .inner
            .headers_mut()
            .insert(CONTENT_TYPE, content_type);
        response
    }

    /// JSON text that is ready to send, as `application/json`.
    pub fn json_text(text: impl Into<Bytes>) -> Self {
        Self::typed(text.into(), JSON)
    }

    /// Any JSON value, as `application/json`.
    ///
    /// ```
    /// use aplomb::{http::Response, json::Value};
    ///
    /// let response = Response::json(&Value::Array(vec![Value::Integer(1), Value::Null]));
    /// assert_eq!(response.body().as_bytes(), Some(b"[1,null]".as_slice()));
    /// ```
    pub fn json(value: &Value) -> Self {
        let mut writer = Writer::new();
        writer.value(value);
        Self::json_text(writer.into_bytes())
    }

    /// Plain text, as `text/plain; charset=utf-8`.
    pub fn text(text: impl Into<Body>) -> Self {
        Self::typed(text, TEXT)
    }

    /// A page, as `text/html; charset=utf-8`.
    pub fn html(page: impl Into<Body>) -> Self {
        Self::typed(page, HTML)
    }

    /// An answer that sends the client elsewhere; what may not stand in a URL is quoted.
    pub fn redirect(url: &str, status: impl IntoStatus) -> Self {
        let location = utf8_percent_encode(url, QUOTED_IN_LOCATION).to_string();
        Self::new(Body::empty())
            .status(status)
            .header(LOCATION, location)
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

    /// Adds a header, after those that are there, also of the same name.
    ///
    /// # Panics
    /// If the name or the value may not stand in a header; use [`Response::headers_mut`] for
    /// values that come from outside.
    #[must_use]
    pub fn header<N, V>(mut self, name: N, value: V) -> Self
    where
        N: TryInto<HeaderName>,
        V: TryInto<HeaderValue>,
    {
        let (Ok(name), Ok(value)) = (name.try_into(), value.try_into()) else {
            panic!("this name or value may not stand in a header");
        };
        self.inner.headers_mut().append(name, value);
        self
    }

    /// Sets the `content-type`.
    ///
    /// # Panics
    /// If the value may not stand in a header.
    #[must_use]
    pub fn content_type(mut self, content_type: &'static str) -> Self {
        self.inner
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
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

    /// Adds work that runs once the answer has been sent, or given up because the client left.
    #[must_use]
    pub fn after(mut self, task: impl Future<Output = ()> + Send + 'static) -> Self {
        self.inner.body_mut().run_after(task);
        self
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

    /// The body.
    pub fn body(&self) -> &Body {
        self.inner.body()
    }

    /// Puts another body in place of the one there; work to do afterwards stays.
    pub fn set_body(&mut self, body: impl Into<Body>) {
        let mut body = body.into();
        body.adopt_after(self.inner.body_mut());
        match body.size_hint().exact() {
            Some(length) => self
                .inner
                .headers_mut()
                .insert(CONTENT_LENGTH, content_length(length)),
            None => self.inner.headers_mut().remove(CONTENT_LENGTH),
        };
        *self.inner.body_mut() = body;
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
        self.inner
    }
}

impl From<http::Response<Body>> for Response {
    fn from(inner: http::Response<Body>) -> Self {
        Self {
            inner,
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

/// A status by number or by name.
pub trait IntoStatus {
    /// The status.
    fn into_status(self) -> StatusCode;
}

impl IntoStatus for StatusCode {
    fn into_status(self) -> StatusCode {
        self
    }
}

impl IntoStatus for u16 {
    fn into_status(self) -> StatusCode {
        match StatusCode::from_u16(self) {
            Ok(status) => status,
            Err(_) => panic!("{self} is not a status: it must be between 100 and 999"),
        }
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

    #[test]
    fn location_is_quoted() {
        let quoted = |url| Response::redirect(url, 307).headers()[LOCATION].clone();
        assert_eq!(quoted("/a b?c=é%20#x"), "/a%20b?c=%C3%A9%20#x");
        assert_eq!(quoted("/\r\nx: y\"<>"), "/%0D%0Ax:%20y%22%3C%3E");
        assert_eq!(
            quoted("https://h/:/%#?=@[]!$&'()*+,;_.-~"),
            "https://h/:/%#?=@[]!$&'()*+,;_.-~"
        );
    }
}
