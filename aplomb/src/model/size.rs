//! How large a value is, in units of about 64 bytes.

use crate::json::Value;

/// How many bytes of text weigh as much as one value.
const BYTES: usize = 64;

/// The size of a value: one for each value in it, and more for long texts. Nothing if it is above
/// `limit`, which is as far as it is measured.
pub(super) fn size(value: &Value, limit: usize) -> Option<usize> {
    let mut left = limit;
    take(value, &mut left).then(|| limit - left)
}

/// The size of a text.
pub(super) fn of_text(text: &str) -> usize {
    1 + text.len() / BYTES
}

fn take(value: &Value, left: &mut usize) -> bool {
    let own = match value {
        Value::String(text) => of_text(text),
        Value::BigInteger(digits) => of_text(digits),
        _ => 1,
    };
    let Some(rest) = left.checked_sub(own) else {
        return false;
    };
    *left = rest;
    match value {
        Value::Array(items) => items.iter().all(|item| take(item, left)),
        Value::Object(members) => members.iter().all(|(name, member)| {
            let Some(rest) = left.checked_sub(name.len() / BYTES) else {
                return false;
            };
            *left = rest;
            take(member, left)
        }),
        _ => true,
    }
}
