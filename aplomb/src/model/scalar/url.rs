//! URLs.

use std::borrow::Cow;
use std::ops::Deref;

use ::url::Url;

use super::{rare, written_as_text};
use crate::json::{Object, Value};
use crate::model::{Constraints, Exactness, Model, Problems, shape};
use crate::openapi::Schemas;

/// The longest URL that browsers of old could take.
const LONGEST: usize = 2083;

fn accept<'a>(value: &'a Value, problems: &mut Problems) -> Option<&'a str> {
    problems.floor(Exactness::Lax);
    if let Value::String(text) = value {
        return Some(text);
    }
    problems.report(
        "url_type",
        "URL input should be a string or URL",
        value,
        None,
    );
    None
}

fn parse(text: &str, value: &Value, problems: &mut Problems) -> Option<Url> {
    let error = if text.is_empty() {
        "input is empty".to_owned()
    } else {
        match Url::parse(text) {
            Ok(url) => return Some(url),
            Err(error) => error.to_string(),
        }
    };
    let message = format!("Input should be a valid URL, {error}");
    let mut context = Object::new();
    context.insert("error".to_owned(), Value::String(error));
    problems.report("url_parsing", message, value, Some(context));
    None
}

impl Model for Url {
    rare!();

    fn validate(value: &Value, _: &Constraints, problems: &mut Problems) -> Option<Self> {
        let text = accept(value, problems)?;
        parse(text, value, problems)
    }

    written_as_text!(|url| url.as_str());

    fn schema(_: &mut Schemas, _: &Constraints) -> Object {
        let mut schema = shape::text_in("uri");
        schema.insert("minLength".to_owned(), Value::Integer(1));
        schema
    }

    fn label() -> Cow<'static, str> {
        "function-wrap[wrap_val()]".into()
    }
}

/// A URL of the scheme `http` or `https`, at most 2083 characters long.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpUrl(Url);

impl HttpUrl {
    /// `url`, if its scheme is `http` or `https`.
    pub fn new(url: Url) -> Option<Self> {
        matches!(url.scheme(), "http" | "https").then_some(Self(url))
    }

    /// The URL.
    pub fn into_inner(self) -> Url {
        self.0
    }
}

impl Deref for HttpUrl {
    type Target = Url;

    fn deref(&self) -> &Url {
        &self.0
    }
}

impl Model for HttpUrl {
    rare!();

    fn validate(value: &Value, _: &Constraints, problems: &mut Problems) -> Option<Self> {
        let text = accept(value, problems)?;
        let mut context = Object::new();
        if text.len() > LONGEST {
            context.insert("max_length".to_owned(), LONGEST.into());
            let message = format!("URL should have at most {LONGEST} characters");
            problems.report("url_too_long", message, value, Some(context));
            return None;
        }
        let url = Self::new(parse(text, value, problems)?);
        if url.is_none() {
            let schemes = "'http' or 'https'";
            context.insert("expected_schemes".to_owned(), schemes.into());
            let message = format!("URL scheme should be {schemes}");
            problems.report("url_scheme", message, value, Some(context));
        }
        url
    }

    written_as_text!(|url| url.as_str());

    fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object {
        let mut schema = Url::schema(schemas, constraints);
        schema.insert("maxLength".to_owned(), LONGEST.into());
        schema
    }

    fn label() -> Cow<'static, str> {
        Url::label()
    }
}
