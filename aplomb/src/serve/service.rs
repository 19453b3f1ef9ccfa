//! From a parsed request to the future that answers it.

use std::convert::Infallible;
use std::sync::Arc;

use http::{Request, Response, Version};
use http_body::Body as _;
use hyper::body::Incoming;

use super::answer::{Answer, Turn};
use super::handling::Handling;
use super::heads::Framing;
use super::pulse::Pulse;
use super::refusal::Refusal;
use super::upload::Upload;
use crate::http::{Body, Peer};

/// Takes the requests of one connection.
pub(super) struct Service {
    pub(super) pulse: Arc<Pulse>,
    pub(super) peer: Peer,
}

impl hyper::service::Service<Request<Incoming>> for Service {
    type Response = Response<Answer>;
    type Error = Infallible;
    type Future = Handling;

    fn call(&self, request: Request<Incoming>) -> Handling {
        let (head, incoming) = request.into_parts();
        let version = head.version;
        let framing = match incoming.size_hint().exact() {
            _ if incoming.is_end_stream() => Framing::Nothing,
            Some(length) => Framing::Length(length),
            None => Framing::Chunked,
        };
        let shared = &self.pulse.shared;
        let clear = self.pulse.begin(version >= Version::HTTP_2, framing);
        let turn = Turn::new(Arc::clone(&self.pulse));
        let refusal = match Refusal::of(&head, shared.limits.body_bytes) {
            Ok(()) if clear => None,
            Ok(()) => Some(Refusal::Malformed),
            Err(refusal) => Some(refusal),
        };
        if let Some(refusal) = refusal {
            return Handling::answered(turn, version, refusal.response(version));
        }
        let body = match framing {
            Framing::Nothing => Body::empty(),
            _ => Body::from_frames(Box::pin(Upload::new(incoming, Arc::clone(&self.pulse)))),
        };
        let dispatch = Arc::clone(&shared.dispatch);
        let (request, peer) = (Request::from_parts(head, body), self.peer.clone());
        Handling::start(turn, version, move || dispatch.dispatch(request, peer))
    }
}
