//! Results that are not JSON: pages, texts, redirects, lines from a stream.

use futures_core::Stream;
use futures_util::StreamExt;

use super::{Description, IntoResponse, ResponseSettings};
use crate::error::Result;
use crate::http::{Body, BoxError, Html, PlainText, Redirect, Response};
use crate::json::{Object, Value, Writer};
use crate::model::{Constraints, Model};
use crate::openapi::{Mode, Schemas};

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
            ..Description::default()
        }
    }
}

fn text(media_type: &'static str) -> Description {
    let schema = [("type".to_owned(), Value::from("string"))];
    Description {
        media_type: Some(media_type),
        schema: Some(schema.into_iter().collect()),
        ..Description::default()
    }
}

/// A stream of models as JSON Lines: one JSON text a line, sent as they come.
///
/// ```
/// use aplomb::JsonLines;
/// use futures_util::stream;
///
/// let numbers = JsonLines(stream::iter([1, 2, 3]));
/// ```
#[derive(Clone, Debug)]
pub struct JsonLines<S>(pub S);

impl<S> IntoResponse for JsonLines<S>
where
    S: Stream<Item: Model> + Send + 'static,
{
    fn into_response(self, settings: &ResponseSettings) -> Result<Response> {
        let lines = self.0.map(|item| {
            let mut writer = Writer::new();
            item.write(&mut writer);
            writer.raw("\n");
            Ok::<_, BoxError>(writer.into_bytes())
        });
        Ok(Response::new(Body::from_stream(lines))
            .content_type("application/jsonl")
            .status(settings.status))
    }

    fn describe(schemas: &mut Schemas) -> Description {
        let schema =
            |schemas: &mut Schemas| -> Object { S::Item::schema(schemas, &Constraints::NONE) };
        Description {
            media_type: Some("application/jsonl"),
            schema: Some(schemas.in_mode(Mode::Output, schema)),
            items: true,
            ..Description::default()
        }
    }
}
