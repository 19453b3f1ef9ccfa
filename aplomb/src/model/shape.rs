//! The pieces JSON Schemas are made of.

use super::{Constraints, Limit};
use crate::json::{Object, Value};

/// A schema of one JSON type.
pub(crate) fn of_type(kind: &'static str) -> Object {
    let mut schema = Object::new();
    schema.insert("type".to_owned(), kind.into());
    schema
}

/// A schema of text in a format.
pub(crate) fn text_in(format: &'static str) -> Object {
    let mut schema = of_type("string");
    schema.insert("format".to_owned(), format.into());
    schema
}

/// A schema any of `branches` fits; a branch that is such a choice itself is taken apart.
pub(crate) fn any_of(branches: impl IntoIterator<Item = Object>) -> Object {
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

/// Adds the bounds of a number.
pub(crate) fn bound(schema: &mut Object, constraints: &Constraints) {
    let mut add = |name: &str, limit: Option<Limit>| {
        if let Some(limit) = limit {
            schema.insert(name.to_owned(), limit.value());
        }
    };
    add("multipleOf", constraints.multiple_of);
    add("maximum", constraints.le);
    add("exclusiveMaximum", constraints.lt);
    add("minimum", constraints.ge);
    add("exclusiveMinimum", constraints.gt);
}

/// Adds the limits of a length under the names JSON Schema has for the kind of thing.
pub(crate) fn measure(schema: &mut Object, constraints: &Constraints, least: &str, most: &str) {
    let mut add = |name: &str, limit: Option<usize>| {
        if let Some(limit) = limit.and_then(|limit| i64::try_from(limit).ok()) {
            schema.insert(name.to_owned(), Value::Integer(limit));
        }
    };
    add(least, constraints.min_length);
    add(most, constraints.max_length);
}

/// Adds the length and pattern of text.
pub(crate) fn text(schema: &mut Object, constraints: &Constraints) {
    measure(schema, constraints, "minLength", "maxLength");
    if let Some(pattern) = constraints.pattern {
        schema.insert("pattern".to_owned(), pattern.text().into());
    }
}
