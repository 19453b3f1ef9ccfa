//! A body whose pieces are read from a file on threads that may block.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::task::JoinHandle;

use super::opened::PIECE;
use crate::http::BoxError;

/// One part of a body.
#[derive(Debug)]
pub(super) enum Piece {
    /// Bytes that are there.
    Bytes(Bytes),
    /// A stretch of the file, from and up to but without.
    File(u64, u64),
}

impl Piece {
    fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(start, end) => end - start,
        }
    }
}

/// A body of parts, at most one stretch of [`PIECE`] bytes of which is in memory.
#[derive(Debug)]
pub(super) struct Pieces {
    parts: VecDeque<Piece>,
    left: u64,
    reader: Reader,
}

#[derive(Debug)]
enum Reader {
    Idle(File),
    Busy(JoinHandle<(File, io::Result<Bytes>)>),
    Gone,
}

impl Pieces {
    pub(super) fn new(file: File, parts: impl IntoIterator<Item = Piece>) -> Self {
        let parts: VecDeque<Piece> = parts.into_iter().collect();
        Self {
            left: parts.iter().map(Piece::length).sum(),
            parts,
            reader: Reader::Idle(file),
        }
    }

    /// The next bytes of the stretch that is first in line.
    fn poll_file(
        &mut self,
        context: &mut Context<'_>,
        start: u64,
        end: u64,
    ) -> Poll<Result<Bytes, BoxError>> {
        loop {
            match std::mem::replace(&mut self.reader, Reader::Gone) {
                Reader::Idle(file) => {
                    let length = (end - start).min(PIECE as u64) as usize;
                    let task = tokio::task::spawn_blocking(move || read(file, start, length));
                    self.reader = Reader::Busy(task);
                }
                Reader::Busy(mut task) => {
                    let Poll::Ready(done) = Pin::new(&mut task).poll(context) else {
                        self.reader = Reader::Busy(task);
                        return Poll::Pending;
                    };
                    let (file, bytes) = done?;
                    self.reader = Reader::Idle(file);
                    let bytes = bytes?;
                    match start + bytes.len() as u64 {
                        next if next < end => self.parts[0] = Piece::File(next, end),
                        _ => drop(self.parts.pop_front()),
                    }
                    return Poll::Ready(Ok(bytes));
                }
                Reader::Gone => return Poll::Ready(Err("the file is gone".into())),
            }
        }
    }
}

/// Reads this many bytes, no fewer: an answer that has announced its length cannot be shorter.
fn read(mut file: File, start: u64, length: usize) -> (File, io::Result<Bytes>) {
    let mut bytes = vec![0; length];
    let result = file
        .seek(SeekFrom::Start(start))
        .and_then(|_| file.read_exact(&mut bytes));
    (file, result.map(|()| bytes.into()))
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let bytes = match self.parts.front_mut() {
            None => return Poll::Ready(None),
            Some(Piece::Bytes(bytes)) => {
                let bytes = std::mem::take(bytes);
                self.parts.pop_front();
                bytes
            }
            Some(Piece::File(start, end)) => {
                let (start, end) = (*start, *end);
                match ready!(self.poll_file(context, start, end)) {
                    Ok(bytes) => bytes,
                    Err(error) => {
                        self.parts.clear();
                        return Poll::Ready(Some(Err(error)));
                    }
                }
            }
        };
        self.left -= bytes.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.parts.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
