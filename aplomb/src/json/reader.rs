//! The fast typed reader: a strict pull reader over one JSON text.

use std::borrow::Cow;
use std::fmt;

use super::number::Number;
use super::string;

mod any;

pub use any::{Kind, is_valid};

/// How deeply what the reader vouches for may nest.
const DEPTH_LIMIT: u8 = 128;

/// The fast reader does not vouch for this input; the complete one decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("refused by the fast reader")
    }
}

impl std::error::Error for Refused {}

/// A place to go back to, given by [`Reader::checkpoint`].
#[derive(Clone, Copy, Debug)]
pub struct Checkpoint {
    position: usize,
    depth: u8,
    first: bool,
}

/// A strict pull reader over one JSON text that is known to be UTF-8.
///
/// Whatever it accepts, [`parse`](super::parse) accepts with the same value; it may refuse more.
///
/// ```
/// use aplomb::json::{Reader, Refused};
///
/// let mut reader = Reader::new(r#"{"name": "Plumbus", "sizes": [1, 2]}"#);
/// let (mut name, mut sizes) = (None, Vec::new());
/// reader.begin_object()?;
/// while let Some(key) = reader.next_key()? {
///     match &*key {
///         "name" => name = Some(reader.string()?),
///         "sizes" => {
///             reader.begin_array()?;
///             while reader.next_element()? {
///                 sizes.push(reader.integer()?);
///             }
///         }
///         _ => reader.skip()?,
///     }
/// }
/// reader.end()?;
/// assert_eq!((name.as_deref(), sizes), (Some("Plumbus"), vec![1, 2]));
/// # Ok::<(), Refused>(())
/// ```
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    position: usize,
    depth: u8,
    /// The innermost container has just begun. One flag does for all levels: a container that
    /// has held another one is past its first value.
    first: bool,
}

