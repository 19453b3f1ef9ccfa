//! The body of a request or a response.

use std::any::Any;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::TryStreamExt;
use http_body::{Frame, SizeHint};
use http_body_util::{BodyExt, StreamBody};

use super::pieces::Pieces;
use super::{After, LongText, Room};
use crate::json::Lost;
use crate::serve::Tasks;

/// Any error that may cross threads.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

pub(crate) type Frames = Pin<Box<dyn http_body::Body<Data = Bytes, Error = BoxError> + Send>>;

/// The body of a request or a response: nothing, bytes that are all there, or a stream.
///
/// ```
/// use aplomb::http::Body;
///
/// let body = Body::from("hello");
/// assert_eq!(http_body::Body::size_hint(&body).exact(), Some(5));
/// ```
#[derive(Default)]
pub struct Body {
    content: Content,
    after: Option<Box<After>>,
    ends_at_stop: bool,
}

#[derive(Default)]
enum Content {
    #[default]
    Empty,
    Full(Bytes),
    /// All there, and let go of piece by piece.
    Pieces(Pieces),
    /// Written while it is read.
    LongText(Mutex<Box<LongText>>),
    /// Locked so that a reference to a response may be held across an `await`; only looking at it
    /// from outside ever takes the lock.
    Stream(Mutex<Frames>),
}

fn own<T>(locked: &mut Mutex<T>) -> &mut T {
    locked.get_mut().unwrap_or_else(PoisonError::into_inner)
}

fn shared<T>(locked: &Mutex<T>) -> MutexGuard<'_, T> {
    locked.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why a body could not be read to its end.
#[derive(Debug)]
pub enum BodyError {
    /// It is longer than allowed.
    TooLarge,
    /// The connection or the stream behind it failed.
    Read(BoxError),
}

impl Body {
    /// A body without content.
    pub fn empty() -> Self {
        Self::default()
    }

    /// A body from any other implementation of [`http_body::Body`].
    pub fn new<B>(body: B) -> Self
    where
        B: http_body::Body + Send + 'static,
        B::Data: Into<Bytes> + Send,
        B::Error: Into<BoxError>,
    {
        // One of our own stays as it is, with the work that waits for its end.
        let mut body = Some(body);
        let own = (&mut body as &mut dyn Any).downcast_mut::<Option<Self>>();
        if let Some(own) = own.and_then(Option::take) {
            return own;
        }
        let Some(body) = body else {
            return Self::empty();
        };
        let frames = body
            .map_frame(|frame| frame.map_data(Into::into))
            .map_err(Into::into);
        Self::from_frames(Box::pin(frames))
    }

    /// A body that is all there, in pieces that are let go of one by one as they are sent.
    pub(crate) fn from_pieces(pieces: Vec<Vec<u8>>) -> Self {
        Self {
            content: Content::Pieces(Pieces::new(pieces)),
            after: None,
            ends_at_stop: false,
        }
    }

    /// A body that is written while it is read.
    pub(crate) fn from_long_text(text: LongText) -> Self {
        Self {
            content: Content::LongText(Mutex::new(Box::new(text))),
            after: None,
            ends_at_stop: false,
        }
    }

    /// A body that is boxed already.
    pub(crate) fn from_frames(frames: Frames) -> Self {
        Self {
            content: Content::Stream(Mutex::new(frames)),
            after: None,
            ends_at_stop: false,
        }
    }

    /// A body of unknown length whose pieces come from a stream.
    ///
    /// ```
    /// use aplomb::http::Body;
    ///
    /// let lines = futures_util::stream::iter(["one\n", "two\n"].map(Ok::<_, std::io::Error>));
    /// let body = Body::from_stream(lines);
    /// assert_eq!(http_body::Body::size_hint(&body).exact(), None);
    /// ```
    pub fn from_stream<S, T, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<T, E>> + Send + 'static,
        T: Into<Bytes> + 'static,
        E: Into<BoxError> + 'static,
    {
        let frames = stream
            .map_ok(|piece| Frame::data(piece.into()))
            .map_err(Into::into);
        Self::from_frames(Box::pin(StreamBody::new(frames)))
    }

