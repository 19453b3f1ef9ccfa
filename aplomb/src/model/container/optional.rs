//! A value or `null`.

use std::borrow::Cow;

use crate::json::{Kind, Object, Reader, Refused, Value, Writer};
use crate::model::{Accepts, Constraints, Dump, Field, Model, Place, Problems, Structure, shape};
use crate::openapi::Schemas;

impl<T: Model> Model for Option<T> {
    const PLACE: Place = T::PLACE;
    const OPTIONAL: bool = true;
    const SEQUENCE: bool = T::SEQUENCE;
    const FILE: bool = T::FILE;
    const ACCEPTS: Accepts = T::ACCEPTS;

    #[inline]
    fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
        if reader.peek()? == Kind::Null {
            return if reader.null() {
                Ok(None)
            } else {
                Err(Refused)
            };
        }
        T::read(reader, constraints).map(Some)
    }

    fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
        T::read_text(text, constraints).map(Some)
    }

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        if value.is_null() {
            return Some(None);
        }
        T::validate(value, constraints, problems).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    #[inline]
    fn write(&self, writer: &mut Writer) {
        match self {
            Some(value) => value.write(writer),
            None => writer.null(),
        }
    }

    fn dump(&self, options: &Dump<'_>) -> Value {
        self.as_ref()
            .map_or(Value::Null, |value| value.dump(options))
    }

    fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object {
        let inner = T::schema(schemas, constraints);
        shape::any_of([inner, shape::of_type("null")])
    }

    fn fields() -> &'static [Field] {
        T::fields()
    }

    fn structures() -> Vec<Structure> {
        T::structures()
    }

    fn label() -> Cow<'static, str> {
        format!("nullable[{}]", T::label()).into()
    }

    fn label_with(constraints: &Constraints) -> Cow<'static, str> {
        format!("nullable[{}]", T::label_with(constraints)).into()
    }
}
