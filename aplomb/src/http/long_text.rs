//! A long text that is written while it is read.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;

use super::pieces::{self, Pieces};
use super::{BoxError, Room};
use crate::json::{Lost, Writer};

/// Writes a whole text, always the same.
type Write = Box<dyn FnMut(&mut Writer) + Send>;

/// A text whose beginning is written, and what the rest of it is written from.
pub(crate) struct LongText {
    ready: VecDeque<Bytes>,
    writer: Writer,
    /// Goes with what it holds as soon as all is written, which may be long before it is read.
    write: Option<Write>,
    /// What is promised of it, if its length was.
    room: Option<Room>,
}

impl LongText {
    /// A text that has paused in `writer`, and `write`, which wrote it.
    pub(crate) fn new(mut writer: Writer, write: impl FnMut(&mut Writer) + Send + 'static) -> Self {
        let ready = writer.take_pieces();
        Self {
            ready: ready.into_iter().map(pieces::counted).collect(),
            writer,
            write: Some(Box::new(write)),
            room: None,
        }
    }

    /// Keeps the room that it was made in until it is written.
    pub(crate) fn keep(&mut self, mut room: Room) {
        let ready = self.ready.iter().map(Bytes::len);
        room.wrote(ready.sum());
        self.room = Some(room);
    }

    /// Gives its room to others: from here on it is written no faster than it is read.
    pub(crate) fn pause(&mut self) {
        self.room = None;
    }

    /// The next piece; a little of the text is written, if none is ready.
    ///
    /// # Errors
    /// [`Lost`] where a model is not written the same way twice.
    pub(crate) fn next(&mut self) -> Option<Result<Bytes, Lost>> {
        if let Some(piece) = self.ready.pop_front() {
            return Some(Ok(piece));
        }
        let write = self.write.as_mut()?;
        let written = self.writer.resume(write);
        if let (Ok(piece), Some(room)) = (&written, &mut self.room) {
            room.wrote(piece.len());
        }
        if !self.writer.is_paused() {
            self.write = None;
            if let Some(room) = self.room.take() {
                room.finish();
            }
        }
        if let Err(lost) = written {
            tracing::error!("a long answer breaks off: {lost}");
        }
        Some(written.map(pieces::counted))
    }

    /// Writes all that is left; whether a float was among it that JSON cannot spell.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    pub(crate) fn finish(mut self) -> Result<(Pieces, bool), Lost> {
        let mut pieces = VecDeque::new();
        while let Some(piece) = self.next() {
            pieces.push_back(piece?);
        }
        Ok((Pieces::from(pieces), self.writer.wrote_non_finite()))
    }
}

impl http_body::Body for LongText {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.pause();
        let piece = self.next();
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece?))))
    }

    fn is_end_stream(&self) -> bool {
        self.ready.is_empty() && self.write.is_none()
    }
}