    /// The whole content, if it is already there.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.content {
            Content::Empty => Some(&[]),
            Content::Full(bytes) => Some(bytes),
            Content::Pieces(_) | Content::LongText(_) | Content::Stream(_) => None,
        }
    }

    /// Reads the body to its end; bytes that came in one piece are not copied.
    ///
    /// # Errors
    /// [`BodyError::TooLarge`] above `limit` bytes, at once if the length was announced;
    /// [`BodyError::Read`] if the sender fails.
    pub async fn collect(mut self, limit: usize) -> Result<Bytes, BodyError> {
        let mut frames = match std::mem::take(&mut self.content) {
            Content::Empty => return Ok(Bytes::new()),
            Content::Full(bytes) if bytes.len() > limit => return Err(BodyError::TooLarge),
            Content::Full(bytes) => return Ok(bytes),
            Content::Pieces(pieces) if pieces.left() > limit => return Err(BodyError::TooLarge),
            Content::Pieces(pieces) => return Ok(pieces.join()),
            Content::LongText(text) => {
                Box::into_pin(text.into_inner().unwrap_or_else(PoisonError::into_inner))
            }
            Content::Stream(frames) => frames.into_inner().unwrap_or_else(PoisonError::into_inner),
        };
        let announced = usize::try_from(frames.size_hint().lower()).unwrap_or(usize::MAX);
        if announced > limit {
            return Err(BodyError::TooLarge);
        }
        let mut first = Bytes::new();
        let mut joined = BytesMut::new();
        while let Some(frame) = poll_fn(|context| frames.as_mut().poll_frame(context)).await {
            let Ok(piece) = frame.map_err(BodyError::from)?.into_data() else {
                continue;
            };
            if first.len() + joined.len() + piece.len() > limit {
                return Err(BodyError::TooLarge);
            }
            if first.is_empty() && joined.is_empty() {
                first = piece;
            } else {
                if joined.is_empty() {
                    joined.reserve(announced.max(first.len() + piece.len()));
                    joined.extend_from_slice(&std::mem::take(&mut first));
                }
                joined.extend_from_slice(&piece);
            }
            // Where that is known at once nobody has to be asked for it.
            if frames.is_end_stream() {
                break;
            }
        }
        Ok(if joined.is_empty() {
            first
        } else {
            joined.freeze()
        })
    }

    /// The next bytes of the body, nothing at its end.
    pub(crate) async fn next_piece(&mut self) -> Option<Result<Bytes, BodyError>> {
        let frames = match &mut self.content {
            Content::Stream(frames) => own(frames),
            Content::Pieces(pieces) => return pieces.next().map(Ok),
            Content::LongText(text) => {
                let piece = own(text).next()?;
                return Some(piece.map_err(|lost| BodyError::Read(lost.into())));
            }
            content => {
                return match std::mem::take(content) {
                    Content::Full(bytes) if !bytes.is_empty() => Some(Ok(bytes)),
                    _ => None,
                };
            }
        };
        loop {
            let frame = poll_fn(|context| frames.as_mut().poll_frame(context)).await?;
            match frame.map(Frame::into_data) {
                Ok(Ok(piece)) => return Some(Ok(piece)),
                Ok(Err(_)) => {}
                Err(error) => return Some(Err(error.into())),
            }
        }
    }

    /// Puts something around the frames of a body that is still being made.
    pub(crate) fn around_stream(&mut self, around: impl FnOnce(Frames) -> Frames) {
        let frames = match std::mem::take(&mut self.content) {
            Content::Stream(frames) => frames.into_inner().unwrap_or_else(PoisonError::into_inner),
            Content::LongText(text) => {
                Box::into_pin(text.into_inner().unwrap_or_else(PoisonError::into_inner))
            }
            content => {
                self.content = content;
                return;
            }
        };
        self.content = Content::Stream(Mutex::new(around(frames)));
    }

    /// How many bytes are all there; none of a body that is still being made.
    pub(crate) fn complete(&self) -> Option<usize> {
        match &self.content {
            Content::Empty => Some(0),
            Content::Full(bytes) => Some(bytes.len()),
            Content::Pieces(pieces) => Some(pieces.left()),
            Content::LongText(_) | Content::Stream(_) => None,
        }
    }

    /// Puts what sends a text ahead of its reader in the place of one that is still being written;
    /// false of any other body.
    pub(crate) fn around_long_text(
        &mut self,
        around: impl FnOnce(Box<LongText>) -> Frames,
    ) -> bool {
        match std::mem::take(&mut self.content) {
            Content::LongText(text) => {
                let text = text.into_inner().unwrap_or_else(PoisonError::into_inner);
                self.content = Content::Stream(Mutex::new(around(text)));
                true
            }
            content => {
                self.content = content;
                false
            }
        }
    }

    /// Leaves the room that it was made in to a text that is still being written.
    pub(crate) fn keep(&mut self, room: Room) {
        if let Content::LongText(text) = &mut self.content {
            own(text).keep(room);
        }
    }

    /// Writes a text to its end that is still being written; whether a float was in it that JSON
    /// cannot spell.
    ///
    /// # Errors
    /// Where a model is not written the same way twice.
    pub(crate) fn finish(&mut self) -> Result<bool, Lost> {
        match std::mem::take(&mut self.content) {
            Content::LongText(text) => {
                let text = text.into_inner().unwrap_or_else(PoisonError::into_inner);
                let (pieces, non_finite) = text.finish()?;
                self.content = Content::Pieces(pieces);
                Ok(non_finite)
            }
            content => {
                self.content = content;
                Ok(false)
            }
        }
    }

    /// Adds work that runs once this body has been sent or given up.
    pub(crate) fn run_after(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        self.after.get_or_insert_default().push(task);
    }

    /// Adds all work of another body.
    pub(crate) fn run_all_after(&mut self, after: After) {
        self.after.get_or_insert_default().append(after);
    }

    /// Says what server the work is of, where there is any.
    pub(crate) fn serve_after_by(&mut self, server: impl FnOnce() -> Tasks) {
        if let Some(after) = &mut self.after {
            after.serve_by(server());
        }
    }

    /// Lets a server that stops end this body between two frames, because clients ask for the rest
    /// again.
    pub(crate) fn end_at_stop(&mut self) {
        self.ends_at_stop = true;
    }

    /// Whether a server that stops may end this body between two frames.
    pub(crate) fn ends_at_stop(&self) -> bool {
        self.ends_at_stop
    }

    /// Takes the work out, for a carrier that runs it itself.
    pub(crate) fn take_after(&mut self) -> Option<After> {
        self.after.take().map(|after| *after)
    }

    /// Moves the work of another body to this one.
    pub(crate) fn adopt_after(&mut self, other: &mut Self) {
        if let Some(after) = other.after.take() {
            self.run_all_after(*after);
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.content {
            Content::Empty => Poll::Ready(None),
            Content::Full(bytes) => {
                let bytes = std::mem::take(bytes);
                self.content = Content::Empty;
                Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
            }
            Content::Pieces(pieces) => {
                Poll::Ready(pieces.next().map(|piece| Ok(Frame::data(piece))))
            }
            Content::LongText(text) => Pin::new(&mut **own(text)).poll_frame(context),
            Content::Stream(frames) => own(frames).as_mut().poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.content {
            Content::Empty => true,
            Content::Full(bytes) => bytes.is_empty(),
            Content::Pieces(pieces) => pieces.left() == 0,
            Content::LongText(text) => shared(text).is_end_stream(),
            Content::Stream(frames) => shared(frames).is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Empty => SizeHint::with_exact(0),
            Content::Full(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::Pieces(pieces) => SizeHint::with_exact(pieces.left() as u64),
            Content::LongText(text) => shared(text).size_hint(),
            Content::Stream(frames) => shared(frames).size_hint(),
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self {
            content: Content::Full(bytes),
            after: None,
            ends_at_stop: false,
        }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl From<&'static [u8]> for Body {
    fn from(bytes: &'static [u8]) -> Self {
        Bytes::from_static(bytes).into()
    }
}

impl From<()> for Body {
    fn from((): ()) -> Self {
        Self::empty()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::Empty => f.write_str("Body::Empty"),
            Content::Full(bytes) => f.debug_tuple("Body::Full").field(&bytes.len()).finish(),
            Content::Pieces(pieces) => f.debug_tuple("Body::Pieces").field(&pieces.left()).finish(),
            Content::LongText(_) => f.write_str("Body::LongText"),
            Content::Stream(_) => f.write_str("Body::Stream"),
        }
    }
}

impl From<BoxError> for BodyError {
    fn from(error: BoxError) -> Self {
        match error.downcast::<Self>() {
            Ok(own) => *own,
            Err(error) if error.is::<http_body_util::LengthLimitError>() => Self::TooLarge,
            Err(error) => Self::Read(error),
        }
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("the body is longer than allowed"),
            Self::Read(error) => write!(f, "the body could not be read: {error}"),
        }
    }
}

impl std::error::Error for BodyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::TooLarge => None,
            Self::Read(error) => Some(error.as_ref()),
        }
    }
}
