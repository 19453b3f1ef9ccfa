//! How one JSON value differs from another.

use crate::json::Value;

/// How many characters of a value are shown.
const SHOWN: usize = 120;

/// How `new` differs from `old`, a line for each place: `+` what is new, `-` what is gone, `~` what
/// has changed. Numbers are compared by value, and keys in any order.
///
/// ```
/// use aplomb::command::differences;
/// use aplomb::json;
///
/// let old = json!({"info": {"version": "1"}, "paths": {"/a": {}}});
/// let new = json!({"info": {"version": "2"}, "paths": {"/b": {}}});
/// assert_eq!(
///     differences(&old, &new),
///     ["~ info.version: \"1\" -> \"2\"", "- paths./a: {}", "+ paths./b: {}"]
/// );
/// ```
pub fn differences(old: &Value, new: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", old, new, &mut found);
    found
}

fn compare(place: &str, old: &Value, new: &Value, found: &mut Vec<String>) {
    if old.same(new) {
        return;
    }
    let below = |key: &str| match place {
        "" => key.to_owned(),
        place => format!("{place}.{key}"),
    };
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in old {
                match new.get(key) {
                    Some(other) => compare(&below(key), value, other, found),
                    None => found.push(format!("- {}: {}", below(key), short(value))),
                }
            }
            for (key, value) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
                found.push(format!("+ {}: {}", below(key), short(value)));
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                compare(&below(&index.to_string()), old, new, found);
            }
        }
        _ => found.push(format!("~ {place}: {} -> {}", short(old), short(new))),
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
