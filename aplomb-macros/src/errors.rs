//! Collects every mistake of a declaration, so that all of them are shown at once.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned as _;

/// The mistakes found so far.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// Records a mistake at the tokens it is about.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Records a mistake that knows its place.
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// The value, or nothing after recording the mistake.
    pub(crate) fn ok<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// Whether there is no mistake so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The mistakes as `compile_error!` calls; nothing when there are none.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0
            .map(syn::Error::into_compile_error)
            .unwrap_or_default()
    }
}

/// The place of the user's tokens, for tokens of ours that the compiler may complain about.
pub(crate) fn place(tokens: &impl ToTokens) -> Span {
    Span::call_site().located_at(tokens.span())
}

/// The known word that was probably meant: one that is nearly the same, or begins with it.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let longer = |candidate: &&&str| word.len() > 3 && candidate.starts_with(word);
    let limit = (word.len() / 3).clamp(1, 3);
    known
        .iter()
        .map(|candidate| (distance(word, candidate), *candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
        .or_else(|| known.iter().find(longer).copied())
}

/// What Pydantic and JSON Schema call otherwise.
fn called_here(word: &str) -> Option<&'static str> {
    Some(match word {
        "alias_generator" => "rename_all",
        "default_factory" => "default_with",
        "discriminator" => "tag",
        "exclude" => "write_only",
        "exclusive_maximum" => "lt",
        "exclusive_minimum" => "gt",
        "json_schema_extra" => "schema_extra",
        "max" | "maximum" => "le",
        "min" | "minimum" => "ge",
        "regex" => "pattern",
        _ => return None,
    })
}

/// The sentence about an unknown key: the one probably meant, or all there are.
pub(crate) fn unknown_key(key: &str, of: &str, known: &[&str]) -> String {
    if let Some(called) = called_here(key).filter(|called| known.contains(called)) {
        return format!("{of} has no `{key}`; it is called `{called}`");
    }
    match nearest(key, known) {
        Some(meant) => format!("{of} has no `{key}`; did you mean `{meant}`?"),
        None => format!("{of} has no `{key}`; it has: {}", known.join(", ")),
    }
}

/// How many letters must be changed, added, left out or swapped with their neighbour to make one
/// word of the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let least = changed.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if swapped {
                    least.min(rows[i - 2][j - 2] + 1)
                } else {
                    least
                }
            };
        }
    }
    rows[a.len()][b.len()]
}
