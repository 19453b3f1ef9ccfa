//! JSON in the spelling of Python's `json.dumps`.

use std::fmt;

use super::{Value, Writer};

/// Which of Python's spellings to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PythonStyle {
    /// As `JSONResponse` does: without blanks, non-ASCII as it is, floats must be finite.
    Response,
    /// As `json.dumps` does by itself: a blank after `,` and `:`, ASCII only, `NaN` and
    /// `Infinity` written so.
    Dumps,
}

/// A float that JSON cannot spell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotFinite;

impl fmt::Display for NotFinite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Out of range float values are not JSON compliant")
    }
}

impl std::error::Error for NotFinite {}

impl Writer {
    /// Appends any value as Python would write it.
    ///
    /// ```
    /// use aplomb::json::{PythonStyle, Writer};
    ///
    /// let mut writer = Writer::new();
    /// writer.python(&aplomb::json!({"é": [1e-7, 1e16, 100.0]}), PythonStyle::Dumps)?;
    /// assert_eq!(writer.as_bytes(), br#"{"\u00e9": [1e-07, 1e+16, 100.0]}"#);
    /// # Ok::<(), aplomb::json::NotFinite>(())
    /// ```
    ///
    /// # Errors
    /// [`NotFinite`] for such a float in [`PythonStyle::Response`]; what is written then is
    /// incomplete.
    pub fn python(&mut self, value: &Value, style: PythonStyle) -> Result<(), NotFinite> {
        let (comma, colon) = match style {
            PythonStyle::Response => (",", ":"),
            PythonStyle::Dumps => (", ", ": "),
        };
        match value {
            Value::Float(float) => self.python_float(*float, style)?,
            Value::String(text) => self.python_string(text, style),
            Value::Array(items) => {
                self.raw("[");
                for (index, item) in items.iter().enumerate() {
                    self.raw(if index == 0 { "" } else { comma });
                    self.python(item, style)?;
                }
                self.raw("]");
            }
            Value::Object(members) => {
                self.raw("{");
                for (index, (key, value)) in members.iter().enumerate() {
                    self.raw(if index == 0 { "" } else { comma });
                    self.python_string(key, style);
                    self.raw(colon);
                    self.python(value, style)?;
                }
                self.raw("}");
            }
            Value::Null | Value::Bool(_) | Value::Integer(_) | Value::BigInteger(_) => {
                self.value(value);
            }
        }
        Ok(())
    }

    fn python_string(&mut self, text: &str, style: PythonStyle) {
        if style == PythonStyle::Response {
            return self.string(text);
        }
        self.raw("\"");
        let mut from = 0;
        let escaped = |(_, character): &(usize, char)| {
            !matches!(character, ' '..='~') || matches!(character, '"' | '\\')
        };
        for (at, character) in text.char_indices().filter(escaped) {
            self.raw(&text[from..at]);
            from = at + character.len_utf8();
            match u8::try_from(character) {
                Ok(byte) if byte.is_ascii() => self.escape(byte),
                _ => character
                    .encode_utf16(&mut [0; 2])
                    .iter()
                    .for_each(|unit| self.escape_unit(*unit)),
            }
        }
        self.raw(&text[from..]);
        self.raw("\"");
    }

    fn python_float(&mut self, float: f64, style: PythonStyle) -> Result<(), NotFinite> {
        match float {
            _ if float.is_finite() => self.python_finite(float),
            _ if style == PythonStyle::Response => return Err(NotFinite),
            f64::INFINITY => self.raw("Infinity"),
            f64::NEG_INFINITY => self.raw("-Infinity"),
            _ => self.raw("NaN"),
        }
        Ok(())
    }

    /// The digits are the same everywhere; Python uses an exponent below 0.0001, writes its sign,
    /// and at least two digits of it.
    fn python_finite(&mut self, float: f64) {
        if float == 0.0 || (1e-4..1e16).contains(&float.abs()) {
            return self.float(float);
        }
        let text = format!("{float:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        self.raw(&format!("{mantissa}e{exponent:+03}"));
    }
}
