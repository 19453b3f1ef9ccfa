//! Finds the route of a request and answers by it.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;

use super::{ExceptionHandlers, Lifespans, Started};
use crate::error::{Error, HttpException, Result};
use crate::http::{Body, BoxError, Head, Peer, Request, Response, States};
use crate::mount::MountedService;
use crate::operation;
use crate::route::{Match, Table, Target};

/// Everything a service needs to answer.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) table: Table,
    pub(crate) states: Arc<States>,
    pub(crate) exceptions: ExceptionHandlers,
    pub(crate) lifespans: Lifespans,
    pub(crate) root_path: Arc<str>,
    pub(crate) redirect_slashes: bool,
    /// How many bytes a request's body may have, whatever server it came through.
    pub(crate) body_limit: usize,
}

/// The prefix that the applications above have taken off the path.
#[derive(Clone)]
struct MountedAt(String);

impl Running {
    /// Answers one request.
    pub(crate) async fn answer(
        self: Arc<Self>,
        request: ::http::Request<Body>,
        peer: Peer,
    ) -> Response {
        let (parts, body) = request.into_parts();
        let mut head = Head::new(parts, peer);
        head.states = Arc::clone(&self.states);
        head.root_path = match head.parts.extensions.remove::<MountedAt>() {
            Some(MountedAt(prefix)) => Arc::from(prefix + &self.root_path),
            None => Arc::clone(&self.root_path),
        };
        if !self.root_path.is_empty() {
            let path = head.path();
            if let Some(below) = path.strip_prefix(&*self.root_path)
                && (below.is_empty() || below.starts_with('/'))
            {
                head.path = Some(below.to_owned());
            }
        }
        let path = head.path();
        let found = match self.table.find(head.parts.method.as_str(), &path) {
            Match::Full(target, params) => Ok((target, params)),
            Match::Method(methods) => Err(Some(methods.join(", "))),
            Match::None => Err(None),
        };
        match found {
            Ok((Target::Mount(mount), params)) => {
                let below = format!("/{}", params.get("path").unwrap_or_default());
                let prefix = path.strip_suffix(&below).unwrap_or_default();
                let prefix = MountedAt(format!("{}{prefix}", head.root_path));
                let Some(uri) = target(&below, head.parts.uri.query()) else {
                    return status_only(414);
                };
                drop(path);
                let Head {
                    mut parts, peer, ..
                } = head;
                parts.uri = uri;
                parts.extensions.insert(prefix);
                parts.extensions.insert(peer);
                mounted(mount, ::http::Request::from_parts(parts, body)).await
            }
            Ok((target, params)) => {
                drop(path);
                head.path_params = params;
                let request = Request::with_limit(head, body, self.body_limit);
                match target {
                    Target::Endpoint(endpoint) => {
                        match operation::run(endpoint, request.clone()).await {
                            Ok(response) => response,
                            Err(error) => self.exceptions.answer(&request, error).await,
                        }
                    }
                    Target::Page(page) => page(&request),
                    Target::Mount(_) => status_only(404),
                }
            }
            Err(allowed) => {
                let redirect = allowed
                    .is_none()
                    .then(|| self.slash_redirect(&path))
                    .flatten();
                drop(path);
                let request = Request::with_limit(head, body, self.body_limit);
                if let Some(path) = redirect {
                    return redirect_to(&request, &path);
                }
                let error = match allowed {
                    Some(allowed) => HttpException::status_only(405).header("allow", &allowed),
                    None => HttpException::status_only(404),
                };
                self.exceptions.answer(&request, Error::from(error)).await
            }
        }
    }

    /// The path with its last slash added or taken away, where that has a route.
    fn slash_redirect(&self, path: &str) -> Option<String> {
        if !self.redirect_slashes || path == "/" {
            return None;
        }
        let other = match path.strip_suffix('/') {
            Some(_) => path.trim_end_matches('/').to_owned(),
            None => format!("{path}/"),
        };
        self.table.has_path(&other).then_some(other)
    }
}

fn status_only(status: u16) -> Response {
    super::exceptions::http_exception(&HttpException::status_only(status))
}

fn redirect_to(request: &Request, path: &str) -> Response {
    let host = request.host().unwrap_or_default();
    let mut url = format!("{}://{host}{}{path}", request.scheme(), request.root_path());
    if !request.query_string().is_empty() {
        url.push('?');
        url.push_str(request.query_string());
    }
    Response::redirect(&url, 307)
}

/// The target of a path and a query; nothing where quoting makes it longer than one may be.
fn target(path: &str, query: Option<&str>) -> Option<::http::Uri> {
    let mut target = percent_encoding::utf8_percent_encode(path, PATH).to_string();
    if let Some(query) = query {
        target.push('?');
        target.push_str(query);
    }
    target.parse().ok()
}

async fn mounted(mount: &MountedService, request: ::http::Request<Body>) -> Response {
    match mount.call(request).await {
        Ok(response) => response.into(),
        Err(error) => {
            tracing::error!(%error, "a mounted service failed");
            Response::text("Internal Server Error").status(500)
        }
    }
}

const PATH: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'%')
    .add(b'`');

/// A service that is checked and ready to answer.
///
/// It is a tower service, so that it can stand wherever one can: under another server, below
/// tower layers, in an axum router.
#[derive(Clone)]
pub struct Service(Arc<Running>);

impl Service {
    pub(crate) fn new(running: Arc<Running>) -> Self {
        Self(running)
    }

    pub(crate) fn running(&self) -> Arc<Running> {
        Arc::clone(&self.0)
    }

    /// Runs the lifespan functions up to where they wait; servers do this before the first request.
    ///
    /// # Errors
    /// What one failed with.
    pub async fn start(&self) -> Result<Started> {
        self.0.lifespans.start().await
    }

    /// Answers one request of `peer`.
    pub async fn answer(&self, request: ::http::Request<Body>, peer: Peer) -> Response {
        Arc::clone(&self.0).answer(request, peer).await
    }
}

/// The service of an application; see [`App::build`](super::App::build).
impl From<super::App> for Service {
    #[track_caller]
    fn from(app: super::App) -> Self {
        app.build()
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Service")
    }
}

impl<B> tower_service::Service<::http::Request<B>> for Service
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = ::http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: ::http::Request<B>) -> Self::Future {
        let running = Arc::clone(&self.0);
        let peer = request
            .extensions()
            .get::<Peer>()
            .cloned()
            .unwrap_or_else(Peer::unknown);
        let request = request.map(Body::new);
        Box::pin(async move { Ok(running.answer(request, peer).await.into_http()) })
    }
}
