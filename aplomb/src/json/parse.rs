//! The complete parser: what Python's decoder accepts, with its messages and positions.

use std::fmt;

use super::encoding;
use super::number::Number;
use super::string::{self, StringError};
use super::{Object, Value};

/// How deeply arrays and objects may nest in what [`parse`] reads.
///
/// Dropping, copying, writing and validating a value of that depth is safe on a stack of 2 MB.
pub const DEPTH_LIMIT: usize = 1000;

/// Why a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// A syntax error, in the words of Python's decoder.
    Syntax {
        /// The message, such as `Expecting value`.
        message: &'static str,
        /// Where, counted in characters from 0.
        position: usize,
    },
    /// The bytes are not text, nest deeper than [`DEPTH_LIMIT`], or hold an integer of more than
    /// 4300 digits.
    Unreadable,
}

impl fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { message, position } => write!(formatter, "{message} (char {position})"),
            Self::Unreadable => formatter.write_str("There was an error parsing the body"),
        }
    }
}

impl std::error::Error for ParseError {}

/// Reads a whole JSON text in UTF-8, UTF-16 or UTF-32, as Python's `json.loads` does.
///
/// Unlike Python, which keeps them, it reads an escaped surrogate that stands alone as U+FFFD.
///
/// ```
/// use aplomb::json::{ParseError, Value, parse};
///
/// assert_eq!(parse(b"[1e999]"), Ok(vec![f64::INFINITY].into()));
/// assert_eq!(
///     parse(b"[1, 2,]"),
///     Err(ParseError::Syntax {
///         message: "Illegal trailing comma before end of array",
///         position: 5,
///     })
/// );
/// ```
///
/// # Errors
/// [`ParseError`] with Python's message and position.
pub fn parse(bytes: &[u8]) -> Result<Value, ParseError> {
    let text = encoding::decode(bytes).ok_or(ParseError::Unreadable)?;
    Parser {
        text: &text,
        position: 0,
        open: Vec::new(),
    }
    .document()
}

/// A container whose end has not come yet.
enum Open {
    Array(Vec<Value>),
    /// With the key of the member being read.
    Object(Object, String),
}

struct Parser<'a> {
    text: &'a str,
    position: usize,
    open: Vec<Open>,
}

impl Parser<'_> {
    fn document(mut self) -> Result<Value, ParseError> {
        self.skip_blanks();
        loop {
            let Some(mut value) = self.begin_value()? else {
                continue;
            };
            loop {
                let Some(container) = self.open.pop() else {
                    return self.end(value);
                };
                match self.add(container, value)? {
                    Some(finished) => value = finished,
                    None => break,
                }
            }
        }
    }

    fn end(mut self, value: Value) -> Result<Value, ParseError> {
        self.skip_blanks();
        if self.position < self.text.len() {
            return Err(self.error("Extra data", self.position));
        }
        Ok(value)
    }

    /// Reads a scalar or an empty container; or opens a container up to its first value.
    fn begin_value(&mut self) -> Result<Option<Value>, ParseError> {
        let value = match self.peek() {
            Some(b'"') => Value::String(self.string()?),
            Some(b'{') => {
                self.enter()?;
                if !self.take(b'}') {
                    let key = self.key()?;
                    self.open.push(Open::Object(Object::new(), key));
                    return Ok(None);
                }
                Value::Object(Object::new())
            }
            Some(b'[') => {
                self.enter()?;
                if !self.take(b']') {
                    self.open.push(Open::Array(Vec::new()));
                    return Ok(None);
                }
                Value::Array(Vec::new())
            }
            Some(b'n') => self.literal("null", Value::Null)?,
            Some(b't') => self.literal("true", Value::Bool(true))?,
            Some(b'f') => self.literal("false", Value::Bool(false))?,
            Some(b'N') => self.literal("NaN", Value::Float(f64::NAN))?,
            Some(b'I') => self.literal("Infinity", Value::Float(f64::INFINITY))?,
            Some(b'-') if self.text.as_bytes().get(self.position + 1) == Some(&b'I') => {
                self.literal("-Infinity", Value::Float(f64::NEG_INFINITY))?
            }
            _ => {
                let Some(number) = Number::scan(self.text, self.position) else {
                    return Err(self.error("Expecting value", self.position));
                };
                self.position = number.end;
                number.value().ok_or(ParseError::Unreadable)?
            }
        };
        Ok(Some(value))
    }

    /// Adds a value to the innermost container; gives that back if it ends here.
    fn add(&mut self, container: Open, value: Value) -> Result<Option<Value>, ParseError> {
        self.skip_blanks();
        let comma = self.position;
        let open = match container {
            Open::Array(mut items) => {
                items.push(value);
                if self.take(b']') {
                    return Ok(Some(Value::Array(items)));
                }
                self.comma()?;
                if self.peek() == Some(b']') {
                    return Err(self.error("Illegal trailing comma before end of array", comma));
                }
                Open::Array(items)
            }
            Open::Object(mut members, key) => {
                members.insert(key, value);
                if self.take(b'}') {
                    return Ok(Some(Value::Object(members)));
                }
                self.comma()?;
                if self.peek() == Some(b'}') {
                    return Err(self.error("Illegal trailing comma before end of object", comma));
                }
                let key = self.key()?;
                Open::Object(members, key)
            }
        };
        self.open.push(open);
        Ok(None)
    }

    /// Steps over the opening bracket.
    fn enter(&mut self) -> Result<(), ParseError> {
        if self.open.len() == DEPTH_LIMIT {
            return Err(ParseError::Unreadable);
        }
        self.position += 1;
        self.skip_blanks();
        Ok(())
    }

    fn comma(&mut self) -> Result<(), ParseError> {
        if !self.take(b',') {
            return Err(self.error("Expecting ',' delimiter", self.position));
        }
        self.skip_blanks();
        Ok(())
    }

    fn key(&mut self) -> Result<String, ParseError> {
        if self.peek() != Some(b'"') {
            let message = "Expecting property name enclosed in double quotes";
            return Err(self.error(message, self.position));
        }
        let key = self.string()?;
        self.skip_blanks();
        if !self.take(b':') {
            return Err(self.error("Expecting ':' delimiter", self.position));
        }
        self.skip_blanks();
        Ok(key)
    }

    fn string(&mut self) -> Result<String, ParseError> {
        let quote = self.position;
        let scanned = string::scan(self.text, quote + 1).map_err(|error| match error {
            StringError::Unterminated => self.error("Unterminated string starting at", quote),
            StringError::Control(at) => self.error("Invalid control character at", at),
            StringError::Escape(at) => self.error("Invalid \\escape", at),
            StringError::UnicodeEscape(at) => self.error("Invalid \\uXXXX escape", at),
        })?;
        self.position = scanned.end;
        Ok(scanned.text.into_owned())
    }

    fn literal(&mut self, literal: &str, value: Value) -> Result<Value, ParseError> {
        let rest = self
            .text
            .as_bytes()
            .get(self.position..)
            .unwrap_or_default();
        if !rest.starts_with(literal.as_bytes()) {
            return Err(self.error("Expecting value", self.position));
        }
        self.position += literal.len();
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.position += usize::from(taken);
        taken
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.position += 1;
        }
    }

    fn error(&self, message: &'static str, at: usize) -> ParseError {
        let before = self.text.get(..at).unwrap_or_default();
        ParseError::Syntax {
            message,
            position: before.chars().count(),
        }
    }
}
