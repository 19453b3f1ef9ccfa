//! The keys of an object, as the fast reader expects them.

use std::borrow::Cow;

use crate::json::{Reader, Refused};

/// Goes through the keys of an object, betting on the order of the fields.
#[derive(Debug)]
pub struct Keys {
    quoted: &'static [&'static str],
    next: usize,
    skips: bool,
}

impl Keys {
    /// Steps into an object with the keys `quoted`; others are skipped, or refused.
    ///
    /// # Errors
    /// [`Refused`] if there is no object.
    #[inline]
    pub fn begin(
        reader: &mut Reader<'_>,
        quoted: &'static [&'static str],
        skips: bool,
    ) -> Result<Self, Refused> {
        reader.begin_object()?;
        Ok(Self {
            quoted,
            next: 0,
            skips,
        })
    }

    /// The index of the next known key, or nothing at the end of the object.
    ///
    /// # Errors
    /// [`Refused`] if neither comes next, or an unknown key where those are refused.
    #[inline]
    pub fn next(&mut self, reader: &mut Reader<'_>) -> Result<Option<usize>, Refused> {
        if let Some(expected) = self.quoted.get(self.next)
            && reader.key_is(expected)
        {
            self.next += 1;
            return Ok(Some(self.next - 1));
        }
        self.search(reader)
    }

    fn search(&mut self, reader: &mut Reader<'_>) -> Result<Option<usize>, Refused> {
        while let Some(key) = reader.next_key()? {
            let found = self
                .quoted
                .iter()
                .position(|quoted| quoted.get(1..quoted.len() - 1) == Some(&*key));
            match found {
                Some(index) => {
                    self.next = index + 1;
                    return Ok(Some(index));
                }
                None if self.skips => reader.skip()?,
                None => return Err(Refused),
            }
        }
        Ok(None)
    }
}

/// The text under `name` in the object that comes next, which is left unread.
///
/// # Errors
/// [`Refused`] if there is no object with such a text.
pub fn tag<'a>(reader: &mut Reader<'a>, name: &str) -> Result<Cow<'a, str>, Refused> {
    let start = reader.checkpoint();
    let mut tag = None;
    reader.begin_object()?;
    while let Some(key) = reader.next_key()? {
        if key == name {
            tag = Some(reader.string()?);
        } else {
            reader.skip()?;
        }
    }
    reader.rewind(start);
    tag.ok_or(Refused)
}
