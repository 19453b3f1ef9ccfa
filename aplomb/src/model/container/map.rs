//! Maps.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};

use indexmap::IndexMap;

use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::model::{Accepts, Constraints, Dump, Model, Place, Problems, measure, python, shape};
use crate::openapi::Schemas;

/// What maps of every kind have in common.
trait Map: Default {
    type Key: Model;
    type Value: Model;

    fn put(&mut self, key: Self::Key, value: Self::Value);
    fn count(&self) -> usize;
}

fn read<M: Map>(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<M, Refused> {
    reader.begin_object()?;
    let mut map = M::default();
    while let Some(key) = reader.next_key()? {
        let key = M::Key::read_text(&key, constraints.of_keys())?;
        map.put(key, M::Value::read(reader, constraints.of_items())?);
    }
    if measure::fits(map.count(), constraints) {
        Ok(map)
    } else {
        Err(Refused)
    }
}

fn validate<M: Map>(
    value: &Value,
    constraints: &Constraints,
    problems: &mut Problems,
) -> Option<M> {
    let Value::Object(members) = value else {
        problems.report(
            "dict_type",
            "Input should be a valid dictionary",
            value,
            None,
        );
        return None;
    };
    let before = problems.len();
    let mut map = M::default();
    for (name, member) in members {
        let (key, member) = problems.at(name.clone(), |problems| {
            let key = problems.at("[key]", |problems| {
                let name = Value::String(name.clone());
                M::Key::validate(&name, constraints.of_keys(), problems)
            });
            let member = M::Value::validate(member, constraints.of_items(), problems);
            (key, member)
        });
        let (Some(key), Some(member)) = (key, member) else {
            continue;
        };
        map.put(key, member);
        // Too long a map is all that is reported, as of a set.
        if let Some(most) = constraints.max_length.filter(|most| map.count() > *most) {
            problems.truncate(before);
            measure::too_long("Dictionary", most, None, value, problems);
            return None;
        }
    }
    let valid = problems.len() == before
        && measure::check("Dictionary", map.count(), constraints, value, problems);
    valid.then_some(map)
}

fn write<'a, K: Model, V: Model>(
    members: impl Iterator<Item = (&'a K, &'a V)>,
    writer: &mut Writer,
) {
    writer.items(*b"{}", members, |writer, (key, value)| {
        let mut name = Writer::new();
        key.write(&mut name);
        // A number or flag becomes a name by quotes around it.
        match std::str::from_utf8(name.as_bytes()) {
            Ok(text) if text.starts_with('"') => writer.raw(text),
            Ok("null") => writer.raw("\"None\""),
            Ok(text) => writer.string(text),
            Err(_) => writer.raw("\"\""),
        }
        writer.raw(":");
        value.write(writer);
    });
}

/// A key as the name of a member.
fn name(key: &impl Model) -> String {
    match key.dump(&Dump::ALL) {
        Value::String(text) => text,
        Value::Null => python::repr(&Value::Null),
        other => other.to_string(),
    }
}

/// The limits of a key under the names that limits of member names have.
fn schema<K: Model, V: Model>(schemas: &mut Schemas, constraints: &Constraints) -> Object {
    let values = V::schema(schemas, constraints.of_items());
    let keys = K::schema(schemas, constraints.of_keys());
    let mut schema = shape::of_type("object");
    match constraints.of_keys().pattern {
        Some(pattern) => {
            let mut patterns = Object::new();
            patterns.insert(pattern.text().to_owned(), Value::Object(values));
            schema.insert("patternProperties".to_owned(), Value::Object(patterns));
        }
        None if values.is_empty() => {
            schema.insert("additionalProperties".to_owned(), Value::Bool(true));
        }
        None => {
            schema.insert("additionalProperties".to_owned(), Value::Object(values));
        }
    }
    let is_text = keys.get("type").and_then(Value::as_str) == Some("string");
    let reference = keys.contains_key("$ref");
    let names: Object = keys
        .into_iter()
        .filter(|(name, _)| name != "type" && name != "pattern")
        .collect();
    if (is_text || reference) && !names.is_empty() {
        schema.insert("propertyNames".to_owned(), Value::Object(names));
    }
    shape::measure(&mut schema, constraints, "minProperties", "maxProperties");
    schema
}

macro_rules! maps {
    ($($map:ty: [$($generics:tt)*];)*) => {$(
        impl<$($generics)*> Model for $map {
            const PLACE: Place = Place::Body;
            const ACCEPTS: Accepts = Accepts {
                length: true,
                items: Some(&V::ACCEPTS),
                keys: Some(&K::ACCEPTS),
                ..Accepts::NONE
            };

            fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
                read(reader, constraints)
            }

            fn validate(
                value: &Value,
                constraints: &Constraints,
                problems: &mut Problems,
            ) -> Option<Self> {
                validate(value, constraints, problems)
            }

            fn write(&self, writer: &mut Writer) {
                write(self.iter(), writer);
            }

            fn dump(&self, options: &Dump<'_>) -> Value {
                let members = self.iter();
                Value::Object(members.map(|(key, value)| (name(key), value.dump(options))).collect())
            }

            fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object {
                schema::<K, V>(schemas, constraints)
            }

            fn label() -> Cow<'static, str> {
                Self::label_with(&Constraints::NONE)
            }

            fn label_with(constraints: &Constraints) -> Cow<'static, str> {
                let key = K::label_with(constraints.of_keys());
                let value = V::label_with(constraints.of_items());
                format!("dict[{key},{value}]").into()
            }
        }

        impl<$($generics)*> Map for $map {
            type Key = K;
            type Value = V;

            fn put(&mut self, key: K, value: V) {
                self.insert(key, value);
            }

            fn count(&self) -> usize {
                self.len()
            }
        }
    )*};
}

maps! {
    HashMap<K, V, S>: [K: Model + Eq + Hash, V: Model, S: BuildHasher + Default + Send + 'static];
    IndexMap<K, V, S>: [K: Model + Eq + Hash, V: Model, S: BuildHasher + Default + Send + 'static];
    BTreeMap<K, V>: [K: Model + Ord, V: Model];
}
