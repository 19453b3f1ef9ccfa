//! [`JsonLines`]: a stream as one JSON text a line.

use futures_core::Stream;

use super::sent::{self, Form, Sending};
use super::{StreamItem, described, items};
use crate::error::Result;
use crate::http::Response;
use crate::model::Model;
use crate::openapi::Schemas;
use crate::operation::{Description, IntoResponse, ResponseSettings};

/// A stream of models as JSON Lines: one JSON text a line, sent as they come.
///
/// A handler that returns `impl Stream<Item = T>` is answered so too; this is for streams whose
/// type has a name, and for routes with another response class.
///
/// ```
/// use aplomb::JsonLines;
/// use futures_util::stream;
///
/// let numbers = JsonLines(stream::iter([1, 2, 3]));
/// ```
#[derive(Clone, Debug)]
pub struct JsonLines<S>(pub S);

impl<S: Stream<Item: StreamItem> + Send + 'static> JsonLines<S> {
    fn respond(
        self,
        settings: &ResponseSettings,
        write: sent::WriteItem<<S::Item as StreamItem>::Item>,
    ) -> Response {
        Sending::new(items(self.0), Form::Lines, settings, write).into_response(None, settings)
    }
}

impl<S: Stream<Item: StreamItem> + Send + 'static> IntoResponse for JsonLines<S> {
    fn into_response(self, settings: &ResponseSettings) -> Result<Response> {
        Ok(self.respond(settings, sent::write_as_is))
    }

    fn into_response_as<M: Model>(self, settings: &ResponseSettings) -> Result<Response> {
        Ok(self.respond(settings, sent::write_through::<_, M>))
    }

    fn describe(schemas: &mut Schemas) -> Description {
        Self::describe_as::<<S::Item as StreamItem>::Item>(schemas)
    }

    fn describe_as<M: Model>(schemas: &mut Schemas) -> Description {
        Description {
            decided: true,
            ..described::<M>("application/jsonl", schemas)
        }
    }
}
