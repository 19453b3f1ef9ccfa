//! The body of a request as the arguments are read from it.

use bytes::Bytes;

use crate::error::{Error, HttpException, RequestValidationError};
use crate::json::{self, ParseError, Reader, Value};
use crate::model::{Constraints, Location, Model, Problem};

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
    /// The fields of a form.
    Form(Vec<(String, Value)>),
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
            Self::Value(Value::String(String::from_utf8_lossy(&bytes).into_owned()))
        }
    }

    /// The fields of an url-encoded form; other content types make an empty one.
    pub(crate) fn form(bytes: &[u8], content_type: Option<&str>) -> Self {
        let essence = content_type.map(|content_type| essence(content_type).to_ascii_lowercase());
        if essence.as_deref() != Some("application/x-www-form-urlencoded") {
            return Self::Form(Vec::new());
        }
        let fields = form_urlencoded::parse(bytes)
            .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())));
        Self::Form(fields.collect())
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
            Self::Value(value) => value,
            _ => &Value::Null,
        })
    }

    /// The body as a validation error shows it to its handler.
    pub(crate) fn into_value(mut self) -> Value {
        match &mut self {
            Self::Form(fields) => Value::Object(std::mem::take(fields).into_iter().collect()),
            other => other.value().cloned().unwrap_or_default(),
        }
    }

    /// The values of a form field; an empty one is none.
    pub(crate) fn form_values(&self, name: &str) -> Vec<Value> {
        let Self::Form(fields) = self else {
            return Vec::new();
        };
        fields
            .iter()
            .filter(|(known, value)| known == name && *value != Value::String(String::new()))
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// Every form field.
    pub(crate) fn form_pairs(&self) -> Vec<(String, Value)> {
        match self {
            Self::Form(fields) => fields.clone(),
            _ => Vec::new(),
        }
    }
}

fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

/// Whether a content type is `application/json` or `application/*+json`.
fn is_json(content_type: &str) -> bool {
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
