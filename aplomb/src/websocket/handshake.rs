//! The handshake: RFC 6455, section 4.2, and RFC 8441 for HTTP/2.

use std::fmt;
use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::http::header::{
    CONNECTION, CONTENT_LENGTH, HOST, ORIGIN, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_EXTENSIONS,
    SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use ::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::upgrade::OnUpgrade;
use sha1::{Digest as _, Sha1};
use tokio_util::sync::CancellationToken;

use super::link::Link;
use super::protocol::Deflate;
use super::{NORMAL_CLOSURE, WebSocketDisconnect, WebSocketSettings};
use crate::http::{Body, Request, Response};

/// What every key is hashed with.
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// What the server lends to a request that may become a WebSocket.
#[derive(Clone)]
pub(crate) struct ServerSide {
    /// Cancelled when the server is asked to stop.
    pub(crate) stop: CancellationToken,
    /// How long a client may take none of what is written to it.
    pub(crate) write_timeout: Duration,
    /// Counts the connection as open until it is dropped.
    pub(crate) hold: Arc<dyn Send + Sync>,
}

impl fmt::Debug for ServerSide {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ServerSide")
    }
}

/// Stands in for a connection: a test client takes the conversation out of this.
#[derive(Clone, Debug, Default)]
pub(crate) struct InProcess(Arc<Mutex<Option<Link>>>);

impl InProcess {
    pub(super) fn put(&self, link: Link) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(link);
    }

    pub(crate) fn take(&self) -> Option<Link> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// How a handshake was refused, beside the answer to it.
#[derive(Clone, Debug)]
pub(crate) struct Refused(pub(crate) WebSocketDisconnect);

/// Whether a request asks for a WebSocket.
pub(crate) fn is_asked<B>(request: &::http::Request<B>) -> bool {
    asks(
        request.method(),
        request.version(),
        request.headers(),
        request.extensions(),
    )
}

/// The request stays a handshake, whatever is done to its headers.
#[derive(Clone, Copy, Debug)]
struct Pinned;

/// Keeps a handshake one, so that nothing but a WebSocket answers it.
pub(crate) fn pin(request: &mut Request) {
    if request.extensions().get::<Pinned>().is_none() {
        request.extensions_mut().insert(Pinned);
    }
}

/// Whether a request asks for a WebSocket.
pub(crate) fn is_asked_by(request: &Request) -> bool {
    // What can be upgraded on our own server brings something for it.
    if request.head().served && request.extensions().is_empty() {
        return false;
    }
    request.extensions().get::<Pinned>().is_some()
        || asks(
            request.method(),
            request.version(),
            request.headers(),
            request.extensions(),
        )
}

#[inline]
fn asks(
    method: &Method,
    version: Version,
    headers: &HeaderMap,
    extensions: &::http::Extensions,
) -> bool {
    match *method {
        Method::GET => {
            headers.contains_key(UPGRADE)
                && version == Version::HTTP_11
                && has_token(headers, &UPGRADE, "websocket")
                && has_token(headers, &CONNECTION, "upgrade")
        }
        Method::CONNECT => {
            let protocol = extensions.get::<hyper::ext::Protocol>();
            protocol.is_some_and(|protocol| protocol.as_str() == "websocket")
        }
        _ => false,
    }
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim().eq_ignore_ascii_case(token))
}

/// What carries the messages once the connection is accepted.
pub(super) enum Carrier {
    Socket {
        upgrade: OnUpgrade,
        server: Option<ServerSide>,
    },
    InProcess(InProcess),
}

/// A handshake that follows the protocol.
pub(super) struct Handshake {
    pub(super) carrier: Carrier,
    pub(super) deflate: Option<Deflate>,
    /// The answer to the client's key; HTTP/2 has none.
    accept: Option<HeaderValue>,
}

