//! Schemas, labels and places of unions, as the derive calls them.

use std::any::TypeId;
use std::borrow::Cow;
use std::cell::RefCell;

use super::named::component_name;
use super::{Choice, Constraints, Model, Place, Problems, Structure, shape};
use crate::json::{Object, Reader, Refused, Value};
use crate::openapi::Schemas;

/// A schema any of `branches` fits.
pub fn any_of<const N: usize>(branches: [Object; N]) -> Object {
    shape::any_of(branches)
}

/// A schema one of `branches` fits, chosen by the value of `discriminator`.
pub fn one_of<const N: usize>(discriminator: &str, branches: [(Object, &[Choice]); N]) -> Object {
    let mut mapping = Object::new();
    let mut schemas = Vec::with_capacity(N);
    for (schema, tags) in branches {
        if let Some(reference) = schema.get("$ref") {
            for tag in tags {
                let tag = match tag.value() {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                mapping.insert(tag, reference.clone());
            }
        }
        schemas.push(Value::Object(schema));
    }
    let mut choice = Object::new();
    choice.insert("propertyName".to_owned(), discriminator.into());
    choice.insert("mapping".to_owned(), mapping.into());
    let mut schema = Object::new();
    schema.insert("oneOf".to_owned(), Value::Array(schemas));
    schema.insert("discriminator".to_owned(), choice.into());
    schema
}

/// A reference to the schema of a union that holds itself.
pub fn named_union(
    type_id: TypeId,
    label: &str,
    module: &'static str,
    schemas: &mut Schemas,
    build: fn(&mut Schemas) -> Object,
) -> Object {
    schemas.define_as(type_id, component_name(label), module, &mut |schemas| {
        build(schemas)
    })
}

/// The schema of a union where it stands, or a reference to it where it holds itself by way of
/// another type.
pub fn union_schema(
    type_id: TypeId,
    name: &str,
    module: &'static str,
    schemas: &mut Schemas,
    build: fn(&mut Schemas) -> Object,
) -> Object {
    schemas.inline(type_id, name, module, build)
}

thread_local! {
    /// The unions whose label is being made.
    static LABELS: RefCell<Vec<TypeId>> = const { RefCell::new(Vec::new()) };
}

/// The label of a union; where that asks for itself by way of another type, its name.
pub fn label_once(
    type_id: TypeId,
    name: &'static str,
    make: fn() -> Cow<'static, str>,
) -> Cow<'static, str> {
    let open = LABELS.with_borrow_mut(|open| {
        let inside = open.contains(&type_id);
        open.push(type_id);
        inside
    });
    let label = if open { name.into() } else { make() };
    LABELS.with_borrow_mut(Vec::pop);
    label
}

/// The label of a union: `union[int,str]`.
pub fn union_label(kind: &str, branches: &[Cow<'static, str>]) -> Cow<'static, str> {
    format!("{kind}[{}]", branches.join(",")).into()
}

/// Where a union comes from: the body if any of its types does.
pub const fn place_of(branches: &[Place]) -> Place {
    let mut index = 0;
    while index < branches.len() {
        if matches!(branches[index], Place::Body) {
            return Place::Body;
        }
        index += 1;
    }
    Place::Query
}

/// Reads a value fast by asking the complete reader, for types that only it can tell apart.
///
/// # Errors
/// [`Refused`] if anything is wrong.
pub fn read_by_validating<T: Model>(reader: &mut Reader<'_>) -> Result<T, Refused> {
    let value = reader.value()?;
    let mut problems = Problems::new();
    T::validate(&value, &Constraints::NONE, &mut problems)
        .filter(|_| problems.is_empty())
        .ok_or(Refused)
}

/// The structs that a choice between types may be, if all of them are structs.
pub fn structures_of<const N: usize>(branches: [fn() -> Vec<Structure>; N]) -> Vec<Structure> {
    let branches = branches.map(|structures| structures());
    match branches.iter().any(Vec::is_empty) {
        true => Vec::new(),
        false => branches.concat(),
    }
}
