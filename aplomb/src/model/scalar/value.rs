//! Any JSON value at all.

use std::borrow::Cow;

use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::model::{Constraints, Dump, Model, Place, Problems};
use crate::openapi::Schemas;

impl Model for Value {
    const PLACE: Place = Place::Body;

    fn read(reader: &mut Reader<'_>, _: &Constraints) -> Result<Self, Refused> {
        reader.value()
    }

    fn read_text(text: &str, _: &Constraints) -> Result<Self, Refused> {
        Ok(Self::String(text.to_owned()))
    }

    fn validate(value: &Value, _: &Constraints, _: &mut Problems) -> Option<Self> {
        Some(value.clone())
    }

    fn write(&self, writer: &mut Writer) {
        writer.value(self);
    }

    fn dump(&self, _: &Dump<'_>) -> Value {
        self.clone()
    }

    fn schema(_: &mut Schemas, _: &Constraints) -> Object {
        Object::new()
    }

    fn label() -> Cow<'static, str> {
        "any".into()
    }
}

impl Model for serde_json::Value {
    const PLACE: Place = Place::Body;

    fn read(reader: &mut Reader<'_>, _: &Constraints) -> Result<Self, Refused> {
        reader.value().map(Into::into)
    }

    fn read_text(text: &str, _: &Constraints) -> Result<Self, Refused> {
        Ok(Self::String(text.to_owned()))
    }

    fn validate(value: &Value, _: &Constraints, _: &mut Problems) -> Option<Self> {
        Some(value.clone().into())
    }

    fn write(&self, writer: &mut Writer) {
        writer.value(&self.clone().into());
    }

    fn dump(&self, _: &Dump<'_>) -> Value {
        self.clone().into()
    }

    fn schema(_: &mut Schemas, _: &Constraints) -> Object {
        Object::new()
    }

    fn label() -> Cow<'static, str> {
        "any".into()
    }
}
