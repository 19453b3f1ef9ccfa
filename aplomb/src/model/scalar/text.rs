//! Text.

use std::borrow::Cow;

use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::model::{Accepts, Constraints, Dump, Model, Problems, shape};
use crate::openapi::Schemas;

pub(super) const ACCEPTS: Accepts = Accepts {
    length: true,
    pattern: true,
    ..Accepts::NONE
};

#[inline]
fn keeps(text: &str, constraints: &Constraints) -> bool {
    if constraints.min_length.is_some() || constraints.max_length.is_some() {
        let length = text.chars().count();
        if constraints.min_length.is_some_and(|least| length < least)
            || constraints.max_length.is_some_and(|most| length > most)
        {
            return false;
        }
    }
    constraints
        .pattern
        .is_none_or(|pattern| pattern.is_match(text))
}

/// Checks that a value is text.
pub(super) fn accept<'a>(value: &'a Value, problems: &mut Problems) -> Option<&'a str> {
    if let Value::String(text) = value {
        return Some(text);
    }
    problems.report("string_type", "Input should be a valid string", value, None);
    None
}

/// Checks the length and pattern of a text.
pub(super) fn check(
    text: &str,
    constraints: &Constraints,
    value: &Value,
    problems: &mut Problems,
) -> bool {
    if keeps(text, constraints) {
        return true;
    }
    let length = text.chars().count();
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let mut context = Object::new();
    if let Some(most) = constraints.max_length.filter(|most| length > *most) {
        context.insert("max_length".to_owned(), most.into());
        let message = format!(
            "String should have at most {most} character{}",
            plural(most)
        );
        problems.report("string_too_long", message, value, Some(context));
    } else if let Some(least) = constraints.min_length.filter(|least| length < *least) {
        context.insert("min_length".to_owned(), least.into());
        let message = format!(
            "String should have at least {least} character{}",
            plural(least)
        );
        problems.report("string_too_short", message, value, Some(context));
    } else if let Some(pattern) = constraints.pattern {
        context.insert("pattern".to_owned(), pattern.text().into());
        let message = format!("String should match pattern '{}'", pattern.text());
        problems.report("string_pattern_mismatch", message, value, Some(context));
    }
    false
}

/// The name of a text in the location of a union's problems.
pub(super) fn label(constraints: &Constraints) -> Cow<'static, str> {
    let plain = constraints.min_length.is_none()
        && constraints.max_length.is_none()
        && constraints.pattern.is_none();
    if plain { "str" } else { "constrained-str" }.into()
}

macro_rules! texts {
    ($($type:ty: |$text:ident| $make:expr;)*) => {$(
        impl Model for $type {
            const ACCEPTS: Accepts = ACCEPTS;

            #[inline]
            fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
                let $text = reader.string()?;
                if keeps(&$text, constraints) {
                    Ok($make)
                } else {
                    Err(Refused)
                }
            }

            fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
                if keeps(text, constraints) {
                    let $text = Cow::Borrowed(text);
                    Ok($make)
                } else {
                    Err(Refused)
                }
            }

            fn validate(
                value: &Value,
                constraints: &Constraints,
                problems: &mut Problems,
            ) -> Option<Self> {
                let text = accept(value, problems)?;
                check(text, constraints, value, problems).then(|| {
                    let $text = Cow::Borrowed(text);
                    $make
                })
            }

            #[inline]
            fn write(&self, writer: &mut Writer) {
                writer.string(self);
            }

            fn dump(&self, _: &Dump<'_>) -> Value {
                Value::String(self.to_string())
            }

            fn schema(_: &mut Schemas, constraints: &Constraints) -> Object {
                let mut schema = shape::of_type("string");
                shape::text(&mut schema, constraints);
                schema
            }

            fn label() -> Cow<'static, str> {
                "str".into()
            }

            fn label_with(constraints: &Constraints) -> Cow<'static, str> {
                label(constraints)
            }
        }
    )*};
}

texts! {
    String: |text| text.into_owned();
    Box<str>: |text| text.into();
    Cow<'static, str>: |text| Cow::Owned(text.into_owned());
}

/// A text of exactly one character.
const ONE: Constraints = Constraints {
    min_length: Some(1),
    max_length: Some(1),
    ..Constraints::NONE
};

fn only(text: &str) -> Option<char> {
    let mut letters = text.chars();
    letters.next().filter(|_| letters.next().is_none())
}

impl Model for char {
    const ACCEPTS: Accepts = Accepts {
        pattern: true,
        ..Accepts::NONE
    };

    fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
        Self::read_text(&reader.string()?, constraints)
    }

    fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
        only(text)
            .filter(|_| keeps(text, constraints))
            .ok_or(Refused)
    }

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        let text = accept(value, problems)?;
        if check(text, &ONE, value, problems) && check(text, constraints, value, problems) {
            only(text)
        } else {
            None
        }
    }

    fn write(&self, writer: &mut Writer) {
        writer.string(self.encode_utf8(&mut [0; 4]));
    }

    fn dump(&self, _: &Dump<'_>) -> Value {
        Value::String(self.to_string())
    }

    fn schema(_: &mut Schemas, constraints: &Constraints) -> Object {
        let mut schema = shape::of_type("string");
        shape::text(&mut schema, &ONE);
        if let Some(pattern) = constraints.pattern {
            schema.insert("pattern".to_owned(), pattern.text().into());
        }
        schema
    }

    fn label() -> Cow<'static, str> {
        "constrained-str".into()
    }
}
