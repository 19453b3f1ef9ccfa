//! JSON inside of text.

use std::borrow::Cow;
use std::ops::Deref;

use super::rare;
use crate::json::{self, Object, Value, Writer};
use crate::model::{Accepts, Constraints, Dump, Exactness, Model, Problems, shape};
use crate::openapi::{Mode, Schemas};

/// A value that is read from a text holding JSON, and written as itself.
///
/// ```
/// use aplomb::model::{Constraints, Json, Model};
///
/// let Json(numbers) = Json::<Vec<i64>>::read_text("[1, 2]", &Constraints::NONE).unwrap();
/// assert_eq!(numbers, [1, 2]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Json<T>(pub T);

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Model> Model for Json<T> {
    const ACCEPTS: Accepts = T::ACCEPTS;

    rare!();

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        problems.floor(Exactness::Lax);
        let Value::String(text) = value else {
            let message = "JSON input should be string, bytes or bytearray";
            problems.report("json_type", message, value, None);
            return None;
        };
        // A mark of the byte order belongs to bytes; text has none.
        let parsed = match text.starts_with('\u{feff}') {
            true => Err(json::ParseError::Unreadable),
            false => json::parse(text.as_bytes()),
        };
        match parsed {
            Ok(inner) => T::validate(&inner, constraints, problems).map(Self),
            Err(other) => {
                let error = match serde_json::from_str::<serde_json::Value>(text) {
                    Err(error) => error.to_string(),
                    Ok(_) => other.to_string(),
                };
                let message = format!("Invalid JSON: {error}");
                let mut context = Object::new();
                context.insert("error".to_owned(), Value::String(error));
                problems.report("json_invalid", message, value, Some(context));
                None
            }
        }
    }

    fn write(&self, writer: &mut Writer) {
        self.0.write(writer);
    }

    fn dump(&self, options: &Dump<'_>) -> Value {
        self.0.dump(options)
    }

    fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object {
        let inner = T::schema(schemas, constraints);
        if schemas.mode() == Mode::Output {
            return inner;
        }
        let mut schema = shape::of_type("string");
        let media_type = "application/json".into();
        schema.insert("contentMediaType".to_owned(), media_type);
        schema.insert("contentSchema".to_owned(), Value::Object(inner));
        schema
    }

    fn label() -> Cow<'static, str> {
        format!("json[{}]", T::label()).into()
    }

    fn label_with(constraints: &Constraints) -> Cow<'static, str> {
        format!("json[{}]", T::label_with(constraints)).into()
    }
}
