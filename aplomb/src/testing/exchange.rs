//! One request of a test client and everything that follows from it.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::FutureExt as _;
use http::header::{
    ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, LOCATION,
    TRANSFER_ENCODING, USER_AGENT,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::TestResponse;
use super::cookies::CookieJar;
use super::request::{Defaults, Message};
use super::url::Address;
use crate::app::Service;
use crate::error::Error;
use crate::error::panic_text;
use crate::http::{Body, Peer};

/// How many redirects are followed.
const REDIRECTS: usize = 20;

/// An error that nobody handled, on its way beside the 500 it was answered with.
#[derive(Clone, Debug)]
pub(crate) struct Unhandled(pub(crate) Error);

/// A service with the settings and cookies of one client.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    service: Service,
    pub(super) settings: Settings,
    cookies: Arc<Mutex<CookieJar>>,
}

/// What holds for all requests.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) base: Address,
    pub(super) client: (String, u16),
    pub(super) follow_redirects: bool,
    pub(super) raise: bool,
    headers: HeaderMap,
}

impl Settings {
    #[track_caller]
    pub(super) fn add_header(&mut self, name: &str, value: &str) {
        match (HeaderName::from_bytes(name.as_bytes()), value.parse()) {
            (Ok(name), Ok(value)) => self.headers.append(name, value),
            _ => panic!("`{name}: {value}` is no header"),
        };
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Failure {
    Unhandled(String, Error),
    Target(String),
    Broken(String, String),
    Redirects(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unhandled(request, error) => {
                write!(
                    formatter,
                    "{request} failed with an error that nobody handles: {error}\n{error:?}"
                )
            }
            Self::Target(target) => write!(formatter, "`{target}` cannot be asked for"),
            Self::Broken(request, error) => {
                write!(formatter, "the answer to {request} broke off: {error}")
            }
            Self::Redirects(request) => {
                write!(formatter, "{request} was redirected over and over again")
            }
        }
    }
}

impl Exchange {
    pub(super) fn new(service: Service) -> Self {
        Self {
            service,
            settings: Settings {
                base: Address::absolute("http://testserver"),
                client: ("testclient".to_owned(), 50000),
                follow_redirects: true,
                raise: true,
                headers: HeaderMap::new(),
            },
            cookies: Arc::default(),
        }
    }

    pub(super) fn service(&self) -> &Service {
        &self.service
    }

    pub(super) fn cookies(&self) -> MutexGuard<'_, CookieJar> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn defaults(&self) -> Defaults {
        Defaults {
            base: self.settings.base.clone(),
            headers: self.settings.headers.clone(),
            follow_redirects: self.settings.follow_redirects,
        }
    }

    /// Sends a request and those its answer redirects to.
    pub(super) async fn send(&self, mut message: Message) -> Result<TestResponse, Failure> {
        let mut history = Vec::new();
        loop {
            let response = self.send_once(&message).await?;
            let location = match response.header(LOCATION.as_str()) {
                Some(location) if message.follow_redirects && is_redirect(response.status) => {
                    location.to_owned()
                }
                _ => {
                    return Ok(TestResponse {
                        history,
                        ..response
                    });
                }
            };
            if history.len() == REDIRECTS {
                return Err(Failure::Redirects(message.to_string()));
            }
            redirect(&mut message, response.status, &location);
            history.push(response);
        }
    }

    /// The answer of the service to a request, and who sent it.
    pub(super) async fn answer(
        &self,
        message: &Message,
        request: http::Request<Body>,
    ) -> crate::http::Response {
        let (host, port) = &self.settings.client;
        let mut peer = Peer::named(host.clone(), *port);
        if matches!(&*message.address.scheme, "https" | "wss") {
            peer = peer.secure();
        }
        let answering = self.service.answer(request, peer);
        if self.settings.raise {
            answering.await
        } else {
            let answered = AssertUnwindSafe(answering).catch_unwind().await;
            answered.unwrap_or_else(|panic| unexpected(&*panic))
        }
    }

    async fn send_once(&self, message: &Message) -> Result<TestResponse, Failure> {
        let request = self.request(message)?;
        let response = self.answer(message, request).await;
        self.read(message, response).await
    }

