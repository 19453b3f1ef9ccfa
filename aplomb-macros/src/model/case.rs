//! `rename_all`: names in another case.

use crate::attribute::Entry;
use crate::errors::{Errors, unknown_key};

/// The names of the cases.
const CASES: &[&str] = &[
    "lowercase",
    "UPPERCASE",
    "PascalCase",
    "camelCase",
    "snake_case",
    "SCREAMING_SNAKE_CASE",
    "kebab-case",
    "SCREAMING-KEBAB-CASE",
];

/// How names are spelt on the wire.
#[derive(Clone, Copy, Default)]
pub(crate) struct Case(Option<&'static str>);

impl Case {
    /// Reads `rename_all = "…"`.
    pub(crate) fn read(entry: &Entry, errors: &mut Errors) -> Self {
        let Some(text) = entry.text(errors) else {
            return Self(None);
        };
        let case = CASES.iter().find(|case| **case == text.value());
        if case.is_none() {
            errors.at(&text, unknown_key(&text.value(), "`rename_all`", CASES));
        }
        Self(case.copied())
    }

    /// A name in this case.
    pub(crate) fn apply(self, name: &str) -> String {
        let Some(case) = self.0 else {
            return name.to_owned();
        };
        let words = words(name);
        let pascal = |word: &String| {
            let mut characters = word.chars();
            characters
                .next()
                .map(|first| first.to_uppercase().chain(characters).collect::<String>())
                .unwrap_or_default()
        };
        match case {
            "lowercase" => name.to_lowercase(),
            "UPPERCASE" => name.to_uppercase(),
            "PascalCase" => words.iter().map(pascal).collect(),
            "camelCase" => {
                let (first, others) = words.split_at(words.len().min(1));
                first.concat() + &others.iter().map(pascal).collect::<String>()
            }
            "SCREAMING_SNAKE_CASE" => words.join("_").to_uppercase(),
            "kebab-case" => words.join("-"),
            "SCREAMING-KEBAB-CASE" => words.join("-").to_uppercase(),
            _ => words.join("_"),
        }
    }
}

/// The words of a name in snake or Pascal case, in small letters.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = '_';
    for character in name.chars() {
        let starts = character == '_' || (character.is_uppercase() && !before.is_uppercase());
        if starts && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if character != '_'
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
        before = character;
    }
    words.retain(|word| !word.is_empty());
    words
}
