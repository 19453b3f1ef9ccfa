//! `true` and `false`.

use std::borrow::Cow;

use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::model::{Constraints, Dump, Exactness, Model, Problems, shape};
use crate::openapi::Schemas;

fn parse(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&["1", "t", "y", "on", "yes", "true"]) {
        Some(true)
    } else if is(&["0", "f", "n", "no", "off", "false"]) {
        Some(false)
    } else {
        None
    }
}

/// The flag a value stands for; `None` in the inner option for one that stands for none, though
/// its type might.
fn accept(value: &Value) -> Option<Option<bool>> {
    let from_integer = |number: i64| match number {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    };
    match value {
        Value::String(text) => Some(parse(text)),
        Value::Integer(number) => Some(from_integer(*number)),
        Value::Float(number)
            if number.fract() == 0.0
                && (i64::MIN as f64) < *number
                && *number < (i64::MAX as f64) =>
        {
            Some(from_integer(*number as i64))
        }
        _ => None,
    }
}

impl Model for bool {
    #[inline]
    fn read(reader: &mut Reader<'_>, _: &Constraints) -> Result<Self, Refused> {
        reader.boolean()
    }

    fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
        parse(text).filter(|_| !constraints.strict).ok_or(Refused)
    }

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        if let Value::Bool(flag) = value {
            return Some(*flag);
        }
        problems.floor(Exactness::Lax);
        let strict = problems.strict || constraints.strict;
        match accept(value).filter(|_| !strict) {
            Some(Some(flag)) => return Some(flag),
            Some(None) => problems.report(
                "bool_parsing",
                "Input should be a valid boolean, unable to interpret input",
                value,
                None,
            ),
            None => problems.report("bool_type", "Input should be a valid boolean", value, None),
        }
        None
    }

    #[inline]
    fn write(&self, writer: &mut Writer) {
        writer.boolean(*self);
    }

    fn dump(&self, _: &Dump<'_>) -> Value {
        Value::Bool(*self)
    }

    fn schema(_: &mut Schemas, _: &Constraints) -> Object {
        shape::of_type("boolean")
    }

    fn label() -> Cow<'static, str> {
        "bool".into()
    }
}
