//! Text that must not be shown.

use std::borrow::Cow;
use std::fmt;

use super::text;
use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::model::{Accepts, Constraints, Dump, Model, Problems, measure, shape};
use crate::openapi::Schemas;

const MASK: &str = "**********";

/// A text that is masked wherever it is printed, logged or sent.
///
/// ```
/// use aplomb::model::SecretString;
///
/// let password = SecretString::new("hunter2");
/// assert_eq!(format!("{password} {password:?}"), "********** SecretString(\"**********\")");
/// assert_eq!(password.expose(), "hunter2");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct SecretString(String);

impl SecretString {
    /// Keeps `text` from view.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is shown instead: nothing in place of an empty text.
    fn masked(&self) -> &'static str {
        if self.0.is_empty() { "" } else { MASK }
    }

    fn keeping(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
        let length = text.chars().count();
        if measure::fits(length, constraints) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refused)
        }
    }
}

impl fmt::Display for SecretString {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.masked())
    }
}

impl fmt::Debug for SecretString {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("SecretString")
            .field(&self.masked())
            .finish()
    }
}

impl From<String> for SecretString {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl Model for SecretString {
    const ACCEPTS: Accepts = Accepts {
        length: true,
        ..Accepts::NONE
    };

    fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
        Self::keeping(&reader.string()?, constraints)
    }

    fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
        Self::keeping(text, constraints)
    }

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        let text = text::accept(value, problems)?;
        let length = text.chars().count();
        measure::check("Value", length, constraints, value, problems).then(|| Self(text.to_owned()))
    }

    fn write(&self, writer: &mut Writer) {
        writer.string(self.masked());
    }

    fn dump(&self, _: &Dump<'_>) -> Value {
        self.masked().into()
    }

    fn schema(_: &mut Schemas, constraints: &Constraints) -> Object {
        let mut schema = shape::text_in("password");
        schema.insert("writeOnly".to_owned(), Value::Bool(true));
        shape::measure(&mut schema, constraints, "minLength", "maxLength");
        schema
    }

    fn label() -> Cow<'static, str> {
        let checked = "json-or-python[json=function-after[SecretStr(), str],python=union[\
                       is-instance[SecretStr],function-after[SecretStr(), str]]]";
        format!("lax-or-strict[lax={checked},strict={checked}]").into()
    }
}
