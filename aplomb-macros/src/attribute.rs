//! The inside of our attributes: `key`, `key = value` and `key(…)`, separated by commas.

use std::str::FromStr;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, LitBool, LitInt, LitStr, Meta};

use crate::errors::Errors;

/// One `key`, `key = value` or `key(…)`.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) key: Ident,
    form: Form,
}

#[derive(Clone)]
enum Form {
    Flag,
    Value(TokenStream),
    List(Group),
}

impl Entry {
    /// Reads one entry.
    pub(crate) fn parse(tokens: TokenStream) -> syn::Result<Self> {
        let wrong = |at: &dyn ToTokens| {
            syn::Error::new_spanned(at, "expected `key`, `key = value` or `key(…)`")
        };
        let mut rest = tokens.into_iter();
        let key = match rest.next() {
            Some(TokenTree::Ident(key)) => key,
            other => return Err(wrong(&other)),
        };
        let form = match rest.next() {
            None => Form::Flag,
            Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
                let value: TokenStream = rest.by_ref().collect();
                if value.is_empty() {
                    return Err(wrong(&key));
                }
                Form::Value(value)
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
                Form::List(group)
            }
            Some(other) => return Err(wrong(&other)),
        };
        match rest.next() {
            Some(extra) => Err(wrong(&extra)),
            None => Ok(Self { key, form }),
        }
    }

    /// Whether this is a bare `key`.
    pub(crate) fn is_flag(&self) -> bool {
        matches!(self.form, Form::Flag)
    }

    /// Whether this is `key(…)`.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self.form, Form::List(_))
    }

    /// The tokens of the value, for a `key = value`.
    pub(crate) fn value(&self, errors: &mut Errors) -> Option<TokenStream> {
        match &self.form {
            Form::Value(value) => Some(value.clone()),
            Form::Flag | Form::List(_) => self.expected("a value", "…", errors),
        }
    }

    /// The text of a `key = "text"`.
    pub(crate) fn text(&self, errors: &mut Errors) -> Option<LitStr> {
        match &self.form {
            Form::Value(value) => match syn::parse2(value.clone()) {
                Ok(text) => Some(text),
                Err(_) => self.expected("a text between quotes", "\"…\"", errors),
            },
            Form::Flag | Form::List(_) => self.expected("a text between quotes", "\"…\"", errors),
        }
    }

    /// The texts of a `key = "text"` or `key("a", "b")`.
    pub(crate) fn texts(&self, errors: &mut Errors) -> Vec<LitStr> {
        if !self.is_list() {
            return self.text(errors).into_iter().collect();
        }
        let values = self.values(errors);
        if values.is_empty() {
            errors.at(
                self,
                format!("`{0}` takes texts: `{0}(\"a\", \"b\")`", self.key),
            );
        }
        values
            .into_iter()
            .filter_map(|value| {
                let text = syn::parse2(value.clone()).map_err(|_| {
                    let message = format!("`{0}` takes texts: `{0}(\"a\", \"b\")`", self.key);
                    syn::Error::new_spanned(value, message)
                });
                errors.ok(text)
            })
            .collect()
    }

    /// Whether a `key` or `key = true` is switched on.
    pub(crate) fn flag(&self, errors: &mut Errors) -> bool {
        match &self.form {
            Form::Flag => true,
            Form::Value(value) => match syn::parse2::<LitBool>(value.clone()) {
                Ok(flag) => flag.value,
                Err(_) => self
                    .expected("nothing, `true` or `false`", "true", errors)
                    .is_some_and(|()| true),
            },
            Form::List(_) => {
                errors.at(
                    self,
                    format!("`{0}` takes no list; write `{0}` alone", self.key),
                );
                false
            }
        }
    }

    /// The number of a `key = 3`.
    pub(crate) fn count<N: FromStr<Err: std::fmt::Display>>(
        &self,
        errors: &mut Errors,
    ) -> Option<N> {
        let number = match &self.form {
            Form::Value(value) => syn::parse2::<LitInt>(value.clone()).ok(),
            Form::Flag | Form::List(_) => None,
        };
        match number.and_then(|number| number.base10_parse().ok()) {
            Some(number) => Some(number),
            None => self.expected("a whole number that is not negative", "1", errors),
        }
    }

    /// The entries of a `key(…)`.
    pub(crate) fn list(&self, errors: &mut Errors) -> Vec<Self> {
        self.tokens_of_list(errors)
            .map(|tokens| entries(tokens, errors))
            .unwrap_or_default()
    }

    /// The tokens of a `key(…)`.
    pub(crate) fn tokens_of_list(&self, errors: &mut Errors) -> Option<TokenStream> {
        match &self.form {
            Form::List(group) => Some(group.stream()),
            Form::Flag | Form::Value(_) => {
                errors.at(self, format!("`{0}` takes a list: `{0}(…)`", self.key));
                None
            }
        }
    }

    /// The values of a `key(a, b)` or `key = [a, b]`.
    pub(crate) fn values(&self, errors: &mut Errors) -> Vec<TokenStream> {
        let group = match &self.form {
            Form::List(group) => Some(group.clone()),
            Form::Value(value) => {
                let mut tokens = value.clone().into_iter();
                match (tokens.next(), tokens.next()) {
                    (Some(TokenTree::Group(group)), None)
                        if group.delimiter() == Delimiter::Bracket =>
                    {
                        Some(group)
                    }
                    _ => None,
                }
            }
            Form::Flag => None,
        };
        match group {
            Some(group) => pieces(group.stream()),
            None => {
                errors.at(
                    self,
                    format!("`{0}` takes a list: `{0} = [a, b]`", self.key),
                );
                Vec::new()
            }
        }
    }

    fn expected<T>(&self, what: &str, example: &str, errors: &mut Errors) -> Option<T> {
        errors.at(
            self,
            format!("`{0}` takes {what}: `{0} = {example}`", self.key),
        );
        None
    }
}

