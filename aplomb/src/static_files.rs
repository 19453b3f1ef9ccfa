//! [`StaticFiles`]: the files of a folder.

pub(crate) mod directory;

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use ::http::Method;

use bytes::Bytes;

use crate::app::redirect_to;
use crate::error::{Error, HttpException, Result};
use crate::http::{Body, BoxError, FileResponse, OpenedFile, Request, Response};
use crate::mount;
use directory::{Directory, Entry};

/// The files of a folder, and of the folders in it, as a service to mount.
///
/// GET and HEAD are answered with the file the path names, as a [`FileResponse`] with 304 for what
/// the client has already. No path leads out of the folder: not `..`, however it is encoded, and no
/// symbolic link unless [`follow_symlink`](Self::follow_symlink) says so. What is not there is 404,
/// answered by the application that mounts it.
///
/// ```
/// use aplomb::{App, StaticFiles};
/// use aplomb::testing::TestClient;
///
/// let app = App::new().mount_named("/static", StaticFiles::new("src"), "static");
/// let client = TestClient::new(app);
/// assert!(client.get("/static/lib.rs").send().text().starts_with("#!"));
/// assert_eq!(client.get("/static/../Cargo.toml").send().status(), 404);
/// assert_eq!(client.post("/static/lib.rs").send().status(), 405);
/// ```
#[derive(Clone, Debug)]
pub struct StaticFiles(Arc<Settings>);

#[derive(Clone, Debug)]
struct Settings {
    directory: Directory,
    html: bool,
    check_dir: bool,
}

impl StaticFiles {
    /// The files of this folder.
    ///
    /// # Panics
    /// When it is mounted and there is no such folder, unless
    /// [`check_dir`](Self::check_dir) says to wait.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Settings {
            directory: Directory::new(directory.into()),
            html: false,
            check_dir: true,
        }))
    }

    /// Whether a folder is answered with its `index.html`, and what is not there with the
    /// `404.html` of the outermost.
    #[must_use]
    pub fn html(mut self, html: bool) -> Self {
        Arc::make_mut(&mut self.0).html = html;
        self
    }

    /// Whether the folder must be there when this is mounted; it must unless said otherwise. One
    /// that is not there when it is asked for is a fault of the service, answered with 500.
    #[must_use]
    pub fn check_dir(mut self, check: bool) -> Self {
        Arc::make_mut(&mut self.0).check_dir = check;
        self
    }

    /// Whether symbolic links may lead out of the folder; they may not unless said otherwise.
    #[must_use]
    pub fn follow_symlink(mut self, follow: bool) -> Self {
        let settings = Arc::make_mut(&mut self.0);
        settings.directory.set_follow_symlink(follow);
        self
    }

    /// Refuses to start without the folder.
    #[track_caller]
    pub(crate) fn check(&self) {
        let directory = &self.0.directory;
        assert!(
            !self.0.check_dir || directory.exists(),
            "the directory {} of the static files does not exist: make it, or say `check_dir(false)`",
            directory.described()
        );
    }

    async fn answer(&self, request: &Request) -> Result<Response> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let refusal = HttpException::status_only(405).header("allow", "GET, HEAD");
            return Err(refusal.into());
        }
        let path = request.path().into_owned();
        let read = *request.method() == Method::GET;
        let settings = Arc::clone(&self.0);
        let found = blocking(&self.0.directory, move || settings.find(&path, read)).await?;
        match found {
            Some(Found::File(file, path)) => Ok(send(file, path, 200, request, true)),
            Some(Found::NotFoundPage(file, path)) => Ok(send(file, path, 404, request, false)),
            Some(Found::Index) => Ok(redirect_to_slash(request)),
            None => Err(HttpException::status_only(404).into()),
        }
    }
}

/// What a path comes to.
#[derive(Debug)]
enum Found {
    File(OpenedFile, PathBuf),
    /// The page of a folder whose path lacks its slash.
    Index,
    NotFoundPage(OpenedFile, PathBuf),
}

impl Settings {
    fn find(&self, path: &str, read: bool) -> io::Result<Option<Found>> {
        match self.directory.find(path, read)? {
            Entry::File(file, path) => return Ok(Some(Found::File(file, path))),
            Entry::Directory if self.html => {
                let index = self.directory.find(&format!("{path}/index.html"), read)?;
                if let Entry::File(file, index) = index {
                    return Ok(Some(match path.ends_with('/') {
                        true => Found::File(file, index),
                        false => Found::Index,
                    }));
                }
            }
            Entry::Directory | Entry::None => {}
        }
        if self.html
            && let Entry::File(file, path) = self.directory.find("404.html", read)?
        {
            return Ok(Some(Found::NotFoundPage(file, path)));
        }
        Ok(None)
    }
}

/// Looks into a folder on a thread that may block.
pub(crate) async fn blocking<T: Send + 'static>(
    directory: &Directory,
    look: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T> {
    let error = match tokio::task::spawn_blocking(look).await {
        Ok(Ok(found)) => return Ok(found),
        Ok(Err(error)) if error.kind() == io::ErrorKind::PermissionDenied => {
            return Err(HttpException::status_only(401).into());
        }
        Ok(Err(error)) => error,
        Err(error) => io::Error::other(error),
    };
    Err(Error::from(DirectoryError {
        directory: directory.described(),
        error,
    }))
}

/// The answer with a file of a folder.
pub(crate) fn send(
    file: OpenedFile,
    path: PathBuf,
    status: u16,
    request: &Request,
    conditional: bool,
) -> Response {
    let response = Response::from(FileResponse::new(path).status(status));
    response.with_file(file, request, conditional)
}

/// The page of a folder is asked for with a slash, so that links in it lead where they should.
pub(crate) fn redirect_to_slash(request: &Request) -> Response {
    redirect_to(request, &format!("{}/", request.path()))
}

impl<B> tower_service::Service<::http::Request<B>> for StaticFiles
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = ::http::Response<Body>;
    type Error = Infallible;
    type Future =
        Pin<Box<dyn Future<Output = std::result::Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<std::result::Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: ::http::Request<B>) -> Self::Future {
        let files = self.clone();
        let request = request.map(Body::new);
        Box::pin(async move {
            let request = Request::of_service(request);
            let result = files.answer(&request).await;
            Ok(mount::answered(request, result).into_http())
        })
    }
}

/// A folder that cannot be read.
#[derive(Debug)]
struct DirectoryError {
    directory: String,
    error: io::Error,
}

impl fmt::Display for DirectoryError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { directory, error } = self;
        match error.kind() {
            io::ErrorKind::NotFound => {
                write!(formatter, "the directory {directory} does not exist")
            }
            _ => write!(
                formatter,
                "the directory {directory} cannot be read: {error}"
            ),
        }
    }
}

impl std::error::Error for DirectoryError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
