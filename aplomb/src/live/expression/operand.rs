//! [`Operand`]: a value while an expression is evaluated.

use std::cmp::Ordering;

use super::tree::Literal;
use crate::json::Value;

/// The most of a text that is compared or searched, in bytes.
pub(super) const COMPARED: usize = 4096;

/// A value while an expression is evaluated; borrowed, so that nothing is copied.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operand<'a> {
    /// Null, or nothing there.
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(&'a str),
    /// A list or an object.
    Json(&'a Value),
}

impl<'a> Operand<'a> {
    /// The number, if this is one.
    pub(crate) fn number(self) -> Option<f64> {
        match self {
            Self::Integer(integer) => Some(integer as f64),
            Self::Float(float) => Some(float),
            _ => None,
        }
    }

    /// The beginning of the text, if this is one.
    pub(super) fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(&text[..text.floor_char_boundary(COMPARED)]),
            _ => None,
        }
    }

    /// How the two compare; nothing where they cannot be.
    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(left), Self::Integer(right)) => Some(left.cmp(&right)),
            (Self::Bool(left), Self::Bool(right)) => Some(left.cmp(&right)),
            (Self::Text(_), Self::Text(_)) => Some(self.text()?.cmp(other.text()?)),
            _ => self.number()?.partial_cmp(&other.number()?),
        }
    }

    /// A copy that is no longer than so many bytes.
    pub(crate) fn bounded(self, most: usize) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(bool) => Value::Bool(bool),
            Self::Integer(integer) => Value::Integer(integer),
            Self::Float(float) => Value::Float(float),
            Self::Text(text) => Value::String(crate::live::bounds::text(text, most)),
            Self::Json(value) => crate::live::bounds::value(value, most),
        }
    }
}

impl<'a> From<&'a Value> for Operand<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(bool) => Self::Bool(*bool),
            Value::Integer(integer) => Self::Integer(*integer),
            Value::BigInteger(_) => value.as_f64().map_or(Self::Null, Self::Float),
            Value::Float(float) => Self::Float(*float),
            Value::String(text) => Self::Text(text),
            Value::Array(_) | Value::Object(_) => Self::Json(value),
        }
    }
}

impl<'a> From<&'a Literal> for Operand<'a> {
    fn from(literal: &'a Literal) -> Self {
        match literal {
            Literal::Null => Self::Null,
            Literal::Bool(bool) => Self::Bool(*bool),
            Literal::Integer(integer) => Self::Integer(*integer),
            Literal::Float(float) => Self::Float(*float),
            Literal::Text(text) => Self::Text(text),
        }
    }
}
