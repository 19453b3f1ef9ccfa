//! [`FileResponse`]: a file as the answer.

mod asked;
mod opened;
mod pieces;
mod ranges;
mod send;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use http::header::{ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

pub(crate) use asked::Asked;
pub(crate) use opened::OpenedFile;

use super::status::IntoStatus;
use super::{Body, Request, Response, media_type};
use crate::error::Result;
use crate::openapi::Schemas;
use crate::operation::{Content, Description, IntoResponse, ResponseClass, ResponseSettings};

/// What Python's `quote` leaves alone in a file name.
const QUOTED_IN_NAME: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~')
    .remove(b'/');

/// A file as the answer, sent in pieces, with `etag`, `last-modified`, and the parts that a
/// `Range` header asks for.
///
/// The file is opened when the answer is made, on a thread that may block; one that is not there
/// is a fault of the service, answered with 500. Its type is guessed from its name, as Python's
/// `mimetypes` does. Never make the path from what a client sent: that is what
/// [`StaticFiles`](crate::StaticFiles) is for.
///
/// ```
/// use aplomb::prelude::*;
/// use aplomb::testing::TestClient;
///
/// #[get("/report")]
/// async fn read_report() -> FileResponse {
///     FileResponse::new("Cargo.toml").filename("report.txt")
/// }
///
/// let client = TestClient::new(App::new().routes(routes![read_report]));
/// let answer = client.get("/report").header("range", "bytes=0-8").send();
/// assert_eq!(answer.status(), 206);
/// assert_eq!(answer.text(), "[package]");
/// assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
/// ```
#[derive(Clone, Debug)]
pub struct FileResponse {
    path: PathBuf,
    filename: Option<String>,
    content_disposition_type: &'static str,
    media_type: Option<String>,
    status: Option<StatusCode>,
    headers: HeaderMap,
    conditional: bool,
}

/// What is left to do for a response that came from a file.
#[derive(Clone, Debug)]
struct Unopened {
    path: PathBuf,
    conditional: bool,
}

/// A file that could not be sent.
#[derive(Debug)]
pub(crate) struct FileError {
    path: PathBuf,
    error: io::Error,
}

impl FileResponse {
    /// The file at this path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            filename: None,
            content_disposition_type: "attachment",
            media_type: None,
            status: None,
            headers: HeaderMap::new(),
            conditional: false,
        }
    }

    /// The name to save it under, which also tells its type.
    #[must_use]
    pub fn filename(mut self, filename: impl Into<String>) -> Self {
        self.filename = Some(filename.into());
        self
    }

    /// What to do with a file that has a [`filename`](Self::filename): `attachment`, which saves
    /// it, unless said otherwise; or `inline`.
    #[must_use]
    pub fn content_disposition_type(mut self, disposition: &'static str) -> Self {
        self.content_disposition_type = disposition;
        self
    }

    /// A type other than the one its name tells.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// A status other than the route's; with one that is not 200, `Range` is not looked at.
    ///
    /// # Panics
    /// If it is not between 100 and 999.
    #[must_use]
    pub fn status(mut self, status: impl IntoStatus) -> Self {
        self.status = Some(status.into_status());
        self
    }

    /// Adds a header.
    ///
    /// # Panics
    /// If the name or the value may not stand in a header; use [`Response::headers_mut`] for
    /// values that come from outside.
    #[must_use]
    pub fn header<N, V>(mut self, name: N, value: V) -> Self
    where
        N: TryInto<HeaderName>,
        V: TryInto<HeaderValue>,
    {
        let (Ok(name), Ok(value)) = (name.try_into(), value.try_into()) else {
            panic!("this name or value may not stand in a header");
        };
        self.headers.append(name, value);
        self
    }

    /// Answers 304 where `If-None-Match` or `If-Modified-Since` says that the client has the file
    /// as it is. [`StaticFiles`](crate::StaticFiles) do; a file response, as FastAPI's, does not
    /// unless told to.
    #[must_use]
    pub fn conditional(mut self, conditional: bool) -> Self {
        self.conditional = conditional;
        self
    }

    /// The answer to this request, for middleware and tower services: a handler returns the file
    /// itself.
    ///
    /// # Errors
    /// That the file is not there, is no file or cannot be read.
    pub async fn answer(self, request: &Request) -> Result<Response> {
        Response::from(self).opened(&Asked::by(request)).await
    }

    fn content_type(&self) -> HeaderValue {
        let guessed = || {
            let path = self.path.to_string_lossy();
            media_type::of_name(self.filename.as_deref().unwrap_or(&path))
        };
        let media_type = self.media_type.as_deref().unwrap_or_else(guessed);
        HeaderValue::try_from(&*media_type::content_type(media_type))
            .unwrap_or(HeaderValue::from_static("application/octet-stream"))
    }

    fn content_disposition(&self) -> Option<HeaderValue> {
        let filename = self.filename.as_deref()?;
        let disposition = self.content_disposition_type;
        let quoted = utf8_percent_encode(filename, QUOTED_IN_NAME).to_string();
        let value = match quoted == filename {
            true => format!("{disposition}; filename=\"{filename}\""),
            false => format!("{disposition}; filename*=utf-8''{quoted}"),
        };
        HeaderValue::try_from(value).ok()
    }
}

