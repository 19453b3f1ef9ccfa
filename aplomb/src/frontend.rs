//! [`Frontend`]: the files a frontend's build has made, below every other route.

mod navigation;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use ::http::Method;

use crate::error::{Error, HttpException, Result};
use crate::http::{OpenedFile, Request, Response};
use crate::operation::{Binder, Description, HandlerFuture, Operation, OperationDetails};
use crate::static_files::directory::{Directory, Entry};
use crate::static_files::{blocking, redirect_to_slash, send};
use navigation::asks_for_page;

/// What a frontend answers where it has no file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fallback {
    /// `404.html` where there is one, else `index.html` where there is one.
    #[default]
    Auto,
    /// The `index.html` at the top, with 200, to who asks for a page: its `Accept` names
    /// `text/html` or `application/xhtml+xml`. For frontends that make their routes themselves.
    Index,
    /// The `404.html` at the top, with 404.
    NotFound,
    /// 404 as for any path without a route.
    None,
}

impl Fallback {
    fn file(self) -> Option<&'static str> {
        match self {
            Self::Index => Some("index.html"),
            Self::NotFound => Some("404.html"),
            Self::Auto | Self::None => None,
        }
    }
}

/// The folder a frontend's build has made, for [`App::frontend`](crate::App::frontend).
///
/// ```
/// use aplomb::{App, Frontend, frontend::Fallback};
///
/// let dist = Frontend::new("src").fallback(Fallback::None);
/// let app = App::new().frontend("/", dist);
/// ```
#[derive(Clone, Debug)]
pub struct Frontend {
    directory: Directory,
    fallback: Fallback,
    check_dir: Option<bool>,
}

impl Frontend {
    /// The files of this folder.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: Directory::new(directory.into()),
            fallback: Fallback::Auto,
            check_dir: None,
        }
    }

    /// What is answered where there is no file.
    #[must_use]
    pub fn fallback(mut self, fallback: Fallback) -> Self {
        self.fallback = fallback;
        self
    }

    /// Whether the folder, and the file of the fallback, must be there at the start. Unless said
    /// otherwise they must, except where the variable `APLOMB_ENV` is `development`: the build may
    /// come later there, and only a warning is logged.
    #[must_use]
    pub fn check_dir(mut self, check: bool) -> Self {
        self.check_dir = Some(check);
        self
    }

    /// Refuses to start without the folder or the file of the fallback.
    #[track_caller]
    pub(crate) fn check(&self) {
        let directory = self.directory.described();
        let exists = self.directory.exists();
        let development = std::env::var("APLOMB_ENV").is_ok_and(|env| env == "development");
        match self.check_dir {
            Some(false) => return,
            None if development => {
                if !exists {
                    tracing::warn!("the directory {directory} of the frontend does not exist yet");
                }
                return;
            }
            _ => assert!(
                exists,
                "the directory {directory} of the frontend does not exist: build the frontend, or say `check_dir(false)`"
            ),
        }
        if let Some(file) = self.fallback.file() {
            assert!(
                matches!(self.directory.find(file, false), Ok(Entry::File(..))),
                "the fallback file `{file}` of the frontend does not exist in the directory {directory}"
            );
        }
    }

    /// Answers a request for the path `below` this frontend's.
    async fn answer(self: &Arc<Self>, below: &str, request: &Request) -> Result<Response> {
        let (frontend, below) = (Arc::clone(self), below.to_owned());
        let read = *request.method() == Method::GET;
        let wants_page = asks_for_page(request);
        let find = move || frontend.find(&below, read, wants_page);
        match blocking(&self.directory, find).await? {
            Found::File { index: true, .. } if !request.path().ends_with('/') => {
                Ok(redirect_to_slash(request))
            }
            Found::File { file, path, .. } => Ok(send(file, path, 200, request, true)),
            // A client that has the page is not told that the path it asks for exists.
            Found::Fallback(file, path, status) => {
                Ok(send(file, path, status, request, status == 200))
            }
            Found::NoFallback(file) => Err(Error::from(NoFallback {
                file,
                directory: self.directory.described(),
            })),
            Found::Nothing => Err(HttpException::status_only(404).into()),
        }
    }

    /// The answer to a method that files do not have: 405 where there is a file.
    pub(crate) async fn refuse(self: &Arc<Self>, below: &str) -> Error {
        let (frontend, below) = (Arc::clone(self), below.to_owned());
        let find = move || frontend.resource(&below, false);
        match blocking(&self.directory, find).await {
            Ok(Some(_)) => HttpException::status_only(405).into(),
            Ok(None) => HttpException::status_only(404).into(),
            Err(error) => error,
        }
    }

    fn find(&self, below: &str, read: bool, wants_page: bool) -> io::Result<Found> {
        if let Some((file, path, index)) = self.resource(below, read)? {
            return Ok(Found::File { file, path, index });
        }
        let not_found = |frontend: &Self| frontend.file("404.html", 404, read);
        let index = |frontend: &Self| frontend.file("index.html", 200, read);
        let found = match self.fallback {
            Fallback::NotFound => not_found(self)?.or(Some(Found::NoFallback("404.html"))),
            Fallback::Index if wants_page => index(self)?.or(Some(Found::NoFallback("index.html"))),
            Fallback::None | Fallback::Index => None,
            Fallback::Auto => match not_found(self)? {
                None if wants_page => index(self)?,
                found => found,
            },
        };
        Ok(found.unwrap_or(Found::Nothing))
    }

    /// The file of a path, or of the folder it names, and whether it is the latter.
    fn resource(&self, below: &str, read: bool) -> io::Result<Option<(OpenedFile, PathBuf, bool)>> {
        match self.directory.find(below, read)? {
            Entry::File(file, path) => Ok(Some((file, path, false))),
            Entry::None => Ok(None),
            Entry::Directory => {
                let index = self.directory.find(&format!("{below}/index.html"), read)?;
                Ok(match index {
                    Entry::File(file, path) => Some((file, path, true)),
                    Entry::Directory | Entry::None => None,
                })
            }
        }
    }

    fn file(&self, name: &str, status: u16, read: bool) -> io::Result<Option<Found>> {
        Ok(match self.directory.find(name, read)? {
            Entry::File(file, path) => Some(Found::Fallback(file, path, status)),
            Entry::Directory | Entry::None => None,
        })
    }
}

