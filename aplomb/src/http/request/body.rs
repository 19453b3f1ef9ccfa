//! The body of a request: as bytes, as JSON, as a form.

use std::fmt;
use std::sync::PoisonError;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http_body::Body as _;

use super::Request;
use crate::http::{Body, BodyError, FormData, FormError, FormLimits};
use crate::json::{self, ParseError, Value};
use crate::route::RequestLimits;

/// Why a body is not JSON.
#[derive(Debug)]
pub enum JsonError {
    /// It could not be read.
    Body(BodyError),
    /// It was read, and is not JSON.
    Parse(ParseError),
}

impl Request {
    /// How many bytes the body may have.
    pub(crate) fn limit(&self) -> usize {
        self.limits().max_body_size.unwrap_or(self.inner.limit)
    }

    /// How much the request may bring, as far as has been said.
    pub(crate) fn limits(&self) -> RequestLimits {
        *self
            .inner
            .limits
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Says how much the request may bring, before what has been said so far.
    pub(crate) fn set_limits(&self, limits: RequestLimits) {
        if limits != RequestLimits::default() {
            let mut current = self
                .inner
                .limits
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            *current = limits.below(*current);
        }
    }

    /// The body, read to its end; it is kept, so that this may be called again.
    ///
    /// # Errors
    /// [`BodyError`] if it is too long or breaks off, also on every later call.
    pub async fn body(&self) -> Result<Bytes, BodyError> {
        let limit = self.limit();
        let read = self.holder().inner.read.get_or_try_init(|| async {
            let Some(body) = self.take_body() else {
                return Err(BodyError::Read("the body has been taken already".into()));
            };
            body.collect(limit).await
        });
        match read.await {
            Ok(read) if read.len() > limit => Err(BodyError::TooLarge),
            read => read.cloned(),
        }
    }

    /// How many bytes are to come of the body at least, unless somebody has taken it.
    pub(crate) fn announced(&self) -> Option<u64> {
        let body = &self.holder().inner.body;
        let body = body.lock().unwrap_or_else(PoisonError::into_inner);
        Some(body.as_ref()?.size_hint().lower())
    }

    /// Who has the body of this request.
    pub(super) fn holder(&self) -> &Self {
        let mut holder = self;
        while let Some(origin) = &holder.inner.origin {
            holder = origin;
        }
        holder
    }

    /// The body as any JSON value.
    ///
    /// # Errors
    /// [`JsonError`] if it cannot be read or is not JSON.
    pub async fn json(&self) -> Result<Value, JsonError> {
        let body = self.body().await.map_err(JsonError::Body)?;
        json::parse(&body).map_err(JsonError::Parse)
    }

    /// The body as a form, within the limits of the route; it is kept, so that this may be called
    /// again. A body that is no form is one without fields.
    ///
    /// # Errors
    /// [`FormError`] if it cannot be read or holds more than allowed.
    pub async fn form(&self) -> Result<FormData, FormError> {
        self.form_with(FormLimits::new()).await
    }

    /// The body as a form, within these limits and for the rest those of the route.
    ///
    /// # Errors
    /// [`FormError`] if it cannot be read or holds more than allowed.
    pub async fn form_with(&self, limits: FormLimits) -> Result<FormData, FormError> {
        let inner = &self.holder().inner;
        let read = inner.form.get_or_try_init(|| async {
            let body = match (inner.read.get(), self.take_body()) {
                (Some(bytes), _) => Body::from(bytes.clone()),
                (None, Some(body)) => body,
                (None, None) => {
                    return Err(BodyError::Read("the body has been taken already".into()).into());
                }
            };
            let content_type = self.headers().get(CONTENT_TYPE);
            let limits = limits.below(self.limits().form);
            let content_type = content_type.map(http::HeaderValue::as_bytes);
            FormData::read(content_type, body, self.limit(), limits).await
        });
        read.await.cloned()
    }

    /// Takes the body out, to read it piece by piece; `None` if it has been taken or read.
    pub fn take_body(&self) -> Option<Body> {
        let body = &self.holder().inner.body;
        body.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(error) => error.fmt(f),
            Self::Parse(ParseError::Syntax { message, position }) => {
                write!(f, "the body is not JSON: {message} at {position}")
            }
            Self::Parse(ParseError::Unreadable) => f.write_str("the body is not readable as JSON"),
        }
    }
}

impl std::error::Error for JsonError {}
