//! Bytes, which JSON carries as the text they spell in UTF-8.

use std::borrow::Cow;

use ::bytes::Bytes;

use crate::http::UploadFile;
use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::model::{Accepts, Constraints, Dump, Exactness, Model, Problems, shape};
use crate::openapi::Schemas;

pub(super) const ACCEPTS: Accepts = Accepts {
    length: true,
    ..Accepts::NONE
};

/// Checks that a value is text.
pub(super) fn accept<'a>(value: &'a Value, problems: &mut Problems) -> Option<&'a str> {
    problems.floor(Exactness::Lax);
    if let Value::String(text) = value {
        return Some(text);
    }
    problems.report("bytes_type", "Input should be a valid bytes", value, None);
    None
}

/// Checks the number of bytes.
pub(super) fn check(
    length: usize,
    constraints: &Constraints,
    value: &Value,
    problems: &mut Problems,
) -> bool {
    let (kind, name, words, limit) = match (constraints.min_length, constraints.max_length) {
        (_, Some(most)) if length > most => ("bytes_too_long", "max_length", "most", most),
        (Some(least), _) if length < least => ("bytes_too_short", "min_length", "least", least),
        _ => return true,
    };
    let mut context = Object::new();
    context.insert(name.to_owned(), limit.into());
    let plural = if limit == 1 { "" } else { "s" };
    let message = format!("Data should have at {words} {limit} byte{plural}");
    problems.report(kind, message, value, Some(context));
    false
}

fn keeps(length: usize, constraints: &Constraints) -> bool {
    constraints.min_length.is_none_or(|least| length >= least)
        && constraints.max_length.is_none_or(|most| length <= most)
}

/// The name of bytes in the location of a union's problems.
fn label(constraints: &Constraints) -> Cow<'static, str> {
    if constraints.min_length.is_none() && constraints.max_length.is_none() {
        "bytes".into()
    } else {
        "constrained-bytes".into()
    }
}

impl Model for Bytes {
    const ACCEPTS: Accepts = ACCEPTS;

    fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
        let text = reader.string()?;
        if keeps(text.len(), constraints) {
            Ok(text.into_owned().into())
        } else {
            Err(Refused)
        }
    }

    fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
        if keeps(text.len(), constraints) {
            Ok(Self::copy_from_slice(text.as_bytes()))
        } else {
            Err(Refused)
        }
    }

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        if let Some(content) = problems.file(value).and_then(UploadFile::loaded).cloned() {
            if keeps(content.len(), constraints) {
                return Some(content);
            }
            let text = Value::String(String::from_utf8_lossy(&content).into_owned());
            check(content.len(), constraints, &text, problems);
            return None;
        }
        let text = accept(value, problems)?;
        check(text.len(), constraints, value, problems)
            .then(|| Self::copy_from_slice(text.as_bytes()))
    }

    fn write(&self, writer: &mut Writer) {
        writer.string(&String::from_utf8_lossy(self));
    }

    fn dump(&self, _: &Dump<'_>) -> Value {
        Value::String(String::from_utf8_lossy(self).into_owned())
    }

    fn schema(_: &mut Schemas, constraints: &Constraints) -> Object {
        let mut schema = shape::of_type("string");
        let media_type = "application/octet-stream".into();
        schema.insert("contentMediaType".to_owned(), media_type);
        shape::measure(&mut schema, constraints, "minLength", "maxLength");
        schema
    }

    fn label() -> Cow<'static, str> {
        "bytes".into()
    }

    fn label_with(constraints: &Constraints) -> Cow<'static, str> {
        label(constraints)
    }
}
