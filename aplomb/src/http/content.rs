//! Return types that say what kind of content they are.

use std::borrow::Cow;

use http::StatusCode;

use super::Response;

/// A page: `text/html; charset=utf-8`.
///
/// ```
/// use aplomb::http::{Html, Response};
///
/// let response = Response::from(Html("<h1>Hello</h1>"));
/// assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
/// ```
#[derive(Clone, Debug)]
pub struct Html<T = String>(pub T);

/// Plain text: `text/plain; charset=utf-8`.
#[derive(Clone, Debug)]
pub struct PlainText<T = String>(pub T);

/// Sends the client to another URL, with status 307 unless another is chosen.
///
/// ```
/// use aplomb::http::{Redirect, Response, StatusCode};
///
/// let response = Response::from(Redirect::to("/log in").status(StatusCode::SEE_OTHER));
/// assert_eq!(response.headers()["location"], "/log%20in");
/// ```
#[derive(Clone, Debug)]
pub struct Redirect {
    url: Cow<'static, str>,
    status: StatusCode,
}

impl Redirect {
    /// A temporary redirect that keeps the method.
    pub fn to(url: impl Into<Cow<'static, str>>) -> Self {
        Self {
            url: url.into(),
            status: StatusCode::TEMPORARY_REDIRECT,
        }
    }

    /// The same redirect with another status.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}

impl<T: Into<super::Body>> From<Html<T>> for Response {
    fn from(Html(page): Html<T>) -> Self {
        Self::html(page)
    }
}

impl<T: Into<super::Body>> From<PlainText<T>> for Response {
    fn from(PlainText(text): PlainText<T>) -> Self {
        Self::text(text)
    }
}

impl From<Redirect> for Response {
    fn from(redirect: Redirect) -> Self {
        Self::redirect(&redirect.url, redirect.status)
    }
}
