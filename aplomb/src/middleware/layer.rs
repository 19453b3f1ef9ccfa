//! Tower layers as middleware.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use tower_layer::Layer;
use tower_service::Service;

use super::stage::{Answer, Layered, Next, Stage};
use crate::error::{Error, Result};
use crate::http::{After, Body, BoxError, Request, Response};

/// What a tower layer is put around: the rest of the way to the handler, as a tower service.
#[derive(Clone, Debug)]
pub struct NextService(Next);

impl<B> Service<::http::Request<B>> for NextService
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
        let next = self.0.clone();
        let request = Request::from_http(request.map(Body::new));
        Box::pin(async move {
            Ok(match next.run(request).await {
                Ok(response) => inward(response),
                Err(error) => {
                    let mut response = Response::text("Internal Server Error")
                        .status(500)
                        .into_http();
                    response.extensions_mut().insert(Unanswered(error));
                    response
                }
            })
        })
    }
}

/// An error on its way past a layer, which sees a 500.
#[derive(Clone)]
struct Unanswered(Error);

/// What is to run after the answer, on its way past a layer that may wrap the body.
#[derive(Clone)]
struct Afterwards(Arc<Mutex<Option<After>>>);

/// The body may end when the server stops, also once a layer has wrapped it.
#[derive(Clone, Copy)]
struct EndsAtStop;

fn inward(response: Response) -> ::http::Response<Body> {
    let mut response = response.into_layered();
    if response.body().ends_at_stop() {
        response.extensions_mut().insert(EndsAtStop);
    }
    if let Some(after) = response.body_mut().take_after() {
        let afterwards = Afterwards(Arc::new(Mutex::new(Some(after))));
        response.extensions_mut().insert(afterwards);
    }
    response
}

fn outward<B>(response: ::http::Response<B>) -> Result<Response>
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let mut response = response.map(Body::new);
    if let Some(Unanswered(error)) = response.extensions_mut().remove() {
        return Err(error);
    }
    if response.extensions_mut().remove::<EndsAtStop>().is_some() {
        response.body_mut().end_at_stop();
    }
    let Some(Afterwards(after)) = response.extensions_mut().remove() else {
        return Ok(response.into());
    };
    let after = after.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(after) = after {
        response.body_mut().run_all_after(after);
    }
    Ok(response.into())
}

struct Tower<S>(S);

impl<S, B> Stage for Tower<S>
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
    fn call(self: Arc<Self>, request: Request) -> Answer {
        let mut service = self.0.clone();
        Box::pin(async move {
            let failed = |error: S::Error| Error::from_boxed(error.into());
            poll_fn(|context| service.poll_ready(context))
                .await
                .map_err(failed)?;
            let response = service.call(request.into_http()).await.map_err(failed)?;
            outward(response)
        })
    }
}

impl Layered {
    pub(crate) fn tower<L, B>(layer: L) -> Self
    where
        L: Layer<NextService> + Send + Sync + 'static,
        L::Service: Service<::http::Request<Body>, Response = ::http::Response<B>>
            + Clone
            + Send
            + Sync
            + 'static,
        <L::Service as Service<::http::Request<Body>>>::Error: Into<BoxError>,
        <L::Service as Service<::http::Request<Body>>>::Future: Send + 'static,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self(Arc::new(move |next, _| {
            Next::new(Arc::new(Tower(layer.layer(NextService(next)))))
        }))
    }
}
