//! Where the files of one form are kept while they come in.

use std::fs::File;
use std::io;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use crate::http::upload::{Content, Stored, off_thread, write_at};

/// How much of one file is kept in memory.
const FILE: usize = 1 << 20;

/// How much all files of a form may take up in memory; what comes then goes to disk.
const FORM: usize = 8 << 20;

/// How much is written at once.
const BLOCK: usize = 256 << 10;

/// The files of one form: small ones in memory, all large ones in one temporary file, so that a
/// request never takes up more than one of the files a process may have open.
#[derive(Debug, Default)]
pub(super) struct Spool {
    in_memory: usize,
    file: Option<Arc<File>>,
    /// The end of what has been written.
    end: u64,
}

/// A file as it comes in; one is finished before the next begins.
#[derive(Debug, Default)]
pub(super) struct Writing {
    pending: BytesMut,
    /// Where it begins on disk, once it is there.
    start: Option<u64>,
}

impl Spool {
    /// Adds to a file.
    pub(super) async fn write(&mut self, writing: &mut Writing, data: &[u8]) -> io::Result<()> {
        for block in data.chunks(BLOCK) {
            writing.pending.extend_from_slice(block);
            let pending = writing.pending.len();
            let full = match writing.start {
                Some(_) => pending >= BLOCK,
                None => pending > FILE || self.in_memory + pending > FORM,
            };
            if full {
                self.flush(writing).await?;
            }
        }
        Ok(())
    }

    /// The content of a file that is complete.
    pub(super) async fn finish(&mut self, mut writing: Writing) -> io::Result<Content> {
        if writing.start.is_some() {
            self.flush(&mut writing).await?;
        }
        match (writing.start, &self.file) {
            (Some(start), Some(file)) => Ok(Content::Stored(Stored {
                file: Arc::clone(file),
                start,
                size: self.end - start,
            })),
            _ => {
                self.in_memory += writing.pending.len();
                // A copy, because the buffer may have grown to twice of what it holds.
                Ok(Bytes::copy_from_slice(&writing.pending).into())
            }
        }
    }

    /// Moves what has come in to disk.
    async fn flush(&mut self, writing: &mut Writing) -> io::Result<()> {
        let file = match &self.file {
            Some(file) => Arc::clone(file),
            None => {
                let file = Arc::new(off_thread(tempfile::tempfile).await?);
                Arc::clone(self.file.insert(file))
            }
        };
        let offset = self.end;
        writing.start.get_or_insert(offset);
        let pending = writing.pending.split().freeze();
        self.end += pending.len() as u64;
        off_thread(move || write_at(&file, &pending, offset)).await
    }
}
