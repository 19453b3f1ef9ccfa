//! Where the bytes of an uploaded file are.

use std::fs::File;
use std::io;
use std::sync::Arc;

use bytes::Bytes;

/// The bytes of a file.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// In memory.
    Memory(Bytes),
    /// In a temporary file, which the large files of one form share.
    Stored(Stored),
}

/// A stretch of a temporary file.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) file: Arc<File>,
    pub(crate) start: u64,
    pub(crate) size: u64,
}

impl From<Bytes> for Content {
    fn from(bytes: Bytes) -> Self {
        Self::Memory(bytes)
    }
}

impl Content {
    pub(super) fn size(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::Stored(stored) => stored.size,
        }
    }

    /// The bytes from `start` on, `size` at the most.
    pub(super) async fn read(self, start: u64, size: u64) -> io::Result<Bytes> {
        match self {
            Self::Memory(bytes) => Ok(slice(&bytes, start, size)),
            Self::Stored(stored) => {
                let size = size.min(stored.size.saturating_sub(start));
                let size = usize::try_from(size).map_err(io::Error::other)?;
                off_thread(move || {
                    let mut bytes = vec![0; size];
                    let mut read = 0;
                    while read < size {
                        match stored.read_into(start + read as u64, &mut bytes[read..])? {
                            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                            more => read += more,
                        }
                    }
                    Ok(bytes.into())
                })
                .await
            }
        }
    }

    /// Copies bytes from `start` on, as many as there is room for; blocks.
    pub(super) fn read_into(&self, start: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Memory(bytes) => {
                let bytes = slice(bytes, start, buffer.len() as u64);
                buffer[..bytes.len()].copy_from_slice(&bytes);
                Ok(bytes.len())
            }
            Self::Stored(stored) => stored.read_into(start, buffer),
        }
    }
}

fn slice(bytes: &Bytes, start: u64, size: u64) -> Bytes {
    let length = bytes.len() as u64;
    let (start, end) = (start.min(length), start.saturating_add(size).min(length));
    // Both are at most the length, which is an `usize`.
    bytes.slice(start as usize..end as usize)
}

impl Stored {
    fn read_into(&self, start: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = self.size.saturating_sub(start);
        let size = usize::try_from(rest)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        read_at(
            &self.file,
            &mut buffer[..size],
            self.start.saturating_add(start),
        )
    }
}

/// Runs what blocks on a thread that may.
pub(crate) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// Writes all bytes from `offset` on; blocks.
#[cfg(unix)]
pub(crate) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

/// Writes all bytes from `offset` on; blocks.
#[cfg(windows)]
pub(crate) fn write_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, offset)?;
        bytes = &bytes[written..];
        offset += written as u64;
    }
    Ok(())
}
