//! UUIDs.

use std::borrow::Cow;
use std::ops::Deref;

use ::uuid::{Uuid, Variant};

use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::model::{Constraints, Dump, Exactness, Model, Problems, shape};
use crate::openapi::Schemas;

impl Model for Uuid {
    fn read(reader: &mut Reader<'_>, _: &Constraints) -> Result<Self, Refused> {
        Self::parse_str(&reader.string()?).map_err(|_| Refused)
    }

    fn read_text(text: &str, _: &Constraints) -> Result<Self, Refused> {
        Self::parse_str(text).map_err(|_| Refused)
    }

    fn validate(value: &Value, _: &Constraints, problems: &mut Problems) -> Option<Self> {
        problems.floor(Exactness::Lax);
        let Value::String(text) = value else {
            let message = "UUID input should be a string, bytes or UUID object";
            problems.report("uuid_type", message, value, None);
            return None;
        };
        match Self::parse_str(text) {
            Ok(uuid) => Some(uuid),
            Err(error) => {
                let error = error.to_string();
                let message = format!("Input should be a valid UUID, {error}");
                let mut context = Object::new();
                context.insert("error".to_owned(), Value::String(error));
                problems.report("uuid_parsing", message, value, Some(context));
                None
            }
        }
    }

    fn write(&self, writer: &mut Writer) {
        writer.raw("\"");
        writer.raw(self.hyphenated().encode_lower(&mut Self::encode_buffer()));
        writer.raw("\"");
    }

    fn dump(&self, _: &Dump<'_>) -> Value {
        Value::String(self.to_string())
    }

    fn schema(_: &mut Schemas, _: &Constraints) -> Object {
        shape::text_in("uuid")
    }

    fn label() -> Cow<'static, str> {
        "uuid".into()
    }
}

/// A UUID of one version only.
///
/// ```
/// use aplomb::model::{Constraints, Model, UuidVersion};
///
/// let text = "ea17fae2-6a5c-4a1e-9d0d-5a0f1d8f1c34";
/// assert!(UuidVersion::<4>::read_text(text, &Constraints::NONE).is_ok());
/// assert!(UuidVersion::<7>::read_text(text, &Constraints::NONE).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UuidVersion<const VERSION: usize>(Uuid);

impl<const VERSION: usize> UuidVersion<VERSION> {
    /// `uuid`, if it has the version.
    pub fn new(uuid: Uuid) -> Option<Self> {
        let right = uuid.get_version_num() == VERSION && uuid.get_variant() == Variant::RFC4122;
        right.then_some(Self(uuid))
    }
}

impl<const VERSION: usize> Deref for UuidVersion<VERSION> {
    type Target = Uuid;

    fn deref(&self) -> &Uuid {
        &self.0
    }
}

impl<const VERSION: usize> Model for UuidVersion<VERSION> {
    fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
        Self::new(Uuid::read(reader, constraints)?).ok_or(Refused)
    }

    fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
        Self::new(Uuid::read_text(text, constraints)?).ok_or(Refused)
    }

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        let uuid = Self::new(Uuid::validate(value, constraints, problems)?);
        if uuid.is_none() {
            let mut context = Object::new();
            context.insert("expected_version".to_owned(), VERSION.into());
            let message = format!("UUID version {VERSION} expected");
            problems.report("uuid_version", message, value, Some(context));
        }
        uuid
    }

    fn write(&self, writer: &mut Writer) {
        self.0.write(writer);
    }

    fn dump(&self, options: &Dump<'_>) -> Value {
        self.0.dump(options)
    }

    fn schema(_: &mut Schemas, _: &Constraints) -> Object {
        let mut schema = shape::of_type("string");
        schema.insert("format".to_owned(), Value::String(format!("uuid{VERSION}")));
        schema
    }

    fn label() -> Cow<'static, str> {
        Uuid::label()
    }
}
