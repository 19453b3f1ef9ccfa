//! Characters as the reasons name them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::python;

/// Letters, numbers, punctuation and symbols.
static VISIBLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[\p{L}\p{N}\p{P}\p{S}]$").ok());

static MARK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{M}$").ok());

fn is(pattern: &LazyLock<Option<Regex>>, letter: char) -> bool {
    pattern
        .as_ref()
        .is_some_and(|pattern| pattern.is_match(letter.encode_utf8(&mut [0; 4])))
}

/// A character in quotes, or by name where it cannot be seen.
fn name(letter: char) -> String {
    if letter == '\\' {
        return "\"\\\"".to_owned();
    }
    if is(&VISIBLE, letter) {
        return python::quoted(letter.encode_utf8(&mut [0; 4]));
    }
    match letter {
        ' ' => "SPACE".to_owned(),
        '\u{a0}' => "NO-BREAK SPACE".to_owned(),
        '\u{ad}' => "SOFT HYPHEN".to_owned(),
        '\u{200b}' => "ZERO WIDTH SPACE".to_owned(),
        '\u{200c}' => "ZERO WIDTH NON-JOINER".to_owned(),
        '\u{200d}' => "ZERO WIDTH JOINER".to_owned(),
        '\u{200e}' => "LEFT-TO-RIGHT MARK".to_owned(),
        '\u{200f}' => "RIGHT-TO-LEFT MARK".to_owned(),
        '\u{202e}' => "RIGHT-TO-LEFT OVERRIDE".to_owned(),
        '\u{2028}' => "LINE SEPARATOR".to_owned(),
        '\u{2029}' => "PARAGRAPH SEPARATOR".to_owned(),
        '\u{3000}' => "IDEOGRAPHIC SPACE".to_owned(),
        '\u{feff}' => "ZERO WIDTH NO-BREAK SPACE".to_owned(),
        letter if (letter as u32) < 0xffff => format!("U+{:04X}", letter as u32),
        letter => format!("U+{:08X}", letter as u32),
    }
}

/// The characters that are not `allowed`, listed once each.
pub(super) fn unlike(text: &str, allowed: impl Fn(char) -> bool) -> String {
    let names: BTreeSet<String> = text
        .chars()
        .filter(|letter| !allowed(*letter))
        .map(name)
        .collect();
    let names: Vec<String> = names.into_iter().collect();
    names.join(", ")
}

/// Refuses characters that are invisible, and marks with nothing to stand on.
pub(super) fn check_safe(text: &str) -> Result<(), String> {
    let unsafe_letters: BTreeSet<char> = text
        .char_indices()
        .filter(|(at, letter)| {
            !(letter.is_ascii_graphic() || is(&VISIBLE, *letter) || *at > 0 && is(&MARK, *letter))
        })
        .map(|(_, letter)| letter)
        .collect();
    if unsafe_letters.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = unsafe_letters.into_iter().map(name).collect();
    Err(format!(
        "The email address contains unsafe characters: {}.",
        names.join(", ")
    ))
}

/// The places of dots, and of hyphens in a host name; `start` and `end` are the sentences for the
/// first and last character.
pub(super) fn check_dots(
    text: &str,
    is_hostname: bool,
    start: impl Fn(&str) -> String,
    end: impl Fn(&str) -> String,
) -> Result<(), String> {
    if text.ends_with('.') {
        return Err(end("period"));
    }
    if text.starts_with('.') {
        return Err(start("period"));
    }
    if text.contains("..") {
        return Err("An email address cannot have two periods in a row.".to_owned());
    }
    if is_hostname {
        if text.ends_with('-') {
            return Err(end("hyphen"));
        }
        if text.starts_with('-') {
            return Err(start("hyphen"));
        }
        if text.contains(".-") || text.contains("-.") {
            return Err(
                "An email address cannot have a period and a hyphen next to each other.".to_owned(),
            );
        }
    }
    Ok(())
}
