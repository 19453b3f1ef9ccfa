//! Tuples.

use std::borrow::Cow;

use super::list;
use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::model::{Constraints, Dump, Model, Place, Problems, measure, shape};
use crate::openapi::Schemas;

/// Validates the item at `index`, which must be there.
fn item<T: Model>(
    items: &[Value],
    index: usize,
    value: &Value,
    problems: &mut Problems,
) -> Option<T> {
    problems.at(index, |problems| match items.get(index) {
        Some(item) => T::validate(item, &Constraints::NONE, problems),
        None => {
            problems.missing(value);
            None
        }
    })
}

fn schema(items: Vec<Object>) -> Object {
    let length: Value = items.len().into();
    let items = items.into_iter().map(Value::Object).collect();
    let mut schema = shape::of_type("array");
    schema.insert("prefixItems".to_owned(), Value::Array(items));
    schema.insert("minItems".to_owned(), length.clone());
    schema.insert("maxItems".to_owned(), length);
    schema
}

macro_rules! tuples {
    ($($length:literal: $($item:ident $index:tt)+;)*) => {$(
        impl<$($item: Model),+> Model for ($($item,)+) {
            const PLACE: Place = Place::Body;
            const SEQUENCE: bool = true;

            fn read(reader: &mut Reader<'_>, _: &Constraints) -> Result<Self, Refused> {
                reader.begin_array()?;
                let tuple = ($({
                    if !reader.next_element()? {
                        return Err(Refused);
                    }
                    $item::read(reader, &Constraints::NONE)?
                },)+);
                if reader.next_element()? { Err(Refused) } else { Ok(tuple) }
            }

            fn validate(value: &Value, _: &Constraints, problems: &mut Problems) -> Option<Self> {
                let items = list::accept(&list::TUPLE, value, problems)?;
                if items.len() > $length {
                    measure::too_long(list::TUPLE.title, $length, Some(items.len()), value, problems);
                    return None;
                }
                let tuple = ($(item::<$item>(items, $index, value, problems),)+);
                Some(($(tuple.$index?,)+))
            }

            fn write(&self, writer: &mut Writer) {
                $(
                    writer.raw(if $index == 0 { "[" } else { "," });
                    self.$index.write(writer);
                )+
                writer.raw("]");
            }

            fn dump(&self, options: &Dump<'_>) -> Value {
                Value::Array(vec![$(self.$index.dump(options)),+])
            }

            fn schema(schemas: &mut Schemas, _: &Constraints) -> Object {
                schema(vec![$($item::schema(schemas, &Constraints::NONE)),+])
            }

            fn label() -> Cow<'static, str> {
                let labels = [$($item::label()),+];
                format!("tuple[{}]", labels.join(", ")).into()
            }
        }
    )*};
}

tuples! {
    1: A 0;
    2: A 0 B 1;
    3: A 0 B 1 C 2;
    4: A 0 B 1 C 2 D 3;
    5: A 0 B 1 C 2 D 3 E 4;
    6: A 0 B 1 C 2 D 3 E 4 F 5;
    7: A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    8: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
    9: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8;
    10: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9;
    11: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10;
    12: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11;
}