impl<P: Into<PathBuf>> From<P> for Frontend {
    fn from(directory: P) -> Self {
        Self::new(directory)
    }
}

/// What a path comes to.
#[derive(Debug)]
enum Found {
    File {
        file: OpenedFile,
        path: PathBuf,
        /// Whether it is the page of a folder.
        index: bool,
    },
    Fallback(OpenedFile, PathBuf, u16),
    /// The fallback that was asked for is not there.
    NoFallback(&'static str),
    Nothing,
}

/// The frontend that was found for a request, and the path below it.
#[derive(Clone, Debug)]
pub(crate) struct Selected(pub(crate) Arc<Frontend>, pub(crate) String);

/// The operation behind a frontend: its dependencies run as those of any route.
pub(crate) const OPERATION: Operation = Operation {
    name: "frontend",
    methods: &["GET", "HEAD"],
    path: "",
    parameters: &[],
    bind,
    describe: |_| Description::default(),
    details: OperationDetails::NONE,
    location: "a frontend",
};

fn bind(binder: &mut Binder<'_>) -> Option<HandlerFuture> {
    let request = binder.request().clone();
    Some(Box::pin(async move {
        let selected = request.extensions().get::<Selected>().cloned();
        let Some(Selected(frontend, below)) = selected else {
            return Err(HttpException::status_only(404).into());
        };
        frontend.answer(&below, &request).await
    }))
}

/// The path of a frontend below a prefix.
pub(crate) fn joined(prefix: &str, path: &str) -> String {
    match (prefix, path) {
        ("", path) => path.to_owned(),
        (prefix, "/") => prefix.to_owned(),
        (prefix, path) => format!("{prefix}{path}"),
    }
}

/// What is left of `path` below the frontend at `prefix`; nothing where it is not below.
pub(crate) fn below<'p>(prefix: &str, path: &'p str) -> Option<&'p str> {
    if prefix == "/" {
        return Some(path.trim_start_matches('/'));
    }
    let rest = path.strip_prefix(prefix)?;
    match rest.strip_prefix('/') {
        None if rest.is_empty() => Some(rest),
        below => below,
    }
}

/// A fallback that was asked for and is not there.
#[derive(Debug)]
struct NoFallback {
    file: &'static str,
    directory: String,
}

impl fmt::Display for NoFallback {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, directory } = self;
        write!(
            formatter,
            "the fallback file `{file}` of the frontend does not exist in the directory {directory}"
        )
    }
}

impl std::error::Error for NoFallback {}
