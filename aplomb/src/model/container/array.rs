//! Lists of a fixed length.

use std::borrow::Cow;

use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::model::{Accepts, Constraints, Dump, Model, Place, Problems};
use crate::openapi::Schemas;

use super::list;

/// The limits of a list that has exactly as many items.
const fn exactly(length: usize, constraints: &Constraints) -> Constraints {
    Constraints {
        min_length: Some(length),
        max_length: Some(length),
        ..*constraints
    }
}

impl<T: Model, const N: usize> Model for [T; N] {
    const PLACE: Place = Place::Body;
    const SEQUENCE: bool = true;
    const ACCEPTS: Accepts = Accepts {
        unique: true,
        items: Some(&T::ACCEPTS),
        ..Accepts::NONE
    };

    fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
        let items = Vec::read(reader, &exactly(N, constraints))?;
        items.try_into().map_err(|_| Refused)
    }

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        let items = Vec::validate(value, &exactly(N, constraints), problems)?;
        items.try_into().ok()
    }

    fn write(&self, writer: &mut Writer) {
        list::write(self.iter(), writer);
    }

    fn dump(&self, options: &Dump<'_>) -> Value {
        Value::Array(self.iter().map(|item| item.dump(options)).collect())
    }

    fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object {
        Vec::<T>::schema(schemas, &exactly(N, constraints))
    }

    fn label() -> Cow<'static, str> {
        Vec::<T>::label()
    }

    fn label_with(constraints: &Constraints) -> Cow<'static, str> {
        Vec::<T>::label_with(constraints)
    }
}
