//! The models that are one value: numbers, text, dates, addresses.

use super::{Constraints, Model, Problems};
use crate::json::{Reader, Refused, Value};

mod address;
mod base64;
mod boolean;
mod byte_size;
mod bytes;
mod calendar;
mod date;
mod datetime;
mod decimal;
mod duration;
mod email;
mod embedded;
mod float;
pub(super) mod integer;
mod interface;
mod json_base64;
mod moment;
mod network;
mod null;
mod secret;
mod text;
mod time;
mod url;
mod uuid;
mod value;

pub use base64::Base64Bytes;
pub use byte_size::ByteSize;
pub use datetime::Datetime;
pub use email::Email;
pub use embedded::Json;
pub use interface::{IpInterface, Ipv4Interface, Ipv6Interface};
pub use json_base64::JsonBase64;
pub use moment::{FutureDate, FutureDatetime, PastDate, PastDatetime};
pub use secret::SecretString;
pub use time::Time;
pub use url::HttpUrl;
pub use uuid::UuidVersion;

/// Reads any value and lets the complete reader judge it, for types too rare for a reader of
/// their own.
fn read_value<T: Model>(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<T, Refused> {
    let value = reader.value()?;
    T::validate(&value, constraints, &mut Problems::new()).ok_or(Refused)
}

/// Lets the complete reader judge a text.
fn read_as_text<T: Model>(text: &str, constraints: &Constraints) -> Result<T, Refused> {
    let value = Value::String(text.to_owned());
    T::validate(&value, constraints, &mut Problems::new()).ok_or(Refused)
}

/// The readers, by way of `validate`, for a type too rare for readers of its own.
macro_rules! rare {
    () => {
        fn read(
            reader: &mut crate::json::Reader<'_>,
            constraints: &crate::model::Constraints,
        ) -> Result<Self, crate::json::Refused> {
            crate::model::scalar::read_value(reader, constraints)
        }

        fn read_text(
            text: &str,
            constraints: &crate::model::Constraints,
        ) -> Result<Self, crate::json::Refused> {
            crate::model::scalar::read_as_text(text, constraints)
        }
    };
}
use rare;

/// The writers for a type whose JSON form is the text that `$text` makes of it.
macro_rules! written_as_text {
    (|$this:ident| $text:expr) => {
        fn write(&self, writer: &mut crate::json::Writer) {
            let $this = self;
            writer.string(&$text);
        }

        fn dump(&self, _: &crate::model::Dump<'_>) -> crate::json::Value {
            let $this = self;
            crate::json::Value::String($text.to_string())
        }
    };
}
use written_as_text;
