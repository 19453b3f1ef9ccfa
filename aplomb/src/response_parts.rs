//! [`ResponseParts`]: status, headers and cookies for a response that is made elsewhere.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ::http::header::SET_COOKIE;
use ::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::argument::{Argument, Source};
use crate::http::{Cookie, Response};
use crate::operation::{Binder, Parameter};

/// Status, headers and cookies for the response, as an argument: what FastAPI's injected
/// `response: Response` is for.
///
/// Handler and dependencies share one; the response takes from it what was set, unless the handler
/// returns a whole [`Response`], which is sent as it is.
///
/// ```
/// use aplomb::ResponseParts;
///
/// let response = ResponseParts::new();
/// response.status(201);
/// response.header("x-shelf", "7");
/// ```
#[derive(Clone, Debug, Default)]
pub struct ResponseParts(Arc<Mutex<Parts>>);

#[derive(Debug, Default)]
struct Parts {
    status: Option<StatusCode>,
    headers: HeaderMap,
}

impl ResponseParts {
    /// Nothing set yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the status; one that is not between 100 and 999 is left out.
    pub fn status(&self, status: u16) {
        self.lock().status = StatusCode::from_u16(status).ok();
    }

    /// Adds a header; a name or value that HTTP does not allow is left out.
    pub fn header(&self, name: &str, value: &str) {
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        ) {
            self.lock().headers.append(name, value);
        }
    }

    /// Sets a cookie, as [`Response::set_cookie`] does.
    pub fn set_cookie(&self, cookie: &Cookie) {
        if let Some(value) = cookie.header() {
            self.lock().headers.append(SET_COOKIE, value);
        }
    }

    /// Makes the client forget a cookie, as [`Response::delete_cookie`] does.
    pub fn delete_cookie(&self, name: impl Into<Cow<'static, str>>) {
        self.set_cookie(&Cookie::removal(name));
    }

    /// Adds what was set to a response.
    pub(crate) fn apply(&self, response: &mut Response) {
        let mut parts = self.lock();
        if let Some(status) = parts.status.take() {
            response.set_status(status);
        }
        for (name, value) in &std::mem::take(&mut parts.headers) {
            response.headers_mut().append(name, value.clone());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Parts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Argument for ResponseParts {
    const SOURCE: Source = Source::Context;

    fn bind(binder: &mut Binder<'_>, _: &'static Parameter) -> Option<Self> {
        Some(binder.scope().response.get_or_init(Self::new).clone())
    }
}
