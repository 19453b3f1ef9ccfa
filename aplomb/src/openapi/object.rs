//! What a document does with the objects it is made of.

use crate::json::{Object, Value};

/// Sets a key.
pub(super) fn put(object: &mut Object, key: &str, value: impl Into<Value>) {
    object.insert(key.to_owned(), value.into());
}

/// The object under a key, made where there is none.
pub(super) fn entry<'o>(object: &'o mut Object, key: &str) -> &'o mut Object {
    let value = object.entry(key.to_owned()).or_default();
    if !matches!(value, Value::Object(_)) {
        *value = Value::Object(Object::new());
    }
    match value {
        Value::Object(inner) => inner,
        _ => unreachable!("it was made an object"),
    }
}

/// Takes over every key of `other`: objects are merged key by key, lists are joined, everything
/// else is replaced.
pub(super) fn merge(object: &mut Object, other: Object) {
    for (key, value) in other {
        match (object.get_mut(&key), value) {
            (Some(Value::Object(mine)), Value::Object(theirs)) => merge(mine, theirs),
            (Some(Value::Array(mine)), Value::Array(theirs)) => mine.extend(theirs),
            (_, value) => {
                object.insert(key, value);
            }
        }
    }
}

/// Takes every key without a value away, at all depths.
pub(super) fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|_, value| !value.is_null());
            object.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// Puts the keys named in `order` first, in that order.
pub(super) fn sort_keys(object: &mut Object, order: &[&str]) {
    let place = |key: &String| {
        order
            .iter()
            .position(|known| known == key)
            .unwrap_or(order.len())
    };
    object.sort_by(|a, _, b, _| place(a).cmp(&place(b)));
}
