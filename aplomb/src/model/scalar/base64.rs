//! Bytes that JSON carries as Base64.

use std::borrow::Cow;
use std::ops::Deref;

use ::base64::Engine as _;
use ::base64::prelude::BASE64_STANDARD;
use ::bytes::Bytes;

use super::{bytes, rare, written_as_text};
use crate::json::{Object, Value};
use crate::model::{Accepts, Constraints, Model, Problems, shape};
use crate::openapi::Schemas;

/// Bytes that stand in JSON as Base64 text.
///
/// Like Python's decoder it steps over characters that are not Base64.
///
/// ```
/// use aplomb::model::{Base64Bytes, Constraints, Model};
///
/// let bytes = Base64Bytes::read_text("aGk=", &Constraints::NONE).unwrap();
/// assert_eq!(&bytes[..], b"hi");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Base64Bytes(pub Bytes);

impl Deref for Base64Bytes {
    type Target = Bytes;

    fn deref(&self) -> &Bytes {
        &self.0
    }
}

fn decode(text: &str) -> Result<Vec<u8>, String> {
    let mut decoded = Vec::with_capacity(text.len() / 4 * 3);
    let (mut group, mut filled, mut padding) = (0_u32, 0_u32, 0_u32);
    for byte in text.bytes() {
        let bits = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' if filled >= 2 => {
                padding += 1;
                if filled + padding >= 4 {
                    return Ok(decoded);
                }
                continue;
            }
            _ => continue,
        };
        padding = 0;
        group = (group << 6) | u32::from(bits);
        filled += 1;
        // Each character after the first of four completes a byte.
        if filled > 1 {
            decoded.push((group >> (8 - 2 * filled)) as u8);
        }
        filled %= 4;
    }
    match filled {
        0 => Ok(decoded),
        1 => {
            let count = decoded.len() / 3 * 4 + 1;
            Err(format!(
                "Invalid base64-encoded string: number of data characters ({count}) cannot be 1 \
                 more than a multiple of 4"
            ))
        }
        _ => Err("Incorrect padding".to_owned()),
    }
}

impl Model for Base64Bytes {
    const ACCEPTS: Accepts = bytes::ACCEPTS;

    rare!();

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        let text = bytes::accept(value, problems)?;
        let decoded = match decode(text) {
            Ok(decoded) => decoded,
            Err(error) => {
                let message = format!("Base64 decoding error: '{error}'");
                let mut context = Object::new();
                context.insert("error".to_owned(), Value::String(error));
                problems.report("base64_decode", message, value, Some(context));
                return None;
            }
        };
        bytes::check(decoded.len(), constraints, value, problems).then(|| Self(decoded.into()))
    }

    written_as_text!(|bytes| BASE64_STANDARD.encode(&bytes.0));

    fn schema(_: &mut Schemas, constraints: &Constraints) -> Object {
        let mut schema = shape::text_in("base64");
        let media_type = "application/octet-stream".into();
        schema.insert("contentMediaType".to_owned(), media_type);
        shape::measure(&mut schema, constraints, "minLength", "maxLength");
        schema
    }

    fn label() -> Cow<'static, str> {
        "function-after[decode(), bytes]".into()
    }
}
