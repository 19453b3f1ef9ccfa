//! Values on the heap, owned or shared.

use std::borrow::Cow;
use std::sync::Arc;

use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::model::{Accepts, Constraints, Dump, Field, Model, Place, Problems, Structure};
use crate::openapi::Schemas;

macro_rules! pointers {
    ($($pointer:ident: $($bound:ident)+;)*) => {$(
        impl<T: $($bound +)+> Model for $pointer<T> {
            const PLACE: Place = T::PLACE;
            const OPTIONAL: bool = T::OPTIONAL;
            const SEQUENCE: bool = T::SEQUENCE;
            const OBJECT: bool = T::OBJECT;
            const ACCEPTS: Accepts = T::ACCEPTS;

            fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
                T::read(reader, constraints).map(Self::new)
            }

            fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
                T::read_text(text, constraints).map(Self::new)
            }

            fn validate(
                value: &Value,
                constraints: &Constraints,
                problems: &mut Problems,
            ) -> Option<Self> {
                T::validate(value, constraints, problems).map(Self::new)
            }

            fn absent() -> Option<Self> {
                T::absent().map(Self::new)
            }

            fn write(&self, writer: &mut Writer) {
                T::write(self, writer);
            }

            fn dump(&self, options: &Dump<'_>) -> Value {
                T::dump(self, options)
            }

            fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object {
                T::schema(schemas, constraints)
            }

            fn label() -> Cow<'static, str> {
                T::label()
            }

            fn label_with(constraints: &Constraints) -> Cow<'static, str> {
                T::label_with(constraints)
            }

            fn fields() -> &'static [Field] {
                T::fields()
            }

            fn structures() -> Vec<Structure> {
                T::structures()
            }
        }
    )*};
}

pointers! {
    Box: Model;
    Arc: Model Sync;
}
