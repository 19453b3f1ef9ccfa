//! Sets.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::hash::{BuildHasher, Hash};
use std::ops::Deref;

use indexmap::IndexSet;

use super::list::{self, Words};
use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::model::{Accepts, Constraints, Dump, Model, Place, Problems, measure};
use crate::openapi::Schemas;

/// What sets of every kind have in common.
trait Set: Default {
    type Item: Model;

    fn add(&mut self, item: Self::Item);
    fn count(&self) -> usize;
}

const SET: Words = Words {
    kind: "set_type",
    name: "set",
    title: "Set",
};

const FROZEN_SET: Words = Words {
    kind: "frozen_set_type",
    name: "frozenset",
    title: "Frozenset",
};

fn read<S: Set>(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<S, Refused> {
    reader.begin_array()?;
    let mut set = S::default();
    while reader.next_element()? {
        set.add(S::Item::read(reader, constraints.of_items())?);
    }
    if measure::fits(set.count(), constraints) {
        Ok(set)
    } else {
        Err(Refused)
    }
}

fn validate<S: Set>(
    words: &Words,
    value: &Value,
    constraints: &Constraints,
    problems: &mut Problems,
) -> Option<S> {
    let items = list::accept(words, value, problems)?;
    let before = problems.len();
    let mut set = S::default();
    for (index, item) in items.iter().enumerate() {
        let item = problems.at(index, |problems| {
            S::Item::validate(item, constraints.of_items(), problems)
        });
        let Some(item) = item else {
            if constraints.fail_fast {
                return None;
            }
            continue;
        };
        set.add(item);
        // Too long a set is all that is reported, as of a list.
        if let Some(most) = constraints.max_length.filter(|most| set.count() > *most) {
            problems.truncate(before);
            measure::too_long(words.title, most, None, value, problems);
            return None;
        }
    }
    let valid = problems.len() == before
        && measure::check(words.title, set.count(), constraints, value, problems);
    valid.then_some(set)
}

fn schema<T: Model>(schemas: &mut Schemas, constraints: &Constraints) -> Object {
    let mut schema = Vec::<T>::schema(schemas, constraints);
    schema.insert("uniqueItems".to_owned(), Value::Bool(true));
    schema
}

const fn accepts<T: Model>() -> Accepts {
    Accepts {
        length: true,
        items: Some(&T::ACCEPTS),
        ..Accepts::NONE
    }
}

macro_rules! sets {
    ($($set:ty: [$($generics:tt)*], $words:expr, $name:literal;)*) => {$(
        impl<$($generics)*> Model for $set {
            const PLACE: Place = Place::Body;
            const SEQUENCE: bool = true;
            const ACCEPTS: Accepts = accepts::<T>();

            fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
                read(reader, constraints)
            }

            fn validate(
                value: &Value,
                constraints: &Constraints,
                problems: &mut Problems,
            ) -> Option<Self> {
                validate(&$words, value, constraints, problems)
            }

            fn write(&self, writer: &mut Writer) {
                list::write(self.iter(), writer);
            }

            fn dump(&self, options: &Dump<'_>) -> Value {
                Value::Array(self.iter().map(|item| item.dump(options)).collect())
            }

            fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object {
                schema::<T>(schemas, constraints)
            }

            fn label() -> Cow<'static, str> {
                format!(concat!($name, "[{}]"), T::label()).into()
            }

            fn label_with(constraints: &Constraints) -> Cow<'static, str> {
                format!(concat!($name, "[{}]"), T::label_with(constraints.of_items())).into()
            }
        }

        impl<$($generics)*> Set for $set {
            type Item = T;

            fn add(&mut self, item: T) {
                self.insert(item);
            }

            fn count(&self) -> usize {
                self.len()
            }
        }
    )*};
}

/// A set that Python calls a frozenset; it differs from an [`IndexSet`] in its messages only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrozenSet<T: Eq + Hash>(IndexSet<T>);

impl<T: Eq + Hash> FrozenSet<T> {
    fn insert(&mut self, item: T) {
        self.0.insert(item);
    }
}

impl<T: Eq + Hash> Default for FrozenSet<T> {
    fn default() -> Self {
        Self(IndexSet::new())
    }
}

impl<T: Eq + Hash> Deref for FrozenSet<T> {
    type Target = IndexSet<T>;

    fn deref(&self) -> &IndexSet<T> {
        &self.0
    }
}

impl<T: Eq + Hash> FromIterator<T> for FrozenSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

sets! {
    HashSet<T, S>: [T: Model + Eq + Hash, S: BuildHasher + Default + Send + 'static], SET, "set";
    IndexSet<T, S>: [T: Model + Eq + Hash, S: BuildHasher + Default + Send + 'static], SET, "set";
    BTreeSet<T>: [T: Model + Ord], SET, "set";
    FrozenSet<T>: [T: Model + Eq + Hash], FROZEN_SET, "frozenset";
}