    /// The answer read to its end, with everything that belongs to it done.
    pub(super) async fn read(
        &self,
        message: &Message,
        response: crate::http::Response,
    ) -> Result<TestResponse, Failure> {
        let (parts, mut body) = response.into_http().into_parts();
        let after = body.take_after();
        let bytes = match AssertUnwindSafe(body.collect(usize::MAX))
            .catch_unwind()
            .await
        {
            Ok(bytes) => bytes.map_err(|error| error.to_string()),
            Err(panic) if self.settings.raise => resume_unwind(panic),
            Err(_) => Err("its body panicked".to_owned()),
        };
        if let Some(after) = after {
            after.run().await;
        }
        if let Some(Unhandled(error)) = parts.extensions.get()
            && self.settings.raise
        {
            return Err(Failure::Unhandled(message.to_string(), error.clone()));
        }
        self.cookies().take(&parts.headers, &message.address);
        Ok(TestResponse {
            status: parts.status,
            headers: parts.headers,
            body: match bytes {
                Ok(_) if message.method == Method::HEAD => Bytes::new(),
                Ok(bytes) => bytes,
                Err(error) => return Err(Failure::Broken(message.to_string(), error)),
            },
            url: message.address.to_string(),
            history: Vec::new(),
        })
    }

    /// The request as a server would hand it over.
    pub(super) fn request(&self, message: &Message) -> Result<http::Request<Body>, Failure> {
        let address = &message.address;
        let unusable = || Failure::Target(address.to_string());
        let mut headers = HeaderMap::new();
        let host = HeaderValue::from_str(&address.host).map_err(|_| unusable())?;
        headers.insert(HOST, host);
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        headers.insert(CONNECTION, HeaderValue::from_static("keep-alive"));
        headers.insert(USER_AGENT, HeaderValue::from_static("testclient"));
        let writes = matches!(message.method, Method::POST | Method::PUT | Method::PATCH);
        let length = message.body.as_ref().map(Bytes::len);
        let chunked = message.headers.contains_key(TRANSFER_ENCODING);
        if let Some(length) = length.or(writes.then_some(0))
            && !chunked
        {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        let mut cookies: Vec<String> = self.cookies().header(address).into_iter().collect();
        cookies.extend(message.cookies.iter().cloned());
        if !cookies.is_empty() {
            let cookies = HeaderValue::from_str(&cookies.join("; ")).map_err(|_| unusable())?;
            headers.insert(COOKIE, cookies);
        }
        for name in message.headers.keys() {
            headers.remove(name);
            for value in message.headers.get_all(name) {
                headers.append(name, value.clone());
            }
        }
        let body = message.body.clone().map_or_else(Body::empty, Body::from);
        let mut request = http::Request::new(body);
        *request.method_mut() = message.method.clone();
        *request.uri_mut() = address.target().parse().map_err(|_| unusable())?;
        *request.headers_mut() = headers;
        Ok(request)
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Turns a request into the one that follows a redirect, as browsers do.
fn redirect(message: &mut Message, status: StatusCode, location: &str) {
    let target = message.address.follow(location);
    let becomes_get = match status.as_u16() {
        303 | 302 => message.method != Method::HEAD,
        301 => message.method == Method::POST,
        _ => false,
    };
    if becomes_get {
        message.method = Method::GET;
        message.body = None;
        for name in [CONTENT_TYPE, CONTENT_LENGTH, TRANSFER_ENCODING] {
            message.headers.remove(name);
        }
    }
    if target.host != message.address.host || target.scheme != message.address.scheme {
        message.headers.remove(AUTHORIZATION);
        message.headers.remove(HOST);
    }
    message.address = target;
}

/// What a server answers when a handler panics.
fn unexpected(panic: &(dyn Any + Send)) -> crate::http::Response {
    let panic = panic_text(panic);
    tracing::error!(panic, "a handler panicked");
    crate::http::Response::text("Internal Server Error").status(500)
}

/// Method and URL, as messages name a request.
impl fmt::Display for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method, self.address)
    }
}
