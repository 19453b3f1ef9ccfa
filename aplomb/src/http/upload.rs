//! [`UploadFile`]: a file that came with a form.

mod content;

use std::fmt;
use std::io::{self, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};

pub(crate) use content::{Content, Stored, off_thread, write_at};

/// A file that came with a form: FastAPI's `UploadFile`.
///
/// Up to 1 MiB is kept in memory, and what is larger in a temporary file that goes away with the
/// last handle; reading and writing it happens off the threads that answer requests. Clones are
/// handles on the same file and share its position.
///
/// ```
/// use aplomb::prelude::*;
/// use aplomb::testing::TestClient;
///
/// #[post("/uploadfile/")]
/// async fn create_upload_file(file: UploadFile) -> Result<Value> {
///     let start = file.read(4).await?;
///     let rest = file.read_all().await?;
///     Ok(json!([file.filename(), file.size(), start.len(), rest.len()]))
/// }
///
/// let client = TestClient::new(App::new().routes(routes![create_upload_file]));
/// let answer = client.post("/uploadfile/").file("file", "notes.txt", "some notes").send();
/// answer.assert_json(200, json!(["notes.txt", 10, 4, 6]));
/// ```
#[derive(Clone)]
pub struct UploadFile {
    inner: Arc<Inner>,
}

struct Inner {
    filename: String,
    headers: HeaderMap,
    size: u64,
    open: Mutex<Open>,
    /// The whole content, once an argument of bytes has asked for it.
    loaded: OnceLock<Bytes>,
}

/// What goes away when the file is closed, and where the next read begins.
struct Open {
    content: Option<Content>,
    position: u64,
}

impl UploadFile {
    /// A file of this name and content, as a test hands it to a handler.
    pub fn new(filename: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self::received(
            filename.into(),
            HeaderMap::new(),
            Content::from(content.into()),
        )
    }

    /// The same with a content type.
    ///
    /// # Panics
    /// When HTTP does not allow the content type, or when there are other handles on the file.
    #[must_use]
    #[track_caller]
    pub fn with_content_type(mut self, content_type: &str) -> Self {
        let Ok(value) = HeaderValue::from_str(content_type) else {
            panic!("`{content_type}` is no content type");
        };
        let Some(inner) = Arc::get_mut(&mut self.inner) else {
            panic!("`{}` has been handed out already", self.inner.filename);
        };
        inner.headers.insert(CONTENT_TYPE, value);
        self
    }

