//! Responses of the usual kinds.

use bytes::Bytes;
use http::HeaderValue;
use http::header::{CONTENT_TYPE, LOCATION};

use super::{NonFinite, Response};
use crate::http::status::IntoStatus;
use crate::http::{Body, LongText, location};
use crate::json::Writer;
use crate::model::Model;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

impl Response {
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

    /// A model or any JSON value, as `application/json`.
    ///
    /// ```
    /// use aplomb::{http::Response, json};
    ///
    /// let response = Response::json(&json!([1, null])).status(201);
    /// assert_eq!(response.body().as_bytes(), Some(b"[1,null]".as_slice()));
    /// ```
    pub fn json(content: &impl Model) -> Self {
        let mut writer = Writer::new();
        content.write(&mut writer);
        Self::json_written(writer)
    }

    /// What was written, as `application/json`; it says whether FastAPI could not have written it.
    pub(crate) fn json_written(writer: Writer) -> Self {
        let non_finite = writer.wrote_non_finite();
        let mut response = match writer.is_long() {
            true => Self::typed(Body::from_pieces(writer.into_pieces()), JSON),
            false => Self::json_text(writer.into_bytes()),
        };
        if non_finite {
            response.extensions_mut().insert(NonFinite);
        }
        response
    }

    /// The same for a text that has paused, and `write`, which wrote it.
    pub(crate) fn json_long(
        writer: Writer,
        write: impl FnMut(&mut Writer) + Send + 'static,
    ) -> Self {
        let non_finite = writer.wrote_non_finite();
        let text = LongText::new(writer, write);
        let mut response = Self::typed(Body::from_long_text(text), JSON);
        if non_finite {
            response.extensions_mut().insert(NonFinite);
        }
        response
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
        Self::new(Body::empty())
            .status(status)
            .header(LOCATION, location::quoted(url))
    }
}
