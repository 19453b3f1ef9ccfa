//! Another application below a prefix: any tower service.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use tower_service::Service;

use crate::http::{Body, BoxError};

type Answer = Pin<Box<dyn Future<Output = Result<::http::Response<Body>, BoxError>> + Send>>;

/// A tower service with its types taken off.
#[derive(Clone)]
pub(crate) struct MountedService(Arc<dyn Fn(::http::Request<Body>) -> Answer + Send + Sync>);

impl MountedService {
    pub(crate) fn new<S, B>(service: S) -> Self
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
        Self(Arc::new(move |request| {
            let mut service = service.clone();
            Box::pin(async move {
                poll_fn(|context| service.poll_ready(context))
                    .await
                    .map_err(Into::into)?;
                let response = service.call(request).await.map_err(Into::into)?;
                Ok(response.map(Body::new))
            })
        }))
    }

    pub(crate) fn call(&self, request: ::http::Request<Body>) -> Answer {
        (self.0)(request)
    }
}

impl fmt::Debug for MountedService {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MountedService")
    }
}
