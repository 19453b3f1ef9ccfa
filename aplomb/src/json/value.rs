//! Any JSON value, with integers of any size and the floats JSON itself cannot spell.

use std::fmt;
use std::ops::{Index, IndexMut};
use std::str::FromStr;

use super::{ParseError, Writer, parse};

/// A JSON object; keys keep their order, the last of equal keys wins at the place of the first.
pub type Object = indexmap::IndexMap<String, Value>;

/// Any JSON value.
///
/// ```
/// use aplomb::json::Value;
///
/// let order: Value = r#"{"items": [{"name": "Plumbus", "count": 2}]}"#.parse()?;
/// assert_eq!(order["items"][0]["count"], 2);
/// assert_eq!(order.pointer("/items/0/name").and_then(Value::as_str), Some("Plumbus"));
/// assert!(order["absent"]["too"].is_null());
/// # Ok::<(), aplomb::json::ParseError>(())
/// ```
///
/// Equality is exact: `1` and `1.0` differ; [`Value::same`] compares numbers by value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer that fits 64 signed bits.
    Integer(i64),
    /// An integer that does not, as its decimal digits with an optional leading `-`.
    BigInteger(Box<str>),
    /// A number with a fraction or an exponent; may be infinite or not a number.
    Float(f64),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Self>),
    /// An object.
    Object(Object),
}

static NULL: Value = Value::Null;

impl Value {
    /// True for `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The boolean, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(boolean) => Some(*boolean),
            _ => None,
        }
    }

    /// The integer, if this is one that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(integer) => Some(*integer),
            _ => None,
        }
    }

    /// The integer, if this is one that fits.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Integer(integer) => u64::try_from(*integer).ok(),
            Self::BigInteger(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    /// The number nearest to it, if this is a number.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(integer) => Some(*integer as f64),
            Self::BigInteger(digits) => digits.parse().ok(),
            Self::Float(float) => Some(*float),
            _ => None,
        }
    }

    /// The text, if this is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if this is an array.
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The items to change, if this is an array.
    pub fn as_array_mut(&mut self) -> Option<&mut Vec<Self>> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The members, if this is an object.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The members to change, if this is an object.
    pub fn as_object_mut(&mut self) -> Option<&mut Object> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The member called `key`, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.get(key)
    }

    /// The member called `key` to change, if this is an object that has it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        self.as_object_mut()?.get_mut(key)
    }

    /// Sets a member; what is no object becomes one.
    ///
    /// ```
    /// let mut item = aplomb::json!({"name": "Plumbus"});
    /// item.insert("price", 3.2);
    /// assert_eq!(item.to_string(), r#"{"name":"Plumbus","price":3.2}"#);
    /// ```
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Self>) {
        if !matches!(self, Self::Object(_)) {
            *self = Self::Object(Object::new());
        }
        if let Self::Object(members) = self {
            members.insert(key.into(), value.into());
        }
    }

    /// The value that a JSON pointer (RFC 6901) such as `/items/0/name` leads to.
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer
            .strip_prefix('/')?
            .split('/')
            .try_fold(self, |value, step| match value {
                Self::Object(members) if step.contains('~') => {
                    members.get(&step.replace("~1", "/").replace("~0", "~"))
                }
                Self::Object(members) => members.get(step),
                Self::Array(items) if step == "0" || !step.starts_with(['0', '+']) => {
                    items.get(step.parse::<usize>().ok()?)
                }
                _ => None,
            })
    }

    /// Takes the value out and leaves `null`.
    pub fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    /// True if both are the same value, numbers compared by value and members in any order.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Array(left), Self::Array(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(a, b)| a.same(b))
            }
            (Self::Object(left), Self::Object(right)) => {
                left.len() == right.len()
                    && left
                        .iter()
                        .all(|(key, a)| right.get(key).is_some_and(|b| a.same(b)))
            }
            (Self::Float(left), Self::Float(right)) => {
                left == right || (left.is_nan() && right.is_nan())
            }
            (Self::Integer(integer), Self::Float(float))
            | (Self::Float(float), Self::Integer(integer)) => {
                *integer as f64 == *float && *float as i128 == i128::from(*integer)
            }
            (Self::BigInteger(digits), Self::Float(float))
            | (Self::Float(float), Self::BigInteger(digits)) => format!("{float:.0}") == **digits,
            _ => self == other,
        }
    }
}

/// The compact JSON text, as [`Writer::value`] writes it.
/// JSON text; `{:#}` breaks lines and indents by two blanks.
impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if formatter.alternate() {
            let text = serde_json::to_string_pretty(self).map_err(|_| fmt::Error)?;
            return formatter.write_str(&text);
        }
        let mut writer = Writer::new();
        writer.value(self);
        formatter.write_str(std::str::from_utf8(writer.as_bytes()).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Value {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse(text.as_bytes())
    }
}

/// The member called so; `null` if there is none.
impl Index<&str> for Value {
    type Output = Self;

    fn index(&self, key: &str) -> &Self {
        self.get(key).unwrap_or(&NULL)
    }
}

/// The member of that name, made `null` if there is none; `null` becomes an object.
///
/// # Panics
/// When this is neither an object nor `null`.
impl IndexMut<&str> for Value {
    #[track_caller]
    fn index_mut(&mut self, key: &str) -> &mut Self {
        if self.is_null() {
            *self = Self::Object(Object::new());
        }
        match self {
            Self::Object(object) => object.entry(key.to_owned()).or_default(),
            other => panic!("`{other}` is no object and has no `{key}`"),
        }
    }
}

/// The item at that place; `null` if there is none.
impl Index<usize> for Value {
    type Output = Self;

    fn index(&self, index: usize) -> &Self {
        self.as_array()
            .and_then(|items| items.get(index))
            .unwrap_or(&NULL)
    }
}