    /// A file out of a form.
    pub(crate) fn received(filename: String, headers: HeaderMap, content: Content) -> Self {
        let inner = Inner {
            filename,
            headers,
            size: content.size(),
            open: Mutex::new(Open {
                content: Some(content),
                position: 0,
            }),
            loaded: OnceLock::new(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// The name the client gave it: text to show, and never a path to write to.
    pub fn filename(&self) -> &str {
        &self.inner.filename
    }

    /// What the client says it is; nothing checks that.
    pub fn content_type(&self) -> Option<&str> {
        self.inner.headers.get(CONTENT_TYPE)?.to_str().ok()
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.inner.size
    }

    /// The headers of its part of the form.
    pub fn headers(&self) -> &HeaderMap {
        &self.inner.headers
    }

    /// The next bytes, `size` at the most; nothing at the end.
    ///
    /// ```
    /// # use aplomb::http::UploadFile;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let file = UploadFile::new("numbers.txt", "123456");
    /// let mut sum = 0;
    /// loop {
    ///     let piece = file.read(4).await?;
    ///     if piece.is_empty() {
    ///         break;
    ///     }
    ///     sum += piece.iter().map(|digit| u64::from(digit - b'0')).sum::<u64>();
    /// }
    /// assert_eq!(sum, 21);
    /// # Ok::<(), std::io::Error>(())
    /// # })?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the file is closed, or cannot be read.
    pub async fn read(&self, size: usize) -> io::Result<Bytes> {
        let (content, start) = self.advance(size as u64)?;
        content.read(start, size as u64).await
    }

    /// Everything from the position to the end.
    ///
    /// # Errors
    /// When the file is closed, or cannot be read.
    pub async fn read_all(&self) -> io::Result<Bytes> {
        let (content, start) = self.advance(u64::MAX)?;
        content.read(start, u64::MAX).await
    }

    /// The whole content, wherever the position is, which stays there.
    ///
    /// # Errors
    /// When the file is closed, or cannot be read.
    pub async fn bytes(&self) -> io::Result<Bytes> {
        let content = self.content()?;
        content.read(0, u64::MAX).await
    }

    /// Moves the position; reading beyond the end gives nothing.
    ///
    /// # Errors
    /// When the file is closed, or the position would be before its beginning.
    pub async fn seek(&self, position: SeekFrom) -> io::Result<u64> {
        self.move_to(position)
    }

    /// Ends reading, and frees what the file takes up. Dropping the last handle does so too.
    pub async fn close(&self) {
        self.open().content = None;
    }

    /// Writes the whole content to a file of this name, which is made or replaced.
    ///
    /// # Errors
    /// When the file is closed, or either file fails.
    pub async fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let (file, path) = (self.whole()?, path.as_ref().to_owned());
        off_thread(move || {
            let mut target = std::fs::File::create(path)?;
            io::copy(&mut file.reader(), &mut target).map(drop)
        })
        .await
    }

    /// A reader for code that blocks; it shares the position.
    ///
    /// ```
    /// use std::io::BufRead as _;
    /// use aplomb::http::UploadFile;
    ///
    /// let file = UploadFile::new("lines.txt", "one\ntwo\n");
    /// let lines = std::io::BufReader::new(file.reader()).lines();
    /// assert_eq!(lines.count(), 2);
    /// ```
    pub fn reader(&self) -> UploadReader {
        UploadReader(self.clone())
    }

    /// Another handle on the content, with a position of its own at the beginning.
    fn whole(&self) -> io::Result<Self> {
        let content = self.content()?;
        Ok(Self::received(String::new(), HeaderMap::new(), content))
    }

    /// Whether nothing was chosen where a browser asks for a file.
    pub(crate) fn is_empty(&self) -> bool {
        self.inner.filename.is_empty() && self.inner.size == 0
    }

    /// Gets the whole content ready for [`loaded`](Self::loaded).
    pub(crate) async fn load(&self) -> io::Result<()> {
        if self.inner.loaded.get().is_none() {
            let content = self.bytes().await?;
            let _ = self.inner.loaded.set(content);
        }
        Ok(())
    }

    /// The whole content, if it has been asked for.
    pub(crate) fn loaded(&self) -> Option<&Bytes> {
        self.inner.loaded.get()
    }

    fn content(&self) -> io::Result<Content> {
        self.open().content.clone().ok_or_else(closed)
    }

    /// The content and the position, which moves on by `size` or to the end.
    fn advance(&self, size: u64) -> io::Result<(Content, u64)> {
        let mut open = self.open();
        let content = open.content.clone().ok_or_else(closed)?;
        let start = open.position;
        let end = start.saturating_add(size).min(self.inner.size);
        open.position = end.max(start);
        Ok((content, start))
    }

    fn move_to(&self, position: SeekFrom) -> io::Result<u64> {
        let mut open = self.open();
        if open.content.is_none() {
            return Err(closed());
        }
        let moved = match position {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.inner.size.checked_add_signed(offset),
            SeekFrom::Current(offset) => open.position.checked_add_signed(offset),
        };
        let before = || io::Error::new(io::ErrorKind::InvalidInput, "no such position in a file");
        open.position = moved.ok_or_else(before)?;
        Ok(open.position)
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.inner
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn closed() -> io::Error {
    io::Error::other("the uploaded file is closed")
}

/// Name, size and type only: what is in a file does not belong in a log.
impl fmt::Debug for UploadFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UploadFile")
            .field("filename", &self.filename())
            .field("size", &self.size())
            .field("content_type", &self.content_type())
            .finish()
    }
}

/// Reads an [`UploadFile`] by blocking; made by [`UploadFile::reader`].
#[derive(Clone, Debug)]
pub struct UploadReader(UploadFile);

impl io::Read for UploadReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (content, start) = self.0.advance(buffer.len() as u64)?;
        content.read_into(start, buffer)
    }
}

impl io::Seek for UploadReader {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.0.move_to(position)
    }
}