impl ToTokens for Entry {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.form {
            Form::Flag => self.key.to_tokens(tokens),
            Form::Value(value) => value.to_tokens(tokens),
            Form::List(group) => {
                self.key.to_tokens(tokens);
                group.to_tokens(tokens);
            }
        }
    }
}

/// The entries of all attributes called `name`; a key that comes twice is a mistake.
pub(crate) fn of(attributes: &[Attribute], name: &str, errors: &mut Errors) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    for attribute in attributes.iter().filter(|one| one.path().is_ident(name)) {
        let tokens = match &attribute.meta {
            Meta::List(list) => list.tokens.clone(),
            Meta::Path(_) => TokenStream::new(),
            Meta::NameValue(_) => {
                errors.at(attribute, format!("write `#[{name}(key = value)]`"));
                continue;
            }
        };
        for entry in entries(tokens, errors) {
            if all.iter().any(|earlier| earlier.key == entry.key) {
                errors.at(&entry.key, twice(&entry.key));
            } else {
                all.push(entry);
            }
        }
    }
    all
}

/// The entries among `tokens`; a key that comes twice is a mistake.
pub(crate) fn entries(tokens: TokenStream, errors: &mut Errors) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    for piece in pieces(tokens) {
        if let Some(entry) = errors.ok(Entry::parse(piece)) {
            if all.iter().any(|earlier| earlier.key == entry.key) {
                errors.at(&entry.key, twice(&entry.key));
            } else {
                all.push(entry);
            }
        }
    }
    all
}

fn twice(key: &Ident) -> String {
    format!("`{key}` is given twice; keep one")
}

/// The tokens between the commas, where a comma in the `<…>` of a turbofish separates nothing.
pub(crate) fn pieces(tokens: TokenStream) -> Vec<TokenStream> {
    let mut pieces = vec![TokenStream::new()];
    let mut angles = 0_usize;
    let mut before = [' ', ' '];
    for token in tokens {
        let mark = match &token {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        match mark {
            ',' if angles == 0 => {
                pieces.push(TokenStream::new());
                before = [' ', ' '];
                continue;
            }
            '<' if angles > 0 || before == [':', ':'] => angles += 1,
            '>' if angles > 0 && before[1] != '-' && before[1] != '=' => angles -= 1,
            _ => {}
        }
        before = [before[1], mark];
        if let Some(piece) = pieces.last_mut() {
            piece.extend([token]);
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}