impl Handshake {
    /// Checks a handshake and takes the connection out of the request; the answer to one that is
    /// refused.
    pub(super) fn read(
        parts: &mut request::Parts,
        scheme: &str,
        settings: &WebSocketSettings,
    ) -> Result<Self, Response> {
        let accept = match parts.method {
            Method::CONNECT => None,
            _ => Some(accept(&parts.headers)?),
        };
        let mut versions = parts.headers.get_all(SEC_WEBSOCKET_VERSION).iter();
        if versions.next().is_none_or(|version| version != "13") {
            let response = failed("the version is not 13", StatusCode::UPGRADE_REQUIRED);
            return Err(response.header(SEC_WEBSOCKET_VERSION, "13"));
        }
        let host = parts.uri.authority().map(::http::uri::Authority::as_str);
        let host = host.or_else(|| parts.headers.get(HOST)?.to_str().ok());
        if let Some(origin) = parts.headers.get(ORIGIN) {
            let origin = origin.to_str().unwrap_or("null");
            if !settings.allows(origin, scheme, host) {
                tracing::info!(origin, "a page of another origin may not open a WebSocket");
                return Err(refused(&WebSocketDisconnect::new(1008, "")));
            }
        }
        let in_process = parts.extensions.remove::<InProcess>();
        let server = parts.extensions.remove::<ServerSide>();
        let carrier = match (in_process, parts.extensions.remove::<OnUpgrade>()) {
            (Some(in_process), _) => Carrier::InProcess(in_process),
            (None, Some(upgrade)) => Carrier::Socket { upgrade, server },
            (None, None) => {
                tracing::error!("this server cannot hand over a connection for a WebSocket");
                return Err(failed("not here", StatusCode::NOT_IMPLEMENTED));
            }
        };
        let deflate = match settings.per_message_deflate {
            true => Deflate::negotiate(&parts.headers),
            false => None,
        };
        Ok(Self {
            carrier,
            deflate,
            accept,
        })
    }

    /// Waits until the server is asked to stop; for ever where there is none.
    pub(super) fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let stop = match &self.carrier {
            Carrier::Socket { server, .. } => server.as_ref().map(|server| server.stop.clone()),
            Carrier::InProcess(_) => None,
        };
        async move {
            match stop {
                Some(stop) => stop.cancelled().await,
                None => pending().await,
            }
        }
    }

    /// The answer that accepts the connection.
    pub(super) fn response(&self, subprotocol: Option<&str>, headers: &HeaderMap) -> Response {
        let mut response = ::http::Response::new(Body::empty());
        let all = response.headers_mut();
        if let Some(accept) = &self.accept {
            all.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
            all.insert(UPGRADE, HeaderValue::from_static("websocket"));
            all.insert(SEC_WEBSOCKET_ACCEPT, accept.clone());
        }
        if let Some(deflate) = &self.deflate {
            all.insert(SEC_WEBSOCKET_EXTENSIONS, deflate.header());
        }
        if let Some(Ok(name)) = subprotocol.map(HeaderValue::from_str) {
            all.insert(SEC_WEBSOCKET_PROTOCOL, name);
        }
        let own = [CONNECTION, UPGRADE, SEC_WEBSOCKET_ACCEPT, CONTENT_LENGTH];
        for (name, value) in headers {
            if !own.contains(name) {
                all.append(name, value.clone());
            }
        }
        *response.status_mut() = match self.accept {
            Some(_) => StatusCode::SWITCHING_PROTOCOLS,
            None => StatusCode::OK,
        };
        response.into()
    }
}

/// The answer to the client's key.
fn accept(headers: &HeaderMap) -> Result<HeaderValue, Response> {
    let mut keys = headers.get_all(SEC_WEBSOCKET_KEY).iter();
    let key = match (keys.next(), keys.next()) {
        (Some(key), None) => key.as_bytes(),
        _ => return Err(failed("it needs one key", StatusCode::BAD_REQUEST)),
    };
    if STANDARD.decode(key).is_ok_and(|key| key.len() == 16) {
        let mut hash = Sha1::new();
        hash.update(key);
        hash.update(GUID);
        let accept = STANDARD.encode(hash.finalize());
        if let Ok(accept) = HeaderValue::try_from(accept) {
            return Ok(accept);
        }
    }
    Err(failed("the key is not 16 bytes", StatusCode::BAD_REQUEST))
}

fn failed(why: &str, status: StatusCode) -> Response {
    Response::text(format!("Failed to open a WebSocket connection: {why}.\n")).status(status)
}

/// The answer to a handshake that is closed before it is accepted.
pub(crate) fn refused(close: &WebSocketDisconnect) -> Response {
    let mut response = Response::text("").status(403).into_http();
    response.extensions_mut().insert(Refused(close.clone()));
    response.into()
}

/// The answer to a handshake at a path without a WebSocket.
pub(crate) fn not_found() -> Response {
    refused(&WebSocketDisconnect::new(NORMAL_CLOSURE, ""))
}
