//! Lists.

use std::borrow::Cow;
use std::collections::{HashSet, VecDeque};

use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::model::{Accepts, Constraints, Dump, Model, Place, Problems, measure, shape};
use crate::openapi::Schemas;

/// How many items a list is given room for before they are read.
const ROOM: usize = 4;

/// What messages call a kind of list or set.
pub(super) struct Words {
    /// The kind of problem that something else is.
    pub(super) kind: &'static str,
    pub(super) name: &'static str,
    pub(super) title: &'static str,
}

const LIST: Words = Words {
    kind: "list_type",
    name: "list",
    title: "List",
};

pub(super) const TUPLE: Words = Words {
    kind: "tuple_type",
    name: "tuple",
    title: "Tuple",
};

/// Checks that a value is a list.
pub(super) fn accept<'a>(
    words: &Words,
    value: &'a Value,
    problems: &mut Problems,
) -> Option<&'a [Value]> {
    if let Value::Array(items) = value {
        return Some(items);
    }
    let message = format!("Input should be a valid {}", words.name);
    problems.report(words.kind, message, value, None);
    None
}

/// Validates every item, by the limits of a list; `None` if one of them is wrong.
pub(super) fn items<T: Model>(
    items: &[Value],
    constraints: &Constraints,
    problems: &mut Problems,
) -> Option<Vec<T>> {
    let of_items = constraints.of_items();
    let mut valid = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let item = problems.at(index, |problems| T::validate(item, of_items, problems));
        if item.is_none() && constraints.fail_fast {
            return None;
        }
        valid.extend(item);
    }
    (valid.len() == items.len()).then_some(valid)
}

/// Writes the items between brackets.
pub(super) fn write<'a, T: Model>(items: impl Iterator<Item = &'a T>, writer: &mut Writer) {
    writer.items(*b"[]", items, |writer, item| item.write(writer));
}

/// Whether two items are equal, in time that grows as the list does.
fn has_twins<T: Model>(items: &[T]) -> bool {
    let mut seen = HashSet::with_capacity(items.len());
    items
        .iter()
        .any(|item| !seen.insert(comparable(item.dump(&Dump::ALL)).to_string()))
}

/// A value as all that are equal to it are spelled: members in order, whole numbers as integers.
fn comparable(value: Value) -> Value {
    match value {
        Value::Float(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
            Value::Integer(number as i64)
        }
        Value::Array(items) => items.into_iter().map(comparable).collect(),
        Value::Object(mut members) => {
            members.sort_unstable_keys();
            members
                .into_iter()
                .map(|(name, member)| (name, comparable(member)))
                .collect()
        }
        other => other,
    }
}

fn read<T: Model>(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Vec<T>, Refused> {
    reader.begin_array()?;
    let of_items = constraints.of_items();
    let mut items = Vec::new();
    while reader.next_element()? {
        if items.is_empty() {
            items.reserve(ROOM);
        }
        items.push(T::read(reader, of_items)?);
    }
    if measure::fits(items.len(), constraints) && !(constraints.unique && has_twins(&items)) {
        Ok(items)
    } else {
        Err(Refused)
    }
}

fn validate<T: Model>(
    words: &Words,
    value: &Value,
    constraints: &Constraints,
    problems: &mut Problems,
) -> Option<Vec<T>> {
    let given = accept(words, value, problems)?;
    if let Some(most) = constraints.max_length.filter(|most| given.len() > *most) {
        measure::too_long(words.title, most, Some(given.len()), value, problems);
        return None;
    }
    let items: Vec<T> = items(given, constraints, problems)?;
    if !measure::check(words.title, items.len(), constraints, value, problems) {
        return None;
    }
    if constraints.unique && has_twins(&items) {
        let message = "List should have unique items";
        problems.report("unique_items", message, value, None);
        return None;
    }
    Some(items)
}

fn schema<T: Model>(schemas: &mut Schemas, constraints: &Constraints) -> Object {
    let items = T::schema(schemas, constraints.of_items());
    let mut schema = shape::of_type("array");
    schema.insert("items".to_owned(), Value::Object(items));
    shape::measure(&mut schema, constraints, "minItems", "maxItems");
    if constraints.unique {
        schema.insert("uniqueItems".to_owned(), Value::Bool(true));
    }
    schema
}

macro_rules! lists {
    ($($list:ident;)*) => {$(
        impl<T: Model> Model for $list<T> {
            const PLACE: Place = Place::Body;
            const SEQUENCE: bool = true;
            const FILE: bool = T::FILE;
            const ACCEPTS: Accepts = Accepts {
                length: true,
                unique: true,
                items: Some(&T::ACCEPTS),
                ..Accepts::NONE
            };

            fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
                Ok(read(reader, constraints)?.into())
            }

            fn validate(
                value: &Value,
                constraints: &Constraints,
                problems: &mut Problems,
            ) -> Option<Self> {
                Some(validate(&LIST, value, constraints, problems)?.into())
            }

            fn write(&self, writer: &mut Writer) {
                write(self.iter(), writer);
            }

            fn dump(&self, options: &Dump<'_>) -> Value {
                Value::Array(self.iter().map(|item| item.dump(options)).collect())
            }

            fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object {
                schema::<T>(schemas, constraints)
            }

            fn label() -> Cow<'static, str> {
                format!("list[{}]", T::label()).into()
            }

            fn label_with(constraints: &Constraints) -> Cow<'static, str> {
                format!("list[{}]", T::label_with(constraints.of_items())).into()
            }
        }
    )*};
}

lists! {
    Vec;
    VecDeque;
}

/// What Python calls a tuple of any length.
impl<T: Model> Model for Box<[T]> {
    const PLACE: Place = Place::Body;
    const SEQUENCE: bool = true;
    const FILE: bool = T::FILE;
    const ACCEPTS: Accepts = Vec::<T>::ACCEPTS;

    fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
        Ok(read(reader, constraints)?.into())
    }

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        Some(validate(&TUPLE, value, constraints, problems)?.into())
    }

    fn write(&self, writer: &mut Writer) {
        write(self.iter(), writer);
    }

    fn dump(&self, options: &Dump<'_>) -> Value {
        Value::Array(self.iter().map(|item| item.dump(options)).collect())
    }

    fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object {
        schema::<T>(schemas, constraints)
    }

    fn label() -> Cow<'static, str> {
        format!("tuple[{}, ...]", T::label()).into()
    }

    fn label_with(constraints: &Constraints) -> Cow<'static, str> {
        format!("tuple[{}, ...]", T::label_with(constraints.of_items())).into()
    }
}
