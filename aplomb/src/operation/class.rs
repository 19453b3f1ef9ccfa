//! [`ResponseClass`]: what the results of a route become, other than JSON.

use std::any::Any;

use ::http::header::CONTENT_TYPE;
use ::http::{HeaderValue, StatusCode};
use bytes::Bytes;

use super::ResponseSettings;
use crate::error::Result;
use crate::http::{Body, Response};
use crate::json::{Value, Writer};
use crate::model::Model;

/// What a response class makes of results, and so how the document describes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassKind {
    /// JSON: described by the model of the result.
    Json,
    /// Text or bytes as they are: described as a text.
    Text,
    /// Server-sent events: streams become events.
    Events,
    /// JSON, of which a stream is one array: described by the model of the result, or of its items.
    Array,
}

/// What the results of a route become: FastAPI's `response_class`.
///
/// `response_class = Html` on an attribute answers a `String` as a page;
/// [`Router::default_response_class`](crate::Router::default_response_class) does so for many
/// routes. There are [`JsonResponse`](super::JsonResponse), [`Html`](crate::http::Html),
/// [`PlainText`](crate::http::PlainText), [`Redirect`](crate::http::Redirect),
/// [`FileResponse`](crate::FileResponse), [`StreamingResponse`](super::StreamingResponse),
/// [`EventStream`](super::EventStream), [`JsonArray`](super::JsonArray) and [`Response`], and a class of your own is a type that implements this.
///
/// ```
/// use aplomb::prelude::*;
/// use aplomb::operation::{ClassKind, Content};
/// use aplomb::testing::TestClient;
///
/// struct JsonApi;
///
/// impl ResponseClass for JsonApi {
///     const MEDIA_TYPE: Option<&'static str> = Some("application/vnd.api+json");
///     const KIND: ClassKind = ClassKind::Json;
/// }
///
/// #[get("/", response_class = JsonApi)]
/// async fn read() -> Value {
///     json!({"data": []})
/// }
///
/// let client = TestClient::new(App::new().routes(routes![read]));
/// let answer = client.get("/").send();
/// answer.assert_header("content-type", "application/vnd.api+json");
/// assert_eq!(answer.text(), r#"{"data":[]}"#);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a response class",
    label = "this does not say what results become",
    note = "use `JsonResponse`, `Html`, `PlainText`, `Redirect`, `FileResponse`, `StreamingResponse`, `EventStream`, `JsonArray` or `Response`, or implement `ResponseClass` for `{Self}`"
)]
pub trait ResponseClass: 'static {
    /// The media type of the body; none when each answer says its own. One that begins with
    /// `text/` is sent with `; charset=utf-8`.
    const MEDIA_TYPE: Option<&'static str>;
    /// What the class makes of results.
    const KIND: ClassKind = ClassKind::Text;
    /// The status of a success, where neither the attribute nor the handler says another.
    const STATUS: u16 = 200;

    /// The answer to a result that is not a whole [`Response`] already.
    ///
    /// # Errors
    /// When the result is nothing this class can send, such as an object that is to be a page.
    fn respond(content: &Content<'_>) -> Result<Response> {
        let body = match Self::KIND {
            ClassKind::Json | ClassKind::Array => content.result.json_body(content.settings),
            ClassKind::Text | ClassKind::Events => Body::from(content.text()?),
        };
        let mut response = Response::new(body);
        set_media_type(&mut response, Self::MEDIA_TYPE);
        if let Ok(status) = StatusCode::from_u16(Self::STATUS) {
            response.set_status(status);
        }
        Ok(response)
    }
}

/// A response class as data.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    /// The media type of the body.
    pub media_type: Option<&'static str>,
    /// What it makes of results.
    pub kind: ClassKind,
    /// The status of a success.
    pub status: u16,
    respond: fn(&Content<'_>) -> Result<Response>,
}

impl Class {
    /// The class of this type.
    ///
    /// # Panics
    /// When the media type may not stand in a header or the status is none.
    pub const fn of<C: ResponseClass>() -> Self {
        if let Some(media_type) = C::MEDIA_TYPE {
            assert_media_type(media_type.as_bytes());
        }
        assert!(
            C::STATUS >= 100 && C::STATUS < 1000,
            "the status of a response class is a number from 100 to 999"
        );
        Self {
            media_type: C::MEDIA_TYPE,
            kind: C::KIND,
            status: C::STATUS,
            respond: C::respond,
        }
    }

