//! [`Patch`]: a model and which of its fields the client sent.

use std::borrow::Cow;
use std::ops::Deref;

use super::{Accepts, Constraints, Dump, Field, Model, Place, Problems, Structure};
use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::openapi::Schemas;

/// A model together with the names of the fields that the client sent.
///
/// It reads as the model does; [`apply`](Self::apply) makes a partial update of it.
///
/// ```
/// use aplomb::model::Patch;
/// use aplomb::{Model, json::Value};
///
/// #[derive(Model, Default)]
/// struct Item {
///     #[field(default)]
///     size: i64,
///     #[field(default = 10)]
///     stock: i64,
/// }
///
/// let sent: Value = r#"{"size": 3}"#.parse()?;
/// let Ok(patch) = Patch::<Item>::from_value(&sent) else { panic!() };
/// assert!(patch.is_set("size") && !patch.is_set("stock"));
///
/// let mut item = Item { size: 1, stock: 7 };
/// patch.apply(&mut item);
/// assert_eq!((item.size, item.stock), (3, 7));
/// # Ok::<(), aplomb::json::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch<T> {
    model: T,
    set: Vec<Cow<'static, str>>,
}

impl<T: Model> Patch<T> {
    /// Whether the client sent the field of this name.
    pub fn is_set(&self, name: &str) -> bool {
        self.set.iter().any(|set| set == name)
    }

    /// The names of the fields that the client sent.
    pub fn set(&self) -> impl Iterator<Item = &str> {
        self.set.iter().map(|name| &**name)
    }

    /// The model, whatever was sent of it.
    pub fn into_inner(self) -> T {
        self.model
    }

    /// Copies the fields that the client sent to `target`.
    pub fn apply(self, target: &mut T) {
        let set = self.set;
        target.merge(self.model, &|name| set.iter().any(|set| set == name));
    }
}

/// The name of the field that is read under `key`, or the key itself if no field has to do with it.
/// A key that only looks like a field's name in the code has none.
fn name_of(fields: &'static [Field], key: &str) -> Option<Cow<'static, str>> {
    let read = fields
        .iter()
        .find(|field| field.alias == key || field.aliases.contains(&key));
    match read {
        Some(field) => (!field.read_only).then(|| field.name.into()),
        None if fields.iter().any(|field| field.name == key) => None,
        None => Some(key.to_owned().into()),
    }
}

impl<T> Deref for Patch<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.model
    }
}

impl<T: Model> Model for Patch<T> {
    const PLACE: Place = T::PLACE;
    const OPTIONAL: bool = T::OPTIONAL;
    const SEQUENCE: bool = T::SEQUENCE;
    const ACCEPTS: Accepts = T::ACCEPTS;

    fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
        let start = reader.checkpoint();
        let mut set = Vec::new();
        reader.begin_object()?;
        while let Some(key) = reader.next_key()? {
            set.extend(name_of(T::fields(), &key));
            reader.skip()?;
        }
        reader.rewind(start);
        let model = T::read(reader, constraints)?;
        Ok(Self { model, set })
    }

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        let model = T::validate(value, constraints, problems)?;
        let keys = value.as_object().into_iter().flat_map(Object::keys);
        let set = keys.filter_map(|key| name_of(T::fields(), key)).collect();
        Some(Self { model, set })
    }

    fn absent() -> Option<Self> {
        let set = Vec::new();
        T::absent().map(|model| Self { model, set })
    }

    fn write(&self, writer: &mut Writer) {
        self.model.write(writer);
    }

    fn dump(&self, options: &Dump<'_>) -> Value {
        let mut value = self.model.dump(options);
        if let (true, Value::Object(object)) = (options.exclude_unset, &mut value) {
            for field in T::fields() {
                if !field.computed && !self.is_set(field.name) {
                    let name = if options.by_alias {
                        field.serialization_alias
                    } else {
                        field.name
                    };
                    object.shift_remove(name);
                }
            }
        }
        value
    }

    fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object {
        T::schema(schemas, constraints)
    }

    fn label() -> Cow<'static, str> {
        T::label()
    }

    fn fields() -> &'static [Field] {
        T::fields()
    }

    fn structures() -> Vec<Structure> {
        T::structures()
    }

    fn merge(&mut self, other: Self, set: &dyn Fn(&str) -> bool) {
        self.model.merge(other.model, set);
        self.set
            .extend(other.set.into_iter().filter(|name| set(name)));
    }
}
