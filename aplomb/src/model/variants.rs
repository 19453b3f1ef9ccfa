//! Schemas, labels and places of unions, as the derive calls them.

use std::borrow::Cow;

use super::{Choice, Constraints, Model, Place, Problems};
use crate::json::{Object, Reader, Refused, Value};

/// A schema any of `branches` fits; a branch that is such a choice itself is taken apart.
pub fn any_of(branches: impl IntoIterator<Item = Object>) -> Object {
    let mut flat: Vec<Value> = Vec::new();
    for branch in branches {
        let parts = match branch.get("anyOf") {
            Some(Value::Array(parts)) if branch.len() == 1 => parts.clone(),
            _ => vec![Value::Object(branch)],
        };
        for part in parts {
            if !flat.contains(&part) {
                flat.push(part);
            }
        }
    }
    let mut schema = Object::new();
    schema.insert("anyOf".to_owned(), Value::Array(flat));
    schema
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
