//! [`Invalid`]: what a check of the user's own says.

use super::Problems;
use crate::json::{Object, Value};

/// Why a check of the user's own refuses a value.
///
/// A text becomes a `value_error`, as a `ValueError` does with Pydantic.
///
/// ```
/// use aplomb::model::Invalid;
///
/// fn even(number: i64) -> Result<i64, Invalid> {
///     if number % 2 == 0 { Ok(number) } else { Err(Invalid::new("not even")) }
/// }
/// assert!(even(3).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    message: String,
    assertion: bool,
}

impl Invalid {
    /// A value that is wrong: `Value error, …`.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            assertion: false,
        }
    }

    /// An assertion that does not hold: `Assertion failed, …`.
    pub fn assertion(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            assertion: true,
        }
    }

    /// Records the refusal of `input`.
    pub fn report(&self, input: &Value, problems: &mut Problems) {
        let (kind, lead) = if self.assertion {
            ("assertion_error", "Assertion failed")
        } else {
            ("value_error", "Value error")
        };
        let context = [("error".to_owned(), Value::Object(Object::new()))];
        let message = format!("{lead}, {}", self.message);
        problems.report(kind, message, input, Some(context.into_iter().collect()));
    }
}

impl From<&str> for Invalid {
    fn from(message: &str) -> Self {
        Self::new(message)
    }
}

impl From<String> for Invalid {
    fn from(message: String) -> Self {
        Self::new(message)
    }
}