impl<'a> Reader<'a> {
    /// A reader at the start of `text`.
    #[inline]
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            position: 0,
            depth: 0,
            first: false,
        }
    }

    /// The place the reader is at, to try one way of reading and go back.
    #[inline]
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            position: self.position,
            depth: self.depth,
            first: self.first,
        }
    }

    /// Goes back to a place of the same text.
    #[inline]
    pub fn rewind(&mut self, checkpoint: Checkpoint) {
        self.position = checkpoint.position;
        self.depth = checkpoint.depth;
        self.first = checkpoint.first;
    }

    /// Steps over `null` if it comes next, and says whether it did.
    #[inline]
    pub fn null(&mut self) -> bool {
        self.next_byte() == Some(b'n') && self.take("null")
    }

    /// Reads `true` or `false`.
    ///
    /// # Errors
    /// [`Refused`] if anything else comes next.
    #[inline]
    pub fn boolean(&mut self) -> Result<bool, Refused> {
        match self.next_byte() {
            Some(b't') if self.take("true") => Ok(true),
            Some(b'f') if self.take("false") => Ok(false),
            _ => Err(Refused),
        }
    }

    /// Reads an integer.
    ///
    /// # Errors
    /// [`Refused`] if anything else comes next, or it does not fit.
    #[inline]
    pub fn integer(&mut self) -> Result<i64, Refused> {
        self.number()?.integer().ok_or(Refused)
    }

    /// Reads an integer without sign.
    ///
    /// # Errors
    /// [`Refused`] if anything else comes next, or it does not fit.
    #[inline]
    pub fn unsigned(&mut self) -> Result<u64, Refused> {
        self.number()?.unsigned().ok_or(Refused)
    }

    /// Reads any number as the nearest float.
    ///
    /// # Errors
    /// [`Refused`] if anything else comes next, or it is too great for a float.
    #[inline]
    pub fn float(&mut self) -> Result<f64, Refused> {
        let number = self.number()?;
        Some(number.float())
            .filter(|float| float.is_finite())
            .ok_or(Refused)
    }

    /// Reads a string; borrowed if it has no escapes.
    ///
    /// # Errors
    /// [`Refused`] if anything else comes next, or it has an escaped surrogate that stands alone.
    #[inline]
    pub fn string(&mut self) -> Result<Cow<'a, str>, Refused> {
        if self.next_byte() != Some(b'"') {
            return Err(Refused);
        }
        match string::scan(self.text, self.position + 1) {
            Ok(scanned) if !scanned.replaced => {
                self.position = scanned.end;
                Ok(scanned.text)
            }
            _ => Err(Refused),
        }
    }

    /// Steps into an array; [`Reader::next_element`] goes on.
    ///
    /// # Errors
    /// [`Refused`] if anything else comes next, or it nests too deeply.
    #[inline]
    pub fn begin_array(&mut self) -> Result<(), Refused> {
        self.begin(b'[')
    }

    /// Goes on to the next element: true if there is one to read, false after the array's end.
    ///
    /// # Errors
    /// [`Refused`] if neither comes next.
    #[inline]
    pub fn next_element(&mut self) -> Result<bool, Refused> {
        self.advance(b']')
    }

    /// Steps into an object; [`Reader::next_key`] goes on.
    ///
    /// # Errors
    /// [`Refused`] if anything else comes next, or it nests too deeply.
    #[inline]
    pub fn begin_object(&mut self) -> Result<(), Refused> {
        self.begin(b'{')
    }

    /// Reads the next key up to its value, or steps over the object's end.
    ///
    /// # Errors
    /// [`Refused`] if neither comes next.
    #[inline]
    pub fn next_key(&mut self) -> Result<Option<Cow<'a, str>>, Refused> {
        if !self.advance(b'}')? {
            return Ok(None);
        }
        let key = self.string()?;
        if self.next_byte() != Some(b':') {
            return Err(Refused);
        }
        self.position += 1;
        Ok(Some(key))
    }

    /// Steps over the next key up to its value if it is spelt exactly so, quotes included, and
    /// says whether it did. Where it did not, [`Reader::next_key`] reads whatever is there.
    #[inline]
    pub fn key_is(&mut self, expected_quoted: &'static str) -> bool {
        let start = self.position;
        let next = self.next_byte();
        if self.first || next == Some(b',') {
            self.position += usize::from(!self.first);
            self.next_byte();
            if self.take(expected_quoted) && self.next_byte() == Some(b':') {
                self.position += 1;
                self.first = false;
                return true;
            }
        }
        self.position = start;
        false
    }

    /// Checks that only blanks are left.
    ///
    /// # Errors
    /// [`Refused`] if more is left.
    #[inline]
    pub fn end(&mut self) -> Result<(), Refused> {
        if self.next_byte().is_some() {
            Err(Refused)
        } else {
            Ok(())
        }
    }

    /// Steps over blanks; gives the byte the reader is at then.
    #[inline]
    fn next_byte(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.position) {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.position += 1,
                byte => return byte.copied(),
            }
        }
    }

    #[inline]
    fn take(&mut self, expected: &str) -> bool {
        let end = self.position + expected.len();
        let taken = self.text.as_bytes().get(self.position..end) == Some(expected.as_bytes());
        if taken {
            self.position = end;
        }
        taken
    }

    #[inline]
    fn number(&mut self) -> Result<Number<'a>, Refused> {
        self.next_byte();
        let number = Number::scan(self.text, self.position).ok_or(Refused)?;
        if !number.is_convertible() {
            return Err(Refused);
        }
        self.position = number.end;
        Ok(number)
    }

    #[inline]
    fn begin(&mut self, bracket: u8) -> Result<(), Refused> {
        if self.next_byte() != Some(bracket) || self.depth == DEPTH_LIMIT {
            return Err(Refused);
        }
        self.position += 1;
        self.depth += 1;
        self.first = true;
        Ok(())
    }

    #[inline]
    fn advance(&mut self, bracket: u8) -> Result<bool, Refused> {
        let next = self.next_byte();
        let first = std::mem::replace(&mut self.first, false);
        if next == Some(bracket) {
            self.position += 1;
            self.depth = self.depth.saturating_sub(1);
            return Ok(false);
        }
        if first {
            return Ok(true);
        }
        if next != Some(b',') {
            return Err(Refused);
        }
        self.position += 1;
        Ok(true)
    }
}
