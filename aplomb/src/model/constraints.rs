//! The limits a value must keep, stated once and used by both readers and the schema.

use std::sync::OnceLock;

use regex::Regex;

use crate::json::Value;

/// A bound of a number or a date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// An integer bound.
    Integer(i64),
    /// A bound with a fraction.
    Float(f64),
    /// A decimal, date or other bound as its text.
    Text(&'static str),
}

impl Limit {
    /// The bound as JSON shows it: a text that is a number as that number.
    pub fn value(self) -> Value {
        match self {
            Self::Integer(number) => Value::Integer(number),
            Self::Float(number) => Value::Float(number),
            Self::Text(text) => match (text.parse(), text.parse()) {
                (Ok(integer), _) => Value::Integer(integer),
                (_, Ok(float)) => Value::Float(float),
                _ => Value::String(text.to_owned()),
            },
        }
    }

    /// The bound as messages spell it: `3` also for `3.0`.
    pub fn text(self) -> String {
        match self {
            Self::Integer(number) => number.to_string(),
            Self::Float(number) => number.to_string(),
            Self::Text(text) => text.to_owned(),
        }
    }

    /// The bound as a float, NaN for a text that is no number.
    #[inline]
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Integer(number) => number as f64,
            Self::Float(number) => number,
            Self::Text(text) => text.parse().unwrap_or(f64::NAN),
        }
    }
}

impl From<i64> for Limit {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<f64> for Limit {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<&'static str> for Limit {
    fn from(text: &'static str) -> Self {
        Self::Text(text)
    }
}

/// A regular expression, compiled when first used.
#[derive(Debug)]
pub struct Pattern {
    text: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// The pattern as written. The macros refuse one that does not compile.
    pub const fn new(text: &'static str) -> Self {
        Self {
            text,
            compiled: OnceLock::new(),
        }
    }

    /// The pattern as written.
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// Whether the pattern is found in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        self.compiled
            .get_or_init(|| Regex::new(self.text).ok())
            .as_ref()
            .is_some_and(|regex| regex.is_match(text))
    }
}

/// The limits a value must keep; [`Constraints::NONE`] has none.
#[derive(Clone, Copy, Debug)]
pub struct Constraints {
    /// Greater than.
    pub gt: Option<Limit>,
    /// Greater than or equal to.
    pub ge: Option<Limit>,
    /// Less than.
    pub lt: Option<Limit>,
    /// Less than or equal to.
    pub le: Option<Limit>,
    /// A multiple of.
    pub multiple_of: Option<Limit>,
    /// The fewest characters, bytes or items.
    pub min_length: Option<usize>,
    /// The most characters, bytes or items.
    pub max_length: Option<usize>,
    /// A regular expression the text must contain.
    pub pattern: Option<&'static Pattern>,
    /// The most digits of a decimal.
    pub max_digits: Option<u32>,
    /// The most digits behind the point of a decimal.
    pub decimal_places: Option<u32>,
    /// Whether infinity and NaN are refused.
    pub finite: bool,
    /// Whether Pydantic's conversions are refused.
    pub strict: bool,
    /// Whether a list must not hold equal items.
    pub unique: bool,
    /// Whether a list or set tells of its first wrong item only.
    pub fail_fast: bool,
    /// The limits of a container's items, or of a map's values.
    pub items: Option<&'static Self>,
    /// The limits of a map's keys.
    pub keys: Option<&'static Self>,
}

impl Constraints {
    /// No limit at all.
    pub const NONE: Self = Self {
        gt: None,
        ge: None,
        lt: None,
        le: None,
        multiple_of: None,
        min_length: None,
        max_length: None,
        pattern: None,
        max_digits: None,
        decimal_places: None,
        finite: false,
        strict: false,
        unique: false,
        fail_fast: false,
        items: None,
        keys: None,
    };

    /// These limits, and for what they leave open those of `other`.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self {
            gt: self.gt.or(other.gt),
            ge: self.ge.or(other.ge),
            lt: self.lt.or(other.lt),
            le: self.le.or(other.le),
            multiple_of: self.multiple_of.or(other.multiple_of),
            min_length: self.min_length.or(other.min_length),
            max_length: self.max_length.or(other.max_length),
            pattern: self.pattern.or(other.pattern),
            max_digits: self.max_digits.or(other.max_digits),
            decimal_places: self.decimal_places.or(other.decimal_places),
            finite: self.finite || other.finite,
            strict: self.strict || other.strict,
            unique: self.unique || other.unique,
            fail_fast: self.fail_fast || other.fail_fast,
            items: self.items.or(other.items),
            keys: self.keys.or(other.keys),
        }
    }

    /// The limits of a container's items.
    #[inline]
    pub const fn of_items(&self) -> &Self {
        match self.items {
            Some(items) => items,
            None => &Self::NONE,
        }
    }

    /// The limits of a map's keys.
    #[inline]
    pub const fn of_keys(&self) -> &Self {
        match self.keys {
            Some(keys) => keys,
            None => &Self::NONE,
        }
    }
}
