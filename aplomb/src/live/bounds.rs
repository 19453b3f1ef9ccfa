//! Copies of values that are no larger than they may be, without members whose names say that they
//! are secrets.

use std::fmt::{self, Write as _};

use super::secrecy::{HIDDEN, tells};
use crate::json::{Object, Value};

/// How deep a copy goes.
const DEPTH: usize = 4;
/// How many items of a list, and members of an object, are copied.
const ITEMS: usize = 32;
/// How much of a text within a value is copied, in bytes.
const TEXT: usize = 256;

/// What a list or an object takes of the room by itself, in bytes.
const CONTAINER: usize = 8;
/// What stands where something was left out.
const MORE: &str = "…";

/// The beginning of a text, no longer than so many bytes.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

/// The beginning of a text, no longer than so many bytes, without control characters: what clients
/// send must not steer the terminal of those who read it.
pub(crate) fn text(text: &str, most: usize) -> String {
    let cut = cut(text, most);
    let mut bounded = String::with_capacity(cut.len());
    for letter in cut.chars() {
        match letter {
            letter if letter.is_control() => bounded.extend(letter.escape_default()),
            letter if misleads(letter) => bounded.extend(letter.escape_unicode()),
            letter => bounded.push(letter),
        }
    }
    if cut.len() < text.len() {
        bounded.push_str(MORE);
    }
    bounded
}

/// Whether a letter turns the direction of what follows, breaks the line, or is text that nobody sees;
/// those that join or part letters in many a language do not.
fn misleads(letter: char) -> bool {
    matches!(
        letter,
        '\u{61c}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            // Tags.
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// Writes the beginning of a text, no longer than so many bytes, however long the whole is.
pub(crate) fn write(into: &mut String, most: usize, text: fmt::Arguments<'_>) {
    let _ = Bounded { into, left: most }.write_fmt(text);
}

struct Bounded<'a> {
    into: &'a mut String,
    left: usize,
}

impl fmt::Write for Bounded<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let cut = cut(text, self.left);
        self.left -= cut.len();
        self.into.push_str(cut);
        if cut.len() < text.len() {
            self.into.push_str(MORE);
            // What else there is need not be made.
            return Err(fmt::Error);
        }
        Ok(())
    }
}

/// A copy of about so many bytes at the most; what is left out is marked.
pub(crate) fn value(value: &Value, most: usize) -> Value {
    let mut room = most;
    copy(value, DEPTH, &mut room)
}

/// The same of the members of an object.
pub(crate) fn object(members: &Object, most: usize) -> Value {
    let mut room = most;
    copy_object(members, DEPTH, &mut room)
}

/// About how many bytes a value has as JSON.
pub(crate) fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 2,
        Value::BigInteger(digits) => digits.len(),
        Value::Array(items) => CONTAINER + items.iter().map(|item| 1 + size(item)).sum::<usize>(),
        Value::Object(members) => {
            let members = members.iter();
            CONTAINER
                + members
                    .map(|(name, member)| name.len() + 4 + size(member))
                    .sum::<usize>()
        }
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => 8,
    }
}

/// About how many bytes of memory a value takes.
pub(crate) fn weight(value: &Value) -> usize {
    // A list may have room for twice its items; a member has its hash besides.
    const ITEM: usize = 2 * size_of::<Value>();
    const MEMBER: usize = ITEM + 2 * size_of::<String>();
    match value {
        Value::String(text) => text.capacity(),
        Value::BigInteger(digits) => digits.len(),
        Value::Array(items) => items.iter().map(|item| ITEM + weight(item)).sum(),
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| MEMBER + name.capacity() + weight(member))
            .sum(),
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => 0,
    }
}

fn copy(value: &Value, depth: usize, room: &mut usize) -> Value {
    if *room == 0 {
        return MORE.into();
    }
    let bounded = match value {
        Value::String(long) => Value::String(text(long, TEXT.min(*room))),
        Value::BigInteger(digits) if digits.len() > TEXT => {
            Value::String(text(digits, TEXT.min(*room)))
        }
        Value::Array(items) if depth > 0 => {
            *room = room.saturating_sub(CONTAINER);
            let mut copies = Vec::new();
            for item in items.iter().take(ITEMS) {
                if *room == 0 {
                    break;
                }
                copies.push(copy(item, depth - 1, room));
            }
            let left = items.len() - copies.len();
            if left > 0 {
                copies.push(format!("{MORE} {left} more").into());
            }
            return Value::Array(copies);
        }
        Value::Object(members) if depth > 0 => return copy_object(members, depth, room),
        Value::Array(items) => format!("{MORE} {} items", items.len()).into(),
        Value::Object(members) => format!("{MORE} {} members", members.len()).into(),
        scalar => scalar.clone(),
    };
    *room = room.saturating_sub(size(&bounded));
    bounded
}

fn copy_object(members: &Object, depth: usize, room: &mut usize) -> Value {
    *room = room.saturating_sub(CONTAINER);
    let mut copies = Object::new();
    for (name, member) in members.iter().take(ITEMS) {
        if *room == 0 {
            break;
        }
        let hidden = tells(name);
        let name = text(name, TEXT.min(*room));
        *room = room.saturating_sub(name.len());
        let member = match hidden {
            true => HIDDEN.into(),
            false => copy(member, depth - 1, room),
        };
        copies.insert(name, member);
    }
    let left = members.len() - copies.len().min(members.len());
    if left > 0 {
        copies.insert(MORE.to_owned(), format!("{left} more").into());
    }
    Value::Object(copies)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn copies_are_bounded() {
        let long = json!({"a": vec!["x".repeat(1000); 1000], "b": {"c": {"d": {"e": {"f": 1}}}}});
        for most in [0, 1, 10, 1000, 16_384] {
            let copy = value(&long, most);
            assert!(size(&copy) <= 2 * most + 1000, "{most}: {}", size(&copy));
        }
        let copy = value(&long, 16_384);
        assert_eq!(copy["b"]["c"]["d"]["e"], "… 1 members");
        assert_eq!(copy["a"].as_array().map(<[Value]>::len), Some(33));
    }

    #[test]
    fn what_is_empty_takes_room_too() {
        let mut nested = json!([]);
        for _ in 0..3 {
            nested = Value::Array(vec![nested; 30]);
        }
        let copy = value(&nested, 256);
        assert!(size(&copy) <= 1000, "{}", size(&copy));
        assert!(weight(&copy) < 32 << 10, "{}", weight(&copy));
    }

    #[test]
    fn nothing_steers_a_terminal() {
        assert_eq!(
            text("a\u{1b}[2Jb\r\n\u{202e}", 100),
            "a\\u{1b}[2Jb\\r\\n\\u{202e}"
        );
        assert_eq!(
            text("\u{61c}a\u{e0041}\u{e007f}b\u{2066}", 100),
            "\\u{61c}a\\u{e0041}\\u{e007f}b\\u{2066}"
        );
        let joined = "\u{1f469}\u{200d}\u{1f52c}";
        assert_eq!(text(joined, 100), joined);
        assert_eq!(text("äöü", 3), "ä…");
    }
}
