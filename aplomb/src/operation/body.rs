//! The body of a request as the arguments are read from it.

use bytes::Bytes;

use super::Parameter;
use crate::error::{Error, HttpException, RequestValidationError};
use crate::http::FormData;
use crate::json::{self, ParseError, Reader, Value};
use crate::model::{Constraints, Location, Model, Problem, form};

/// How the body of an operation is made up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum BodyShape {
    /// Nobody reads it.
    #[default]
    None,
    /// One parameter is the whole body.
    Whole,
    /// An object holds each parameter under its name.
    Keyed,
}

/// The body of a request, as far as it has been understood.
#[derive(Debug, Default)]
pub(crate) enum BodyInput {
    /// Nothing was sent, or nobody wants it.
    #[default]
    Absent,
    /// JSON that nobody has parsed yet.
    Json(Bytes),
    /// A value.
    Value(Value),
    /// Text that does not claim to be JSON.
    Text(Value),
    /// A form.
    Form(FormData),
}

impl BodyInput {
    /// The body of this content type. Without a JSON type, what is validated is the text itself.
    pub(crate) fn new(bytes: Bytes, content_type: Option<&str>, strict_content_type: bool) -> Self {
        if bytes.is_empty() {
            return Self::Absent;
        }
        let json = match content_type {
            Some(content_type) => is_json(content_type),
            None => !strict_content_type,
        };
        if json {
            Self::Json(bytes)
        } else {
            Self::Text(Value::String(String::from_utf8_lossy(&bytes).into_owned()))
        }
    }

    /// The whole body by the fast reader, if that vouches for it.
    #[inline]
    pub(crate) fn read_typed<T: Model>(&self, constraints: &Constraints) -> Option<T> {
        let Self::Json(bytes) = self else { return None };
        let text = simdutf8::basic::from_utf8(bytes).ok()?;
        let mut reader = Reader::new(text);
        let value = T::read(&mut reader, constraints).ok()?;
        reader.end().ok()?;
        Some(value)
    }

    /// Finds out whether JSON is well-formed before anything else happens.
    pub(crate) fn check_syntax(&mut self) -> Result<(), Error> {
        if let Self::Json(bytes) = self {
            let plain = simdutf8::basic::from_utf8(bytes).is_ok_and(json::is_valid);
            if !plain {
                self.value()?;
            }
        }
        Ok(())
    }

    /// The body as a value, null without one.
    ///
    /// # Errors
    /// The answer for text that is not JSON.
    pub(crate) fn value(&mut self) -> Result<&Value, Error> {
        if let Self::Json(bytes) = self {
            *self = Self::Value(json::parse(bytes).map_err(|error| not_json(&error))?);
        }
        Ok(match self {
            Self::Value(value) | Self::Text(value) => value,
            _ => &Value::Null,
        })
    }

    /// The body as a value, if there is one.
    ///
    /// # Errors
    /// The answer for text that is not JSON.
    pub(crate) fn sent(&mut self) -> Result<Option<&Value>, Error> {
        if matches!(self, Self::Absent) {
            return Ok(None);
        }
        self.value().map(Some)
    }

    /// The name under which an object holds a parameter.
    pub(crate) fn name(&self, parameter: &Parameter) -> Option<&'static str> {
        let Self::Value(Value::Object(object)) = self else {
            return None;
        };
        let field = &parameter.field;
        let mut names = std::iter::once(&field.alias).chain(field.aliases);
        names.find(|name| object.contains_key(**name)).copied()
    }

    /// The body as a validation error shows it to its handler.
    pub(crate) fn into_value(mut self) -> Value {
        match &mut self {
            Self::Form(data) => Value::Object(form::object(data)),
            other => other.value().cloned().unwrap_or_default(),
        }
    }

    /// Whether this is a form.
    pub(crate) fn is_form(&self) -> bool {
        matches!(self, Self::Form(_))
    }

    /// The form, one without fields if there is none.
    pub(crate) fn form_data(&self) -> FormData {
        match self {
            Self::Form(data) => data.clone(),
            _ => FormData::default(),
        }
    }
}

fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

/// Whether a content type is `application/json` or `application/*+json`.
fn is_json(content_type: &str) -> bool {
    // What nearly everybody says is not taken apart.
    content_type == "application/json" || is_spelled_json(content_type)
}

fn is_spelled_json(content_type: &str) -> bool {
    let essence = essence(content_type);
    let Some((kind, subtype)) = essence.split_once('/') else {
        return false;
    };
    let suffix = subtype
        .rsplit_once('+')
        .map_or(subtype, |(_, suffix)| suffix);
    kind.eq_ignore_ascii_case("application") && suffix.eq_ignore_ascii_case("json")
}

/// The answer to a body that is not JSON.
#[cold]
pub(crate) fn not_json(error: &ParseError) -> Error {
    match error {
        ParseError::Syntax { message, position } => {
            let context = [("error".to_owned(), Value::String((*message).to_owned()))];
            let problem = Problem {
                kind: "json_invalid".into(),
                location: vec![Location::from("body"), Location::Index(*position)],
                message: "JSON decode error".to_owned(),
                input: Value::Object(json::Object::new()),
                context: Some(context.into_iter().collect()),
            };
            RequestValidationError::new(vec![problem], Value::Null).into()
        }
        ParseError::Unreadable => {
            HttpException::new(400, "There was an error parsing the body").into()
        }
    }
}
