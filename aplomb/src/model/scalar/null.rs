//! `null`.

use std::borrow::Cow;

use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::model::{Constraints, Dump, Model, Problems, shape};
use crate::openapi::Schemas;

impl Model for () {
    fn read(reader: &mut Reader<'_>, _: &Constraints) -> Result<Self, Refused> {
        if reader.null() { Ok(()) } else { Err(Refused) }
    }

    fn validate(value: &Value, _: &Constraints, problems: &mut Problems) -> Option<Self> {
        if value.is_null() {
            return Some(());
        }
        problems.report("none_required", "Input should be None", value, None);
        None
    }

    fn write(&self, writer: &mut Writer) {
        writer.null();
    }

    fn dump(&self, _: &Dump<'_>) -> Value {
        Value::Null
    }

    fn schema(_: &mut Schemas, _: &Constraints) -> Object {
        shape::of_type("null")
    }

    fn label() -> Cow<'static, str> {
        "none".into()
    }
}
