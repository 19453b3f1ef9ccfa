//! [`StreamingResponse`]: a stream of bytes as they come.

use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

use super::sent::{self, Form, Sending};
use super::{Blocking, StreamItem, items};
use crate::http::{Body, Response};
use crate::operation::{ResponseClass, ResponseSettings};

/// How much is read at once.
const PIECE: usize = 64 << 10;

/// The response class of streams that are sent as they come: text and bytes, without a
/// `content-type`. FastAPI's `StreamingResponse`.
///
/// A class of your own adds the media type:
///
/// ```
/// use aplomb::prelude::*;
/// use bytes::Bytes;
///
/// struct Png;
///
/// impl ResponseClass for Png {
///     const MEDIA_TYPE: Option<&'static str> = Some("image/png");
/// }
///
/// #[get("/image", response_class = Png)]
/// fn stream_image() -> impl Iterator<Item = Bytes> {
///     [Bytes::from_static(b"\x89PNG"), Bytes::from_static(b"\r\n")].into_iter()
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct StreamingResponse;

impl ResponseClass for StreamingResponse {
    const MEDIA_TYPE: Option<&'static str> = None;
}

impl Response {
    /// A stream of text or bytes, sent as they come and no faster than the client reads.
    ///
    /// ```
    /// use aplomb::http::Response;
    /// use futures_util::stream;
    ///
    /// let words = stream::iter(["some ", "words"].map(str::to_owned));
    /// let response = Response::stream(words).content_type("video/mp4");
    /// assert!(response.body().as_bytes().is_none());
    /// ```
    pub fn stream<S: Stream<Item: StreamItem> + Send + 'static>(stream: S) -> Self {
        let settings = ResponseSettings::default();
        Sending::new(items(stream), Form::Raw, &settings, sent::write_as_is)
            .into_response(None, &settings)
    }

    /// The text or bytes of an iterator that may block, such as the lines of a file; it runs where
    /// that hurts nobody.
    pub fn iterator<I>(items: I) -> Self
    where
        I: IntoIterator<IntoIter: Send + 'static, Item: StreamItem>,
    {
        Self::stream(Blocking::new(items.into_iter()))
    }

    /// All that a reader gives that may block, such as a [`File`](std::fs::File); it is read where
    /// that hurts nobody.
    pub fn blocking_reader(reader: impl Read + Send + 'static) -> Self {
        Self::iterator(Pieces(reader))
    }

    /// All that a reader gives, such as a `tokio::fs::File` or the answer of another service.
    pub fn reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::new(Body::from_stream(Reading {
            reader: Box::pin(reader),
            buffer: BytesMut::new(),
        }))
    }
}

/// The pieces of a reader that may block.
struct Pieces<R>(R);

impl<R: Read> Iterator for Pieces<R> {
    type Item = io::Result<Bytes>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut piece = vec![0; PIECE];
        loop {
            return match self.0.read(&mut piece) {
                Ok(0) => None,
                Ok(length) => {
                    piece.truncate(length);
                    Some(Ok(piece.into()))
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => Some(Err(error)),
            };
        }
    }
}

/// The pieces of a reader.
struct Reading<R> {
    reader: Pin<Box<R>>,
    buffer: BytesMut,
}

impl<R: AsyncRead> Stream for Reading<R> {
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.buffer.is_empty() {
            this.buffer.resize(PIECE, 0);
        }
        let mut piece = ReadBuf::new(&mut this.buffer);
        ready!(this.reader.as_mut().poll_read(context, &mut piece))?;
        let length = piece.filled().len();
        if length == 0 {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(Ok(this.buffer.split_to(length).freeze())))
    }
}
