//! Bytes that JSON carries as Base64 in the alphabet of URLs.

use std::borrow::Cow;
use std::ops::Deref;

use ::base64::alphabet;
use ::base64::engine::{DecodePaddingMode, Engine as _, GeneralPurpose, GeneralPurposeConfig};
use ::base64::{DecodeError, prelude::BASE64_URL_SAFE};
use ::bytes::Bytes;

use super::{bytes, rare, written_as_text};
use crate::json::{Object, Value};
use crate::model::{Accepts, Constraints, Model, Problems, shape};
use crate::openapi::Schemas;

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);

/// Bytes that stand in JSON as Base64 text: what Pydantic's `val_json_bytes` and `ser_json_bytes`
/// of `"base64"` make of `bytes`.
///
/// Both alphabets are read, with padding or without; the alphabet of URLs is written.
///
/// ```
/// use aplomb::model::{Constraints, JsonBase64, Model};
///
/// let bytes = JsonBase64::read_text("-_8", &Constraints::NONE).unwrap();
/// assert_eq!(&bytes[..], [0xfb, 0xff]);
/// assert_eq!(bytes, JsonBase64::read_text("+/8=", &Constraints::NONE).unwrap());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct JsonBase64(pub Bytes);

impl Deref for JsonBase64 {
    type Target = Bytes;

    fn deref(&self) -> &Bytes {
        &self.0
    }
}

impl From<Vec<u8>> for JsonBase64 {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

fn decode(text: &str) -> Result<Vec<u8>, DecodeError> {
    URL_SAFE.decode(text).or_else(|error| match error {
        DecodeError::InvalidByte(_, b'+' | b'/') => STANDARD.decode(text),
        error => Err(error),
    })
}

/// What is wrong, as Pydantic says it.
fn sentence(error: &DecodeError) -> String {
    let DecodeError::InvalidLastSymbol(offset, symbol) = *error else {
        return error.to_string();
    };
    let bits = match symbol {
        b'A'..=b'Z' => symbol - b'A',
        b'a'..=b'z' => symbol - b'a' + 26,
        b'0'..=b'9' => symbol - b'0' + 52,
        b'+' | b'-' => 62,
        _ => 63,
    };
    format!(
        "Invalid last symbol 0x{symbol:02x} ('{}') at offset {offset}, decoded as {bits:#010b}.",
        char::from(symbol)
    )
}

impl Model for JsonBase64 {
    const ACCEPTS: Accepts = bytes::ACCEPTS;

    rare!();

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        let text = bytes::accept(value, problems)?;
        let decoded = match decode(text) {
            Ok(decoded) => decoded,
            Err(error) => {
                let error = sentence(&error);
                let message = format!("Data should be valid base64: {error}");
                let mut context = Object::new();
                context.insert("encoding".to_owned(), "base64".into());
                context.insert("encoding_error".to_owned(), Value::String(error));
                problems.report("bytes_invalid_encoding", message, value, Some(context));
                return None;
            }
        };
        bytes::check(decoded.len(), constraints, value, problems).then(|| Self(decoded.into()))
    }

    written_as_text!(|bytes| BASE64_URL_SAFE.encode(&bytes.0));

    fn schema(_: &mut Schemas, constraints: &Constraints) -> Object {
        let mut schema = shape::of_type("string");
        schema.insert("contentEncoding".to_owned(), "base64".into());
        let media_type = "application/octet-stream".into();
        schema.insert("contentMediaType".to_owned(), media_type);
        shape::measure(&mut schema, constraints, "minLength", "maxLength");
        schema
    }

    fn label() -> Cow<'static, str> {
        "bytes".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, error: &str) {
        let problems = JsonBase64::from_value(&text.into()).expect_err("no Base64");
        let problem = &problems.into_vec()[0];
        assert_eq!(problem.kind, "bytes_invalid_encoding");
        assert_eq!(
            problem.message,
            format!("Data should be valid base64: {error}")
        );
    }

    #[test]
    fn reads_what_pydantic_reads() {
        for (text, bytes) in [
            ("", &b""[..]),
            ("aGk=", b"hi"),
            ("aGk", b"hi"),
            ("-_8=", b"\xfb\xff"),
            ("+/8", b"\xfb\xff"),
        ] {
            let read = JsonBase64::from_value(&text.into()).expect("Base64");
            assert_eq!(&read[..], bytes, "{text}");
        }
        refused("!!", "Invalid symbol 33, offset 0.");
        refused("a", "Invalid input length: 1");
        refused("aGk==", "Invalid symbol 61, offset 3.");
        refused(
            "a-_=",
            "Invalid last symbol 0x5f ('_') at offset 2, decoded as 0b00111111.",
        );
    }

    #[test]
    fn writes_the_alphabet_of_urls() {
        let bytes = JsonBase64(Bytes::from_static(b"\xfb\xff\xfe"));
        assert_eq!(bytes.dump(&crate::model::Dump::ALL), "-__-");
    }
}
