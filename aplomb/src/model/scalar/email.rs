//! E-mail addresses.

mod domain;
mod letters;
mod local;

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::LazyLock;

use regex::Regex;

use super::{rare, text, written_as_text};
use crate::json::{Object, Value};
use crate::model::{Accepts, Constraints, Exactness, Model, Problems, shape};
use crate::openapi::Schemas;

const LONGEST_INPUT: usize = 2048;
const LONGEST: usize = 254;

/// An address with a name in front: `Ann <ann@example.com>` or `"Ann B." <ann@example.com>`.
static WITH_NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let name = r"[\w.!#$%&'*+\-/=?^_`{|}~]+";
    Regex::new(&format!(
        r#"^\s*(?:(?:{name}\s+)*{name}|"(?s:.)+")?\s*<(.+)>\s*$"#
    ))
    .ok()
});

/// An e-mail address in its normal form: the domain in lower case, a display name left out.
///
/// ```
/// use aplomb::model::{Constraints, Email, Model};
///
/// let email = Email::read_text("Ann <Ann@Example.COM>", &Constraints::NONE).unwrap();
/// assert_eq!(email.as_str(), "Ann@example.com");
/// assert_eq!(email.domain(), "example.com");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl Email {
    /// Checks `text` and brings it to the normal form.
    ///
    /// # Errors
    /// The reason, as a sentence, why it is no e-mail address.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.chars().count() > LONGEST_INPUT {
            return Err(format!("Length must not exceed {LONGEST_INPUT} characters"));
        }
        if text.contains(['\r', '\n']) {
            return Err("Carriage return and line feed characters are not allowed".to_owned());
        }
        let address = WITH_NAME
            .as_ref()
            .and_then(|pattern| pattern.captures(text))
            .and_then(|found| found.get(1))
            .map_or(text, |address| address.as_str())
            .trim();
        let (original, domain) = split(address)?;
        let local = local::normalize(original)?;
        let (domain, ascii) = domain::normalize(domain)?;
        let email = format!("{local}@{domain}");
        let lengths = [
            (address.chars().count(), address.len(), ""),
            (0, email.len(), "after normalization "),
            (
                0,
                local.len() + 1 + ascii.len(),
                "when the part after the @-sign is converted to IDNA ASCII ",
            ),
        ];
        for (characters, bytes, when) in lengths {
            if bytes > LONGEST {
                let excess = bytes - LONGEST;
                let unit = if characters == bytes {
                    "character"
                } else {
                    "byte"
                };
                let plural = if excess > 1 { "s" } else { "" };
                return Err(format!(
                    "The email address is too long {when}({excess} {unit}{plural} too many)."
                ));
            }
        }
        Ok(Self(email))
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part in front of the last `@`.
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// The part behind the last `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// Splits at the first `@` outside of quotes.
fn split(address: &str) -> Result<(&str, &str), String> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, letter) in address.char_indices() {
        match letter {
            '"' if !escaped => quoted = !quoted,
            '@' if !quoted => return Ok((&address[..at], &address[at + 1..])),
            '<' if !quoted => return bracketed(&address[..at], &address[at..]),
            _ => {}
        }
        escaped = quoted && letter == '\\' && !escaped;
    }
    Err(if address.contains('\u{ff20}') {
        "The email address has the \"full-width\" at-sign (@) character instead of a regular \
         at-sign."
    } else if address.contains('\u{fe6b}') {
        "The email address has the \"small commercial at\" character instead of a regular at-sign."
    } else {
        "An email address must have an @-sign."
    }
    .to_owned())
}

/// What is wrong with an address in angle brackets that has no proper name in front.
fn bracketed<'a>(name: &str, rest: &'a str) -> Result<(&'a str, &'a str), String> {
    let bad = letters::unlike(name.trim_end(), |letter| {
        letter == ' ' || local::is_plain(letter)
    });
    if !bad.is_empty() && !name.starts_with('"') {
        return Err(format!(
            "The display name contains invalid characters when not quoted: {bad}."
        ));
    }
    if !rest.contains('>') {
        return Err(
            "An open angle bracket at the start of the email address has to be followed by a \
             close angle bracket at the end."
                .to_owned(),
        );
    }
    match rest.trim_end_matches(' ').strip_suffix('>') {
        Some(inner) => {
            split(&inner[1..])?;
            Err(
                "A display name and angle brackets around the email address are not permitted \
                 here."
                    .to_owned(),
            )
        }
        None => Err("There can't be anything after the email address.".to_owned()),
    }
}

impl Deref for Email {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Model for Email {
    const ACCEPTS: Accepts = text::ACCEPTS;

    rare!();

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        let text = text::accept(value, problems)?;
        if !text::check(text, constraints, value, problems) {
            return None;
        }
        problems.floor(Exactness::Lax);
        match Self::parse(text) {
            Ok(email) => Some(email),
            Err(reason) => {
                let message = format!("value is not a valid email address: {reason}");
                let mut context = Object::new();
                context.insert("reason".to_owned(), Value::String(reason));
                problems.report("value_error", message, value, Some(context));
                None
            }
        }
    }

    written_as_text!(|email| email.as_str());

    fn schema(_: &mut Schemas, constraints: &Constraints) -> Object {
        let mut schema = shape::text_in("email");
        shape::text(&mut schema, constraints);
        schema
    }

    fn label() -> Cow<'static, str> {
        "function-after[_validate(), str]".into()
    }
}
