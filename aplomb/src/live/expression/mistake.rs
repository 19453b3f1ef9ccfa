//! [`Mistake`]: what is wrong with an expression, and where.

use std::fmt;
use std::ops::Range;

/// What is wrong with an expression, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) message: String,
    /// Bytes until it is located, characters from then on.
    span: Range<usize>,
}

impl Mistake {
    /// A mistake in these bytes of the source.
    pub(in crate::live) fn new(message: impl Into<String>, span: Range<usize>) -> Self {
        Self {
            message: message.into(),
            span,
        }
    }

    /// A mistake that is not in one place of a text but in all of it.
    pub(crate) fn of_whole(message: impl Into<String>, source: &str) -> Self {
        Self::new(message, 0..source.len()).located(source, 0)
    }

    /// The same counted in characters, behind so many others.
    pub(in crate::live) fn located(self, source: &str, offset: usize) -> Self {
        let characters = |bytes: usize| {
            let end = source.floor_char_boundary(bytes.min(source.len()));
            source[..end].chars().count()
        };
        let (start, end) = (characters(self.span.start), characters(self.span.end));
        Self {
            message: self.message,
            span: offset + start..offset + end.max(start),
        }
    }

    /// The place of the first character of what is wrong, counted from 0.
    pub(crate) fn at(&self) -> usize {
        self.span.start
    }

    /// How many characters are wrong; 0 at the end of the text.
    pub(crate) fn length(&self) -> usize {
        self.span.len()
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} (at character {})",
            self.message,
            self.span.start + 1
        )
    }
}