    /// The answer to a result.
    pub(crate) fn respond<T: Model>(
        &self,
        result: &T,
        settings: &ResponseSettings,
    ) -> Result<Response> {
        let mut response = (self.respond)(&Content { result, settings })?;
        if settings.status_given {
            response.set_status(settings.status);
        }
        Ok(response)
    }
}

const fn assert_media_type(text: &[u8]) {
    let mut index = 0;
    while index < text.len() {
        assert!(
            matches!(text[index], b' '..=b'~'),
            "the media type of a response class is printable ASCII"
        );
        index += 1;
    }
}

/// Says the media type of a body; texts are UTF-8.
pub(super) fn set_media_type(response: &mut Response, media_type: Option<&str>) {
    let value = match media_type {
        Some(text) if text.starts_with("text/") && !text.to_lowercase().contains("charset=") => {
            HeaderValue::try_from(format!("{text}; charset=utf-8"))
        }
        Some(other) => HeaderValue::try_from(other),
        None => return,
    };
    if let Ok(value) = value {
        response.headers_mut().insert(CONTENT_TYPE, value);
    }
}

/// A handler's result on its way into a [`ResponseClass`], as whatever that class sends.
#[derive(Clone, Copy)]
pub struct Content<'a> {
    result: &'a dyn Sent,
    settings: &'a ResponseSettings,
}

impl Content<'_> {
    /// The result as JSON text, with the `response_model_*` options of the route.
    pub fn json(&self) -> Vec<u8> {
        self.result.json(self.settings)
    }

    /// The result as a JSON value, with the `response_model_*` options of the route.
    pub fn value(&self) -> Value {
        self.result.value(self.settings)
    }

    /// A result that is text or bytes, as it is; nothing for null.
    ///
    /// # Errors
    /// When the result is anything else.
    pub fn text(&self) -> Result<Bytes> {
        self.result.text().ok_or_else(|| NotText.into())
    }

    /// The settings of the route.
    pub fn settings(&self) -> &ResponseSettings {
        self.settings
    }
}

impl std::fmt::Debug for Content<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Content")
    }
}

/// A [`Model`] behind a reference, whatever type it has.
trait Sent {
    fn json(&self, settings: &ResponseSettings) -> Vec<u8>;
    fn json_body(&self, settings: &ResponseSettings) -> Body;
    fn value(&self, settings: &ResponseSettings) -> Value;
    fn text(&self) -> Option<Bytes>;
}

impl<T: Model> Sent for T {
    fn json(&self, settings: &ResponseSettings) -> Vec<u8> {
        let mut writer = Writer::new();
        settings.write(self, &mut writer);
        writer.into_bytes()
    }

    fn json_body(&self, settings: &ResponseSettings) -> Body {
        let mut writer = Writer::in_pieces();
        settings.write(self, &mut writer);
        match writer.is_long() {
            true => Body::from_pieces(writer.into_pieces()),
            false => writer.into_bytes().into(),
        }
    }

    fn value(&self, settings: &ResponseSettings) -> Value {
        self.dump(&settings.dump())
    }

    fn text(&self) -> Option<Bytes> {
        text(self)
    }
}

/// What is sent of a text or of bytes, as it is.
pub(super) fn text<T: Model>(result: &T) -> Option<Bytes> {
    let any: &dyn Any = result;
    if let Some(bytes) = any.downcast_ref::<Bytes>() {
        return Some(bytes.clone());
    }
    // A list of small numbers in JSON, but bytes for anything else.
    if let Some(bytes) = any.downcast_ref::<Vec<u8>>() {
        return Some(Bytes::copy_from_slice(bytes));
    }
    match result.dump(&crate::model::Dump::ALL) {
        Value::String(text) => Some(text.into()),
        Value::Null => Some(Bytes::new()),
        _ => None,
    }
}

/// A result that its response class cannot send.
#[derive(Clone, Copy, Debug)]
pub(super) struct NotText;

impl std::fmt::Display for NotText {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .write_str("the response class sends text, and the result is neither text nor bytes")
    }
}

impl std::error::Error for NotText {}
