//! A request on its way through tower services.

use std::sync::Arc;

use http::Uri;

use super::{Request, Trail};
use crate::app::Compat;
use crate::http::{Body, Head, Matched, PathParams, Peer, States};
use crate::observe::Record;
use crate::route::{RequestLimits, UrlBase};

impl Request {
    /// The request of a tower service; what [`Request::into_http`] gave comes back whole.
    pub(crate) fn from_http(request: http::Request<Body>) -> Self {
        let (mut parts, body) = request.into_parts();
        match parts.extensions.remove::<Carried>() {
            Some(carried) => carried.restore(parts, body),
            None => Self::new(Head::new(parts, Peer::unknown()), body),
        }
    }

    /// The request for a tower service.
    pub(crate) fn into_http(self) -> http::Request<Body> {
        let carried = Carried::of(&self);
        let (head, body) = self.into_parts();
        let mut request = http::Request::from_parts(head.parts, body);
        request.extensions_mut().insert(head.peer);
        request.extensions_mut().insert(carried);
        request
    }

    /// Head and body, for whoever takes the request over: the body anew if it has been read.
    pub(crate) fn into_parts(self) -> (Head, Body) {
        let body = self.take_body().unwrap_or_else(|| {
            let read = self.holder().inner.read.get().cloned();
            read.map_or_else(Body::empty, Body::from)
        });
        match Arc::try_unwrap(self.inner) {
            Ok(inner) => (inner.head, body),
            Err(shared) => (shared.head.clone(), body),
        }
    }
}

/// What a request has beyond those of tower.
#[derive(Clone)]
struct Carried {
    uri: Uri,
    path: Option<String>,
    root_path: Arc<str>,
    peer: Peer,
    states: Arc<States>,
    compat: Compat,
    url_base: Option<Arc<UrlBase>>,
    mount_params: PathParams,
    record: Arc<Record>,
    matched: Option<Matched>,
    trail: Arc<Trail>,
    limit: usize,
    limits: RequestLimits,
}

impl Carried {
    fn of(request: &Request) -> Self {
        let head = request.head();
        Self {
            uri: head.parts.uri.clone(),
            path: head.path.clone(),
            root_path: Arc::clone(&head.root_path),
            peer: head.peer.clone(),
            states: Arc::clone(&head.states),
            compat: head.compat,
            url_base: head.url_base.clone(),
            mount_params: head.mount_params.clone(),
            record: Arc::clone(&head.record),
            matched: request.inner.trail.matched().cloned(),
            trail: Arc::clone(request.trail()),
            limit: request.inner.limit,
            limits: request.limits(),
        }
    }

    fn restore(self, parts: http::request::Parts, body: Body) -> Request {
        // Whoever rewrites the target means another path.
        let path = self.path.filter(|_| parts.uri == self.uri);
        let mut head = Head::recorded(parts, self.peer, self.record);
        head.path = path;
        head.root_path = self.root_path;
        head.states = self.states;
        head.compat = self.compat;
        head.url_base = self.url_base;
        head.mount_params = self.mount_params;
        let request = Request::with_limit(head, body, self.limit);
        request.set_limits(self.limits);
        request.copied_from(self.trail, self.matched)
    }
}
