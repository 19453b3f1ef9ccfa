//! [`Secrecy`]: which values never leave the process.

use std::borrow::Cow;

use crate::json::Value;
use crate::observe::Secrets;

/// What stands in the place of a secret.
pub(crate) const HIDDEN: &str = "hidden";
/// How much of a name is looked at, in bytes.
const LOOKED_AT: usize = 512;

/// Words in the name of a field that say that its value is a secret.
const WORDS: [&str; 16] = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "pin",
    "secret",
    "token",
    "apikey",
    "authorization",
    "cookie",
    "credential",
    "credentials",
    "csrf",
    "cvv",
    "cvc",
    "otp",
];

/// Words that make a secret of a `key` behind them.
const KEYS: [&str; 4] = ["api", "private", "access", "signing"];

/// Which values never leave the process: headers and parameters that the service hides, and fields
/// whose names say that they are secrets. Fields that are declared secret are kept out where they
/// are read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrecy(Secrets);

impl Secrecy {
    pub(crate) fn new(secrets: Secrets) -> Self {
        Self(secrets)
    }

    /// Whether a header is a secret.
    pub(crate) fn hides_header(&self, name: &str) -> bool {
        self.0.has(name)
    }

    /// The value of a header, unless a secret is part of it.
    pub(crate) fn header<'a>(&self, name: &str, value: &'a str) -> Option<&'a str> {
        match self.0.shown(name, value) {
            Cow::Borrowed(shown) => Some(shown),
            Cow::Owned(_) => None,
        }
    }

    /// Headers as they may be shown.
    pub(crate) fn headers(&self, headers: &http::HeaderMap) -> Vec<(String, String)> {
        self.0.headers(headers)
    }

    /// Whether a parameter or field is a secret.
    pub(crate) fn hides(&self, name: &str) -> bool {
        self.0.names(name) || tells(name)
    }

    /// Text that a program says of itself, up to where the name of a secret has a value: nobody
    /// knows where that ends.
    pub(crate) fn up_to_secret<'a>(&self, text: &'a str) -> &'a str {
        let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
        let mut from = 0;
        while let Some(at) = text[from..].find([':', '=']) {
            let before = text[..from + at].trim_end_matches(['"', '\'', '\\', ' ']);
            let name = before.rfind(|letter| !is_name(letter));
            let name = &before[name.map_or(0, |at| before.ceil_char_boundary(at + 1))..];
            from += at + 1;
            if self.hides(name) {
                return &text[..from];
            }
        }
        text
    }

    /// Puts a mark in the place of every member whose name says that it is a secret.
    pub(crate) fn hide_in(&self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    match self.hides(name) {
                        true => *member = HIDDEN.into(),
                        false => self.hide_in(member),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.hide_in(item)),
            _ => {}
        }
    }
}

/// Whether the name of a field says that its value is a secret: `accessToken` does, `author` does
/// not.
pub(crate) fn tells(name: &str) -> bool {
    let mut before = "";
    words(name).any(|word| {
        let is = |one: &&str| one.eq_ignore_ascii_case(word);
        let is_key = word.eq_ignore_ascii_case("key")
            && KEYS.iter().any(|of| of.eq_ignore_ascii_case(before));
        before = word;
        is_key || WORDS.iter().any(is)
    })
}

/// The words of a name: two of `accessToken`, and of `access_token`.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = &name[..name.floor_char_boundary(LOOKED_AT)];
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|letter: char| !letter.is_alphanumeric());
        let mut small = false;
        let end = rest.find(|letter: char| {
            let ends = !letter.is_alphanumeric() || letter.is_uppercase() && small;
            small = !letter.is_uppercase();
            ends
        });
        let (word, others) = rest.split_at(end.unwrap_or(rest.len()));
        rest = others;
        (!word.is_empty()).then_some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_fields_tell_by_whole_words() {
        for name in [
            "password",
            "new_password",
            "accessToken",
            "client-secret",
            "API_KEY",
            "privateKey",
            "Authorization",
        ] {
            assert!(tells(name), "{name}");
        }
        for name in [
            "author",
            "tokens_used",
            "spinner",
            "key",
            "session_count",
            "",
        ] {
            assert!(!tells(name), "{name}");
        }
    }

    #[test]
    fn text_ends_where_a_secret_begins() {
        let secrecy = Secrecy::default();
        for (text, shown) in [
            (
                "Login { user: \"a\", password: \"b\" }",
                "Login { user: \"a\", password:",
            ),
            (
                "{\\\"user\\\":1,\\\"apiKey\\\" : 2}",
                "{\\\"user\\\":1,\\\"apiKey\\\" :",
            ),
            ("a=1&access_token=2", "a=1&access_token="),
            ("ä=1: ü-token=2", "ä=1: ü-token="),
            ("SELECT a FROM b: 3", "SELECT a FROM b: 3"),
            ("=:", "=:"),
        ] {
            assert_eq!(secrecy.up_to_secret(text), shown);
        }
    }

    #[test]
    fn what_is_named_is_hidden_wherever_it_is() {
        let mut secrets = Secrets::default();
        secrets.hide("ssn");
        let mut value = crate::json!({"a": [{"SSN": 1, "b": 2}], "new_password": {"c": 3}});
        Secrecy::new(secrets).hide_in(&mut value);
        let hidden = crate::json!({"a": [{"SSN": HIDDEN, "b": 2}], "new_password": HIDDEN});
        assert_eq!(value, hidden);
    }
}
