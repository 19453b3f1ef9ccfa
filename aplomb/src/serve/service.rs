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
use super::ready;
use super::refusal::Refusal;
use super::upload::Upload;
use crate::http::{Body, Peer};
use crate::observe::Record;
use crate::websocket::{self, ServerSide};

/// Takes the requests of one connection.
pub(super) struct Service {
    pub(super) pulse: Arc<Pulse>,
    pub(super) peer: Peer,
}

impl hyper::service::Service<Request<Incoming>> for Service {
    type Response = Response<Answer>;
    type Error = Infallible;
    type Future = Handling;

    fn call(&self, mut request: Request<Incoming>) -> Handling {
        let version = request.version();
        let framing = match request.body().size_hint().exact() {
            _ if request.body().is_end_stream() => Framing::Nothing,
            Some(length) => Framing::Length(length),
            None => Framing::Chunked,
        };
        let shared = &self.pulse.shared;
        let record = Record::of_received(&request, self.peer.address());
        let clear = self
            .pulse
            .begin(version >= Version::HTTP_2, framing, &record);
        if version >= Version::HTTP_2 {
            // It is polled in a task of its own, when that has its turn.
            record.poll_ends();
        }
        ready::tell(&record);
        self.pulse.tell_unread(&record);
        let turn = Turn::new(Arc::clone(&self.pulse), Arc::clone(&record));
        let refusal = match Refusal::of(&request, framing, shared.limits.body_bytes) {
            Ok(()) if clear => None,
            Ok(()) => Some(Refusal::Malformed),
            Err(refusal) => Some(refusal),
        };
        if let Some(refusal) = refusal {
            return Handling::answered(turn, version, refusal.response(version));
        }
        // What can be upgraded brings something for it, and nothing else does.
        if !request.extensions().is_empty() && websocket::is_asked(&request) {
            let server = ServerSide {
                stop: shared.stop.clone(),
                write_timeout: shared.limits.write_timeout,
                hold: Arc::new(self.pulse.hold(&record)),
            };
            request.extensions_mut().insert(server);
        }
        Handling::start(turn, version, || {
            let request = request.map(|incoming| match framing {
                Framing::Nothing => Body::empty(),
                _ => {
                    let upload =
                        Upload::new(incoming, Arc::clone(&self.pulse), Arc::clone(&record));
                    Body::from_frames(Box::pin(upload))
                }
            });
            Arc::clone(&shared.dispatch).dispatch(request, self.peer.clone(), record)
        })
    }
}
