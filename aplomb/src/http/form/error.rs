//! [`FormError`]: why a body is not a form that can be taken.

use std::{error, fmt, io};

use crate::error::{Error, HttpException};
use crate::http::BodyError;
use crate::http::multipart::Malformed;
use crate::operation::unreadable;

/// Why a form cannot be taken. Handed on with `?` it is answered with 400 and the text that
/// `Display` gives, a body that is too long with 413.
#[derive(Debug)]
#[non_exhaustive]
pub enum FormError {
    /// The body could not be read.
    Body(BodyError),
    /// The content type of a multipart body names no boundary.
    MissingBoundary,
    /// The body is not what its content type says.
    Malformed,
    /// A part has no name.
    MissingName,
    /// There are more fields than this.
    TooManyFields(usize),
    /// There are more files than this.
    TooManyFiles(usize),
    /// A field of an url-encoded form has more bytes than this.
    FieldTooLarge(usize),
    /// A part that is no file has more bytes than this.
    PartTooLarge(usize),
    /// A file could not be kept on disk.
    Storage(io::Error),
}

impl fmt::Display for FormError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(error) => error.fmt(formatter),
            Self::MissingBoundary => formatter.write_str("Missing boundary in multipart."),
            Self::Malformed => formatter.write_str("Invalid multipart data."),
            Self::MissingName => formatter
                .write_str("The Content-Disposition header field \"name\" must be provided."),
            Self::TooManyFields(most) => write!(
                formatter,
                "Too many fields. Maximum number of fields is {most}."
            ),
            Self::TooManyFiles(most) => write!(
                formatter,
                "Too many files. Maximum number of files is {most}."
            ),
            Self::FieldTooLarge(most) => {
                write!(
                    formatter,
                    "Field exceeded maximum size of {}KB.",
                    most / 1024
                )
            }
            Self::PartTooLarge(most) => {
                write!(
                    formatter,
                    "Part exceeded maximum size of {}KB.",
                    most / 1024
                )
            }
            Self::Storage(error) => {
                write!(formatter, "an uploaded file could not be kept: {error}")
            }
        }
    }
}

impl error::Error for FormError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Body(error) => Some(error),
            Self::Storage(error) => Some(error),
            _ => None,
        }
    }
}

impl From<BodyError> for FormError {
    fn from(error: BodyError) -> Self {
        Self::Body(error)
    }
}

impl From<io::Error> for FormError {
    fn from(error: io::Error) -> Self {
        Self::Storage(error)
    }
}

impl From<Malformed> for FormError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

impl FormError {
    /// The answer to a form that cannot be taken; none where that is our fault.
    pub(crate) fn answer(&self) -> Option<Error> {
        match self {
            Self::Storage(_) => None,
            Self::Body(error) => Some(unreadable(error)),
            refused => Some(HttpException::bad_request(refused.to_string()).into()),
        }
    }

    pub(crate) fn into_error(self) -> Error {
        self.answer().unwrap_or_else(|| self.into())
    }
}
