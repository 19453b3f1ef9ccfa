//! Results that say what they are: JSON, pages, texts, redirects.

use super::class::{ClassKind, Content, ResponseClass};
use super::respond::json;
use super::{Description, IntoResponse, ResponseSettings};
use crate::error::Result;
use crate::http::{Body, Html, PlainText, Redirect, Response};
use crate::json::Value;
use crate::model::Model;
use crate::openapi::Schemas;

/// JSON, whatever the default response class is: `application/json`.
///
/// ```
/// use aplomb::operation::JsonResponse;
/// use aplomb::prelude::*;
///
/// #[get("/")]
/// async fn read() -> JsonResponse {
///     JsonResponse(json!({"a": 1}))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct JsonResponse<T = Value>(pub T);

impl<T: Model> IntoResponse for JsonResponse<T> {
    fn into_response(self, settings: &ResponseSettings) -> Result<Response> {
        Ok(json(self.0, settings))
    }

    fn describe(schemas: &mut Schemas) -> Description {
        Description {
            decided: true,
            ..T::describe(schemas)
        }
    }
}

impl<T: 'static> ResponseClass for JsonResponse<T> {
    const MEDIA_TYPE: Option<&'static str> = Some("application/json");
    const KIND: ClassKind = ClassKind::Json;
}

impl<T: 'static> ResponseClass for Html<T> {
    const MEDIA_TYPE: Option<&'static str> = Some("text/html");
}

impl<T: 'static> ResponseClass for PlainText<T> {
    const MEDIA_TYPE: Option<&'static str> = Some("text/plain");
}

/// Text or bytes without a `content-type`.
impl ResponseClass for Response {
    const MEDIA_TYPE: Option<&'static str> = None;
}

/// The result is the URL.
impl ResponseClass for Redirect {
    const MEDIA_TYPE: Option<&'static str> = None;
    const STATUS: u16 = 307;

    fn respond(content: &Content<'_>) -> Result<Response> {
        let url = content.text()?;
        Ok(Response::redirect(
            &String::from_utf8_lossy(&url),
            Self::STATUS,
        ))
    }
}

impl IntoResponse for &'static str {
    fn into_response(self, settings: &ResponseSettings) -> Result<Response> {
        self.to_owned().into_response(settings)
    }

    fn into_response_as<M: Model>(self, settings: &ResponseSettings) -> Result<Response> {
        self.to_owned().into_response_as::<M>(settings)
    }

    fn describe(schemas: &mut Schemas) -> Description {
        String::describe(schemas)
    }
}

impl<T: Into<Body> + Send> IntoResponse for Html<T> {
    fn into_response(self, settings: &ResponseSettings) -> Result<Response> {
        Ok(Response::from(self).status(settings.status))
    }

    fn describe(_: &mut Schemas) -> Description {
        text("text/html")
    }
}

impl<T: Into<Body> + Send> IntoResponse for PlainText<T> {
    fn into_response(self, settings: &ResponseSettings) -> Result<Response> {
        Ok(Response::from(self).status(settings.status))
    }

    fn describe(_: &mut Schemas) -> Description {
        text("text/plain")
    }
}

impl IntoResponse for Redirect {
    fn into_response(self, settings: &ResponseSettings) -> Result<Response> {
        let mut response = Response::from(self);
        if settings.status_given {
            response.set_status(settings.status);
        }
        Ok(response.completed())
    }

    fn describe(_: &mut Schemas) -> Description {
        Description {
            status: Some(307),
            decided: true,
            ..Description::default()
        }
    }
}

fn text(media_type: &'static str) -> Description {
    let schema = [("type".to_owned(), Value::from("string"))];
    Description {
        media_type: Some(media_type),
        schema: Some(schema.into_iter().collect()),
        decided: true,
        ..Description::default()
    }
}
