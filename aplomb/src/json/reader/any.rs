//! Reading values of whichever kind comes.

use super::{Reader, Refused};
use crate::json::{Object, Value};

/// What kind of value comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// An integer or a float.
    Number,
    /// A text.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl<'a> Reader<'a> {
    /// The kind of the next value, judged by its first character alone.
    ///
    /// # Errors
    /// [`Refused`] if no value can start so.
    #[inline]
    pub fn peek(&mut self) -> Result<Kind, Refused> {
        match self.next_byte() {
            Some(b'"') => Ok(Kind::String),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::Array),
            Some(b't' | b'f') => Ok(Kind::Boolean),
            Some(b'n') => Ok(Kind::Null),
            _ => Err(Refused),
        }
    }

    /// Steps over any value, checking its syntax.
    ///
    /// # Errors
    /// [`Refused`] if there is none that the reader could read.
    pub fn skip(&mut self) -> Result<(), Refused> {
        match self.peek()? {
            Kind::String => self.string().map(|_| ()),
            Kind::Number => self.number().map(|_| ()),
            Kind::Boolean => self.boolean().map(|_| ()),
            Kind::Null => self.null().then_some(()).ok_or(Refused),
            Kind::Array => {
                self.begin_array()?;
                while self.next_element()? {
                    self.skip()?;
                }
                Ok(())
            }
            Kind::Object => {
                self.begin_object()?;
                while self.next_key()?.is_some() {
                    self.skip()?;
                }
                Ok(())
            }
        }
    }

    /// Reads any value as the text it is written as, without the blanks around it.
    ///
    /// # Errors
    /// [`Refused`] if there is none that the reader could read.
    pub fn raw(&mut self) -> Result<&'a str, Refused> {
        self.next_byte();
        let start = self.position;
        self.skip()?;
        self.text.get(start..self.position).ok_or(Refused)
    }

    /// Reads any value.
    ///
    /// # Errors
    /// [`Refused`] if there is none, or it is one that JSON cannot spell, such as `1e999`.
    pub fn value(&mut self) -> Result<Value, Refused> {
        match self.peek()? {
            Kind::String => Ok(Value::String(self.string()?.into_owned())),
            Kind::Number => match self.number()?.value() {
                Some(Value::Float(float)) if !float.is_finite() => Err(Refused),
                value => value.ok_or(Refused),
            },
            Kind::Boolean => self.boolean().map(Value::Bool),
            Kind::Null => self.null().then_some(Value::Null).ok_or(Refused),
            Kind::Array => {
                let mut items = Vec::new();
                self.begin_array()?;
                while self.next_element()? {
                    items.push(self.value()?);
                }
                Ok(Value::Array(items))
            }
            Kind::Object => {
                let mut members = Object::new();
                self.begin_object()?;
                while let Some(key) = self.next_key()? {
                    let value = self.value()?;
                    members.insert(key.into_owned(), value);
                }
                Ok(Value::Object(members))
            }
        }
    }
}

/// True if `text` is one JSON value in strict syntax, nested at most 128 deep.
pub fn is_valid(text: &str) -> bool {
    let mut reader = Reader::new(text);
    reader.skip().and_then(|()| reader.end()).is_ok()
}
