//! Another application below a prefix: any tower service.

use std::any::Any;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use tower_service::Service;

use crate::StaticFiles;
use crate::app::{Compat, Service as AppService, Subject};
use crate::error::{Error, Result};
use crate::http::{Body, BoxError, Head, Matched, PathParams, Peer, Request, Response, States};
use crate::observe::Record;
use crate::route::{Names, RequestLimits, UrlBase};

type Answer =
    Pin<Box<dyn Future<Output = std::result::Result<::http::Response<Body>, BoxError>> + Send>>;

/// What can be mounted: a tower service from an HTTP request to an HTTP response, such as another
/// app's [`Service`](AppService), [`StaticFiles`](crate::StaticFiles) or an axum router.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be mounted",
    label = "this is not a tower service from `http::Request<Body>` to `http::Response<_>`",
    note = "an `App` becomes one with `.build()`, a function with `tower::service_fn`"
)]
pub trait Mountable: Sized {
    /// The service with its types taken off.
    #[doc(hidden)]
    #[track_caller]
    fn mounted(self) -> MountedService;
}

impl<S, B> Mountable for S
where
    S: Service<::http::Request<Body>, Response = ::http::Response<B>>
        + Clone
        + Send
        + Sync
        + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    fn mounted(self) -> MountedService {
        MountedService::new(self)
    }
}

/// A tower service with its types taken off.
#[derive(Clone)]
pub struct MountedService {
    call: Arc<dyn Fn(::http::Request<Body>) -> Answer + Send + Sync>,
    /// The names of its routes, where it is an app.
    pub(crate) names: Option<Arc<Names>>,
    /// The largest body that a route of its own takes, where it is an app.
    pub(crate) largest_body: Option<usize>,
    /// How much its routers let requests bring.
    pub(crate) limits: RequestLimits,
    /// The service, where it is an app.
    pub(crate) app: Option<AppService>,
    /// The path template it is mounted at.
    pub(crate) prefix: Arc<str>,
}

impl MountedService {
    #[track_caller]
    fn new<S, B>(service: S) -> Self
    where
        S: Service<::http::Request<Body>, Response = ::http::Response<B>>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let any: &dyn Any = &service;
        if let Some(files) = any.downcast_ref::<StaticFiles>() {
            files.check();
        }
        let app = any.downcast_ref::<AppService>();
        let names = app.map(AppService::names);
        let largest_body = app.map(AppService::largest_body);
        let own = app.cloned();
        let call = Arc::new(move |request| -> Answer {
            let mut service = service.clone();
            Box::pin(async move {
                poll_fn(|context| service.poll_ready(context))
                    .await
                    .map_err(Into::into)?;
                let response = service.call(request).await.map_err(Into::into)?;
                Ok(response.map(Body::new))
            })
        });
        Self {
            call,
            names,
            largest_body,
            limits: RequestLimits::default(),
            app: own,
            prefix: Arc::default(),
        }
    }

    /// The same service at this prefix, below routers that let requests bring this much.
    pub(crate) fn placed(mut self, prefix: &str, limits: RequestLimits) -> Self {
        self.limits = limits;
        self.prefix = Arc::from(prefix);
        self
    }

    /// Answers one request.
    ///
    /// # Errors
    /// What the service failed with, and for static files what they raise: the application above
    /// answers it as its own.
    pub(crate) async fn answer(
        &self,
        request: ::http::Request<Body>,
    ) -> std::result::Result<Response, (Error, Option<Request>)> {
        match (self.call)(request).await {
            Ok(mut response) => match response.extensions_mut().remove::<RaisedBelow>() {
                Some(RaisedBelow(error, request)) => Err((error, Some(request))),
                None => Ok(response.into()),
            },
            Err(error) => Err((MountFailed(error).into(), None)),
        }
    }
}

impl fmt::Debug for MountedService {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MountedService")
    }
}

/// Where the applications above have put a request, on its way to the service they mount.
#[derive(Clone)]
pub(crate) struct Mounted {
    /// The prefix they have taken off the path.
    pub(crate) root_path: String,
    /// What the request has done until now.
    pub(crate) record: Arc<Record>,
    /// What the named segments of the prefix hold.
    pub(crate) path_params: PathParams,
    pub(crate) url_base: Arc<UrlBase>,
    pub(crate) states: Arc<States>,
    /// How the application above answers, for services that are none themselves.
    pub(crate) compat: Compat,
    /// How much they let requests bring, where nobody below says anything.
    pub(crate) limits: RequestLimits,
    /// Whether our own server asks.
    pub(crate) served: bool,
}

/// An error for the application above, beside the answer to it for other carriers.
#[derive(Clone)]
pub(crate) struct RaisedBelow(pub(crate) Error, pub(crate) Request);

impl Request {
    /// A request to a service that may be mounted, and knows from its request where.
    pub(crate) fn of_service(request: ::http::Request<Body>) -> Self {
        let (mut parts, body) = request.into_parts();
        let peer = parts.extensions.remove::<Peer>();
        let mounted = parts.extensions.remove::<Mounted>();
        let peer = peer.unwrap_or_else(Peer::unknown);
        let Some(mounted) = mounted else {
            return Self::new(Head::new(parts, peer), body);
        };
        let mut head = Head::recorded(parts, peer, mounted.record);
        head.root_path = Arc::from(mounted.root_path);
        head.url_base = Some(mounted.url_base);
        head.states = mounted.states;
        head.compat = mounted.compat;
        let request = Self::new(head, body);
        request.set_matched(Matched {
            path_params: mounted.path_params,
            ..Matched::default()
        });
        request
    }
}

/// The answer of a service of ours, which may be mounted in an app or elsewhere: the app answers
/// what was raised as its own, and elsewhere the usual answer stands.
pub(crate) fn answered(request: Request, result: Result<Response>) -> Response {
    let error = match result {
        Ok(response) => return response,
        Err(error) => error,
    };
    if request.head().url_base.is_none() {
        return crate::app::usual(&error, Some(Subject::of(&request)));
    }
    let mut response = Response::new(Body::empty()).status(500);
    let raised = RaisedBelow(error, request);
    response.extensions_mut().insert(raised);
    response
}

/// What a mounted service failed with.
#[derive(Debug)]
struct MountFailed(BoxError);

impl fmt::Display for MountFailed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a mounted service failed: {}", self.0)
    }
}

impl std::error::Error for MountFailed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}
