//! A file that is open, with what is known of it.

use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::HeaderValue;
use md5::{Digest as _, Md5};

/// Content up to this length is read at once, and longer content in pieces of this length.
pub(super) const PIECE: usize = 64 * 1024;

/// Where the bytes of a file are.
#[derive(Debug)]
pub(super) enum Source {
    /// In memory, all of them.
    Memory(Bytes),
    /// Still in the file.
    File(File),
}

/// A regular file that is open, its length and its time of change.
#[derive(Debug)]
pub(crate) struct OpenedFile {
    pub(super) source: Source,
    pub(super) length: u64,
    modified: SystemTime,
}

impl OpenedFile {
    /// Opens a file, and reads it where it is short and `read` says so. This blocks.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidInput`] where it is no regular file, or why it cannot be opened.
    pub(crate) fn open(path: &Path, read: bool) -> io::Result<Self> {
        // Looked at first, because opening a pipe would wait for somebody to write to it.
        regular(&std::fs::metadata(path)?)?;
        Self::new(File::open(path)?, read)
    }

    /// A file that is open already. This blocks.
    ///
    /// # Errors
    /// As [`OpenedFile::open`].
    pub(crate) fn new(mut file: File, read: bool) -> io::Result<Self> {
        let metadata = file.metadata()?;
        regular(&metadata)?;
        let (length, modified) = (metadata.len(), metadata.modified()?);
        let source = if read && length <= PIECE as u64 {
            let mut content = Vec::with_capacity(PIECE.min(length as usize));
            file.by_ref().take(length).read_to_end(&mut content)?;
            if content.len() as u64 != length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            Source::Memory(content.into())
        } else {
            Source::File(file)
        };
        Ok(Self {
            source,
            length,
            modified,
        })
    }

    /// The `etag`: the MD5 sum of time and length as Python writes them, in quotes.
    pub(super) fn etag(&self) -> HeaderValue {
        let seconds = match self.modified.duration_since(UNIX_EPOCH) {
            Ok(after) => seconds(after),
            Err(before) => -seconds(before.duration()),
        };
        let sum = Md5::digest(format!("{seconds:?}-{}", self.length));
        let digits: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
        header(format!("\"{digits}\""))
    }

    /// The `last-modified`, in whole seconds.
    pub(super) fn last_modified(&self) -> HeaderValue {
        header(httpdate::fmt_http_date(self.modified_second()))
    }

    /// The second it was changed in, kept where HTTP dates can tell of it.
    pub(super) fn modified_second(&self) -> SystemTime {
        /// The last second of the year 9999.
        const LAST: u64 = 253_402_300_799;
        let since = self.modified.duration_since(UNIX_EPOCH);
        let seconds = since.map_or(0, |since| since.as_secs().min(LAST));
        UNIX_EPOCH + Duration::from_secs(seconds)
    }
}

/// Seconds as Python's `st_mtime` counts them.
fn seconds(since: Duration) -> f64 {
    since.as_secs() as f64 + 1e-9 * f64::from(since.subsec_nanos())
}

fn regular(metadata: &Metadata) -> io::Result<()> {
    match metadata.is_file() {
        true => Ok(()),
        false => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is not a file",
        )),
    }
}

/// Text of our own that may stand in a header.
fn header(text: String) -> HeaderValue {
    match HeaderValue::try_from(text) {
        Ok(value) => value,
        Err(_) => unreachable!("hexadecimal digits and dates may stand in a header"),
    }
}
