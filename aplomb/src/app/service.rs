//! [`Service`]: an application as servers have it.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;

use super::Started;
use super::closing::Closing;
use super::dispatch::{Begun, Running};
use super::foreseen::Foreseen;
use super::noted::Noted;
use crate::deadline::Around;
use crate::error::Result;
use crate::health::Health;
use crate::http::{Body, BoxError, Peer, Request, Response};
use crate::live::Live;
use crate::middleware::{Layered, Next};
use crate::mount::Mounted;
use crate::observe::{Current, Observer, Record, SERVER_TIMING, server_timing};
use crate::route::{Names, NoMatchFound};

/// A service that is checked and ready to answer.
///
/// It is a tower service, so that it can stand wherever one can: under another server, below
/// tower layers, in an axum router.
#[derive(Clone)]
pub struct Service(Arc<Entrance>);

/// The outermost middleware, where there is any, and what stands behind it.
struct Entrance {
    first: Option<Next>,
    running: Arc<Running>,
}

impl Service {
    pub(crate) fn new(running: Running, middleware: &[Layered]) -> Self {
        let running = Arc::new(running);
        let mut first = None;
        for layered in middleware {
            let next = first.unwrap_or_else(|| Next::new(Arc::clone(&running) as _));
            first = Some(layered.before(next, Some(&running.exceptions)));
        }
        Self(Arc::new(Entrance { first, running }))
    }

    /// Runs the lifespan functions up to where they wait; servers do this before the first request.
    ///
    /// # Errors
    /// What one failed with.
    pub async fn start(&self) -> Result<Started> {
        let started = self.prepare().await?;
        self.0.running.health.serves();
        Ok(started)
    }

    /// The same, for a server that says by itself when it takes requests.
    pub(super) async fn prepare(&self) -> Result<Started> {
        let Running {
            lifespans, health, ..
        } = &*self.0.running;
        let watching = health.checks().watch();
        let started = lifespans.start().await?;
        Ok(started.healthy(health.clone(), watching.await))
    }

    /// What is known of the service's health.
    pub(crate) fn health(&self) -> Health {
        self.0.running.health.clone()
    }

    /// The largest body that any route says it takes.
    pub(crate) fn largest_body(&self) -> usize {
        self.0.running.largest_body
    }

    /// Answers one request of `peer`, and takes note of it; with what an application above hands
    /// on that one does.
    pub async fn answer(&self, request: ::http::Request<Body>, peer: Peer) -> Response {
        if request.extensions().get::<Mounted>().is_some() {
            let request = self.request(request, peer, None);
            return self.answered(request, true).await;
        }
        let noted = Noted::begin(self, &request, &peer);
        let begun = Begun {
            record: Arc::clone(noted.record()),
            served: false,
        };
        let request = self.request(request, peer, Some(begun));
        noted.until_end(self.answered(request, false)).await
    }

    /// A request of `peer` as middleware and handlers see it; one that an application above hands
    /// on has begun there.
    pub(super) fn request(
        &self,
        request: ::http::Request<Body>,
        peer: Peer,
        begun: Option<Begun>,
    ) -> Request {
        self.0.running.request(request, peer, begun)
    }

    /// Answers one request, which may be one that an application above hands on.
    pub(super) async fn answered(&self, request: Request, is_mounted: bool) -> Response {
        let Entrance { first, running } = &*self.0;
        let timed = running
            .observer
            .server_timing
            .then(|| Arc::clone(request.record()));
        let closing = Closing::of(&request, running, first.is_some());
        let result = match first {
            None if running.exceptions.is_empty() => running.respond(request).await,
            None => {
                let foreseen = Foreseen::of(&request, is_mounted);
                let around = Around::of(&request);
                // In a box, as what middleware answers with: this future is moved around.
                let answering = Box::pin(running.respond(request));
                let granted = |record: &Record| foreseen.limit(running, record);
                let result = around.unless_over(granted, answering).await;
                result.unwrap_or_else(|passed| Err((None, passed)))
            }
            Some(first) => {
                request.record().begins_in_middleware();
                let foreseen = Foreseen::of(&request, is_mounted);
                let around = Around::of(&request);
                // Only for those who look at it, so that others change it in place.
                let kept = (!running.exceptions.is_empty()).then(|| request.clone());
                // Routes know their requests by themselves; this is for what stands around them.
                let current = Current::of(&request);
                let answering = current.within(first.clone().run(request));
                let granted = |record: &Record| foreseen.limit(running, record);
                let result = around.unless_over(granted, answering).await;
                result.flatten().map_err(|error| (kept, error))
            }
        };
        let mut response = closing.close(running, result).await;
        if let Some(record) = timed {
            let timing = server_timing(&record);
            response.headers_mut().append(SERVER_TIMING, timing);
        }
        response
    }

    /// The path of a route; see [`App::url_path_for`](super::App::url_path_for).
    ///
    /// # Errors
    /// That no route has this name and these parameters.
    pub fn url_path_for(
        &self,
        name: &str,
        params: &[(&str, &str)],
    ) -> Result<String, NoMatchFound> {
        self.0.running.url_base.url_path_for(name, params)
    }

    /// What answers, behind the middleware.
    pub(super) fn running(&self) -> &Running {
        &self.0.running
    }

    /// What takes note of requests.
    pub(crate) fn observer(&self) -> &Observer {
        &self.0.running.observer
    }

    /// The live probes.
    pub(crate) fn live(&self) -> &Arc<Live> {
        &self.0.running.live
    }

    /// The names of the routes.
    pub(crate) fn names(&self) -> Arc<Names> {
        self.0.running.url_base.names()
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
        let service = self.clone();
        let peer = request
            .extensions()
            .get::<Peer>()
            .cloned()
            .unwrap_or_else(Peer::unknown);
        let request = request.map(Body::new);
        Box::pin(async move { Ok(service.answer(request, peer).await.into_http()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_future_of_an_answer_is_small() {
        let service = crate::App::new().build();
        let request = service.request(::http::Request::default(), Peer::unknown(), None);
        let answer = service.answered(request, false);
        // It is moved for every request; an operation, which may be large, is in a box.
        let size = size_of_val(&answer);
        assert!(size < 1000, "{size} bytes");
    }
}
