//! One of a fixed list of values: enums by value and literals.

use std::borrow::Cow;

use super::problem::{Exactness, Location, Problems};
use super::python;
use super::scalar::integer;
use crate::json::{Object, Value};

/// One value of an enum, or a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// A text.
    Text(&'static str),
    /// An integer.
    Integer(i64),
    /// `true` or `false`.
    Bool(bool),
}

impl Choice {
    /// The choice as JSON.
    pub fn value(self) -> Value {
        match self {
            Self::Text(text) => Value::String(text.to_owned()),
            Self::Integer(number) => Value::Integer(number),
            Self::Bool(flag) => Value::Bool(flag),
        }
    }

    /// The choice as messages spell it.
    pub fn repr(self) -> String {
        python::repr(&self.value())
    }

    /// The choice as a step of a location.
    pub fn location(self) -> Location {
        match self {
            Self::Text(text) => text.into(),
            Self::Integer(number) => match usize::try_from(number) {
                Ok(index) => index.into(),
                Err(_) => number.to_string().into(),
            },
            Self::Bool(flag) => if flag { "True" } else { "False" }.into(),
        }
    }

    /// Whether Python holds the two equal, for which 1, 1.0 and true are one.
    fn equals(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Text(text), Value::String(other)) => text == other,
            (Self::Text(_), _) => false,
            (Self::Integer(number), value) => numeric(value) == Some(number as f64),
            (Self::Bool(flag), value) => numeric(value) == Some(f64::from(u8::from(flag))),
        }
    }

    fn exactly(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Text(text), Value::String(other)) => text == other,
            (Self::Integer(number), Value::Integer(other)) => number == *other,
            (Self::Bool(flag), Value::Bool(other)) => flag == *other,
            _ => false,
        }
    }
}

fn numeric(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        Value::Integer(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

/// The choices as messages list them: `'a', 'b' or 'c'`.
pub fn expected(choices: &[Choice]) -> String {
    match choices {
        [] => String::new(),
        [only] => only.repr(),
        [head @ .., last] => {
            let head: Vec<_> = head.iter().map(|choice| choice.repr()).collect();
            format!("{} or {}", head.join(", "), last.repr())
        }
    }
}

/// Which of `choices` a value is, comparing as a literal does.
pub fn find(value: &Value, choices: &[Choice]) -> Option<usize> {
    choices
        .iter()
        .position(|choice| choice.exactly(value))
        .or_else(|| choices.iter().position(|choice| choice.equals(value)))
}

/// Which of the values of an enum this is; an enum of integers takes what an integer takes.
pub fn enumeration(value: &Value, choices: &[Choice], problems: &mut Problems) -> Option<usize> {
    problems.floor(Exactness::Lax);
    let integers = choices
        .iter()
        .all(|choice| matches!(choice, Choice::Integer(_)));
    let found = if integers {
        if matches!(value, Value::BigInteger(_)) {
            integer::too_large(value, problems);
            return None;
        }
        integer::quietly(value, problems.strict).and_then(|number| {
            choices.iter().position(
                |choice| matches!(choice, Choice::Integer(own) if i128::from(*own) == number),
            )
        })
    } else {
        find(value, choices)
    };
    if found.is_none() {
        refuse("enum", value, choices, problems);
    }
    found
}

/// Which of the values of a literal this is.
pub fn literal(value: &Value, choices: &[Choice], problems: &mut Problems) -> Option<usize> {
    let found = find(value, choices);
    if found.is_none() {
        refuse("literal_error", value, choices, problems);
    }
    found
}

fn refuse(kind: &'static str, value: &Value, choices: &[Choice], problems: &mut Problems) {
    let expected = expected(choices);
    let mut context = Object::new();
    context.insert("expected".to_owned(), Value::String(expected.clone()));
    problems.report(
        kind,
        format!("Input should be {expected}"),
        value,
        Some(context),
    );
}

/// The label of an enum in the location of a union's problems.
pub fn enumeration_label(name: &str, choices: &[Choice]) -> Cow<'static, str> {
    let kind = match json_type(choices) {
        Some("string") => "str-enum",
        Some("integer") => "int-enum",
        _ => "enum",
    };
    format!("{kind}[{name}]").into()
}

/// The label of a literal in the location of a union's problems.
pub fn literal_label(choices: &[Choice]) -> Cow<'static, str> {
    let choices: Vec<_> = choices.iter().map(|choice| choice.repr()).collect();
    format!("literal[{}]", choices.join(",")).into()
}

/// The JSON Schema of a literal, and of an enum but for its title and description.
pub fn schema(choices: &[Choice]) -> Object {
    let mut schema = Object::new();
    match choices {
        [only] => schema.insert("const".to_owned(), only.value()),
        _ => {
            let values = choices.iter().map(|choice| choice.value()).collect();
            schema.insert("enum".to_owned(), Value::Array(values))
        }
    };
    if let Some(kind) = json_type(choices) {
        schema.insert("type".to_owned(), Value::String(kind.to_owned()));
    }
    schema
}

fn json_type(choices: &[Choice]) -> Option<&'static str> {
    let kind = |choice: &Choice| match choice {
        Choice::Text(_) => "string",
        Choice::Integer(_) => "integer",
        Choice::Bool(_) => "boolean",
    };
    let first = kind(choices.first()?);
    choices
        .iter()
        .all(|choice| kind(choice) == first)
        .then_some(first)
}