/// The head of the answer; the file is opened, and the rest filled in, once the request is known.
impl From<FileResponse> for Response {
    fn from(file: FileResponse) -> Self {
        let mut response = Self::new(Body::empty());
        if let Some(status) = file.status {
            response.set_status(status);
        }
        let (content_type, disposition) = (file.content_type(), file.content_disposition());
        let headers = response.headers_mut();
        headers.remove(CONTENT_LENGTH);
        headers.insert(CONTENT_TYPE, content_type);
        headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        if let Some(disposition) = disposition {
            headers.insert(CONTENT_DISPOSITION, disposition);
        }
        // What was given takes the place of what was made.
        headers.extend(file.headers);
        response.extensions_mut().insert(Unopened {
            path: file.path,
            conditional: file.conditional,
        });
        response
    }
}

impl Response {
    /// The response with the file it promises, if it does.
    pub(crate) async fn opened(mut self, asked: &Asked) -> Result<Self> {
        let Some(Unopened { path, conditional }) = self.extensions_mut().remove() else {
            return Ok(self);
        };
        let read = !asked.only_head();
        let file = opened(path, move |path| OpenedFile::open(path, read)).await?;
        Ok(send::send(self, file, asked, conditional))
    }

    /// The answer with a file that is open already.
    pub(crate) fn with_file(
        mut self,
        file: OpenedFile,
        request: &Request,
        conditional: bool,
    ) -> Self {
        self.extensions_mut().remove::<Unopened>();
        send::send(self, file, &Asked::by(request), conditional)
    }

    /// Whether a file is still to be filled in.
    pub(crate) fn promises_file(&self) -> bool {
        self.extensions().get::<Unopened>().is_some()
    }
}

/// Opens a file on a thread that may block.
async fn opened(
    path: PathBuf,
    open: impl FnOnce(&Path) -> io::Result<OpenedFile> + Send + 'static,
) -> std::result::Result<OpenedFile, FileError> {
    let task = tokio::task::spawn_blocking(move || match open(&path) {
        Ok(file) => Ok(file),
        Err(error) => Err(FileError { path, error }),
    });
    match task.await {
        Ok(result) => result,
        Err(error) => Err(FileError {
            path: PathBuf::new(),
            error: io::Error::other(error),
        }),
    }
}

impl IntoResponse for FileResponse {
    fn into_response(self, settings: &ResponseSettings) -> Result<Response> {
        let status = self.status.unwrap_or(settings.status);
        Ok(Response::from(self).status(status))
    }

    /// As FastAPI documents a response class without a media type of its own: without content.
    fn describe(_: &mut Schemas) -> Description {
        Description {
            decided: true,
            ..Description::default()
        }
    }
}

/// The result is the path.
impl ResponseClass for FileResponse {
    const MEDIA_TYPE: Option<&'static str> = None;

    fn respond(content: &Content<'_>) -> Result<Response> {
        let path = content.text()?;
        Ok(Self::new(String::from_utf8_lossy(&path).into_owned()).into())
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match self.error.kind() {
            io::ErrorKind::NotFound => write!(formatter, "the file {path} does not exist"),
            _ => write!(formatter, "the file {path} cannot be sent: {}", self.error),
        }
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
