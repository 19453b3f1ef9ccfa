//! What the derive's expansion calls: code compiled once instead of once a model.

use serde::{Deserialize, Deserializer, Serializer, de, ser::Serialize};

use super::choice::{self, Choice};
use super::members::accept;
use super::{BeforeValidator, Constraints, Default, Dump, Invalid, Model, Problems, Validator};
use crate::json::{Object, Value, Writer};
use crate::openapi::Schemas;

/// The schema of a member that always holds `text`.
pub fn constant(text: &'static str) -> Object {
    choice::schema(&[Choice::Text(text)])
}

/// Adds the members that a model keeps without knowing them.
pub fn dump_rest(object: &mut Object, rest: &Object, options: &Dump<'_>) {
    for (name, value) in rest {
        let wanted = options.include.is_none_or(|names| names.has(name))
            && !options.exclude.is_some_and(|names| names.has(name))
            && !(options.exclude_none && value.is_null());
        if wanted {
            object.insert(name.clone(), value.clone());
        }
    }
}

/// Writes the members that a model keeps without knowing them.
pub fn write_rest(rest: &Object, mut first: bool, writer: &mut Writer) {
    for (name, value) in rest {
        if !first {
            writer.raw(",");
        }
        first = false;
        writer.string(name);
        writer.raw(":");
        writer.value(value);
    }
}

/// What a field without a default holds when absent: null if its type may be.
pub const fn absent(optional: bool) -> Default {
    if optional {
        Default::Shown(|| Value::Null)
    } else {
        Default::None
    }
}

/// A default as the schema shows it.
pub fn shown<T: Model>(default: &T) -> Value {
    default.dump(&Dump::ALL)
}

/// Runs a validator; its form is found by inference.
///
/// # Errors
/// What the validator answers.
pub fn check<T, Form>(validator: &impl Validator<T, Form>, value: T) -> Result<T, Invalid> {
    validator.check(value)
}

/// What a validator makes of a value before it is read; its refusal is recorded.
pub fn before<Form>(
    validator: &impl BeforeValidator<Form>,
    value: &Value,
    problems: &mut Problems,
) -> Option<Value> {
    accept(validator.before(value.clone()), value, problems)
}

/// The schema of what a serializer makes of a field.
pub fn serialized<T, U: Model>(_: impl Fn(&T) -> U, schemas: &mut Schemas) -> Object {
    U::schema(schemas, &Constraints::NONE)
}

/// The items of a JSON list.
pub fn list(value: serde_json::Value) -> Vec<Value> {
    match value.into() {
        Value::Array(items) => items,
        other => vec![other],
    }
}

/// The members of a JSON object.
pub fn object(value: serde_json::Value) -> Object {
    match value.into() {
        Value::Object(members) => members,
        _ => Object::new(),
    }
}

/// Writes a model for serde, under the names of the wire.
///
/// # Errors
/// What the serializer answers.
pub fn serialize<T: Model, S: Serializer>(model: &T, serializer: S) -> Result<S::Ok, S::Error> {
    model.dump(&Dump::ALL).serialize(serializer)
}

/// Reads a model for serde: completely, every problem in the text of the error.
///
/// # Errors
/// What the deserializer answers, or the problems found.
pub fn deserialize<'de, T: Model, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let mut problems = Problems::new();
    match T::validate(&value, &Constraints::NONE, &mut problems) {
        Some(model) if problems.is_empty() => Ok(model),
        _ => Err(de::Error::custom(problems)),
    }
}
