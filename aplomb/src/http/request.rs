//! What a client asked, as a handler sees it.

mod body;
mod carried;
mod change;
mod trail;
mod url;

pub use body::JsonError;
pub(crate) use trail::Trail;

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};

use bytes::Bytes;
use http::header::{COOKIE, HOST};
use http::{Extensions, HeaderMap, Method, Uri, Version};

use super::{Body, Client, FormData, Head, Matched, PathParams, parse_cookies};
use crate::observe::Record;
use crate::route::RequestLimits;

/// A handle on the request being answered; cloning it is cheap.
///
/// ```
/// use aplomb::http::{Body, Head, Peer, Request};
///
/// let (parts, ()) = http::Request::builder()
///     .uri("/caf%C3%A9?size=big")
///     .header("host", "shop.example")
///     .body(())?
///     .into_parts();
/// let request = Request::new(Head::new(parts, Peer::named("testclient", 50000)), Body::empty());
/// assert_eq!(request.path(), "/café");
/// assert_eq!(request.query("size"), Some("big"));
/// assert_eq!(request.url(), "http://shop.example/café?size=big");
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone)]
pub struct Request {
    inner: Arc<Inner>,
}

struct Inner {
    head: Head,
    trail: Arc<Trail>,
    /// The trail of the request that this is a copy of, for those who hold on to the first.
    first: Option<Arc<Trail>>,
    body: Mutex<Option<Body>>,
    limit: usize,
    /// What the application says, and once a route has been found, what that says.
    limits: Mutex<RequestLimits>,
    read: tokio::sync::OnceCell<Bytes>,
    /// Who has the body, once the head has been changed while others held on to it.
    origin: Option<Request>,
    form: tokio::sync::OnceCell<FormData>,
    query: OnceLock<Vec<(String, String)>>,
    cookies: OnceLock<Vec<(String, String)>>,
}

impl Request {
    /// A request from its head and its body, which may still be arriving.
    pub fn new(head: Head, body: Body) -> Self {
        Self::with_limit(head, body, usize::MAX)
    }

    /// A request whose body may have at most this many bytes.
    pub fn with_limit(head: Head, body: Body, limit: usize) -> Self {
        Self::made_of(head, Some(body), limit, None)
    }

    fn made_of(head: Head, body: Option<Body>, limit: usize, origin: Option<Self>) -> Self {
        let inner = Inner {
            head,
            trail: Arc::default(),
            first: None,
            body: Mutex::new(body),
            limit,
            limits: Mutex::default(),
            read: tokio::sync::OnceCell::new(),
            origin,
            form: tokio::sync::OnceCell::new(),
            query: OnceLock::new(),
            cookies: OnceLock::new(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Everything but the body.
    pub fn head(&self) -> &Head {
        &self.inner.head
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.inner.head.parts.method
    }

    /// The target as it was sent.
    pub fn uri(&self) -> &Uri {
        &self.inner.head.parts.uri
    }

    /// The version of HTTP.
    pub fn version(&self) -> Version {
        self.inner.head.parts.version
    }

    /// The decoded path.
    pub fn path(&self) -> Cow<'_, str> {
        self.inner.head.path()
    }

    /// The prefix a proxy or a mount has taken off the path.
    pub fn root_path(&self) -> &str {
        &self.inner.head.root_path
    }

    /// The values of the path's named segments; empty until a route has been found.
    pub fn path_params(&self) -> &PathParams {
        static NONE: PathParams = PathParams::new();
        self.matched().map_or(&NONE, |matched| &matched.path_params)
    }

    /// What answers this request, once it has been found.
    pub fn matched(&self) -> Option<&Matched> {
        let first = || self.inner.first.as_ref()?.matched();
        self.inner.trail.matched().or_else(first)
    }

    /// Says what answers this request.
    pub(crate) fn set_matched(&self, matched: Matched) {
        if let Some(first) = &self.inner.first {
            first.set_matched(matched.clone());
        }
        self.inner.trail.set_matched(matched);
    }

    /// The scheme the client used, `http` or `https`.
    pub fn scheme(&self) -> &'static str {
        self.inner.head.peer.scheme(self.headers())
    }

    /// Host and port the client asked for, as it spelled them.
    pub fn host(&self) -> Option<&str> {
        let asked = self.uri().authority().map(http::uri::Authority::as_str);
        asked.or_else(|| self.header(HOST.as_str()))
    }

    /// The query as it was sent, without the question mark.
    pub fn query_string(&self) -> &str {
        self.uri().query().unwrap_or_default()
    }

    /// Names and values of the query, decoded, in order.
    pub fn query_params(&self) -> &[(String, String)] {
        self.inner.query.get_or_init(|| {
            form_urlencoded::parse(self.query_string().as_bytes())
                .into_owned()
                .collect()
        })
    }

    /// The last value of a name in the query, decoded only if it has to be.
    pub(crate) fn query_text(&self, name: &str) -> Option<Cow<'_, str>> {
        super::query::last(self.uri().query()?, name)
    }

    /// The last value of a name in the query.
    pub fn query(&self, name: &str) -> Option<&str> {
        last(self.query_params(), name)
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.inner.head.parts.headers
    }

    /// The first header of this name, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.headers().get(name)?.as_bytes()).ok()
    }

    /// Names and values of the cookies, in order.
    pub fn cookies(&self) -> &[(String, String)] {
        self.inner.cookies.get_or_init(|| {
            let headers = self.headers().get_all(COOKIE).iter();
            let texts = headers.map(|header| String::from_utf8_lossy(header.as_bytes()));
            let own = |text: Cow<'_, str>| -> Vec<_> {
                parse_cookies(&text)
                    .map(|(k, v)| (k.to_owned(), v.into_owned()))
                    .collect()
            };
            texts.flat_map(own).collect()
        })
    }

    /// The value of a cookie, the last of several.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        last(self.cookies(), name)
    }

    /// Where the client is, as far as is known.
    pub fn client(&self) -> Option<Client> {
        self.inner.head.peer.client(self.headers())
    }

    /// The certificate that the client has shown, in DER; see
    /// [`Peer::client_certificate`](crate::http::Peer::client_certificate).
    pub fn client_certificate(&self) -> Option<&[u8]> {
        self.inner.head.peer.client_certificate()
    }

    /// What this request has done until now, and when.
    ///
    /// ```
    /// use aplomb::prelude::*;
    /// use aplomb::observe::Phase;
    ///
    /// #[get("/")]
    /// async fn read_root(request: Request) -> String {
    ///     format!("{}: {}", request.record().route().unwrap_or_default(), request.record().phase())
    /// }
    ///
    /// let client = aplomb::testing::TestClient::new(App::new().routes(routes![read_root]));
    /// assert_eq!(client.get("/").send().json(), "/: handler");
    /// ```
    pub fn record(&self) -> &Arc<Record> {
        &self.inner.head.record
    }

    /// What other layers have attached.
    pub fn extensions(&self) -> &Extensions {
        &self.inner.head.parts.extensions
    }

    /// What the app shares under this type.
    pub fn state<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.inner.head.states.get()
    }
}

fn last<'a>(entries: &'a [(String, String)], name: &str) -> Option<&'a str> {
    entries
        .iter()
        .rfind(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({} {})", self.method(), self.uri())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Peer;

    fn request(target: &str, headers: &[(&str, &str)]) -> Request {
        let mut builder = http::Request::builder().uri(target);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        let (parts, ()) = builder.body(()).expect("a request").into_parts();
        Request::new(
            Head::new(parts, Peer::named("testclient", 50000)),
            Body::from("[1]"),
        )
    }

    #[test]
    fn path_and_query_are_decoded() {
        let request = request("/a%3Fb%FF?q=1&q=x+y&empty=&lone&q=%C3%A9", &[("host", "h")]);
        assert_eq!(request.path(), "/a?b\u{fffd}");
        assert_eq!(
            request.url(),
            "http://h/a%3Fb\u{fffd}?q=1&q=x+y&empty=&lone&q=%C3%A9"
        );
        assert_eq!(request.query("q"), Some("é"));
        assert_eq!(
            (request.query("empty"), request.query("lone")),
            (Some(""), Some(""))
        );
        assert_eq!(request.query("none"), None);
    }

    #[test]
    fn cookies_of_several_headers_are_joined() {
        let request = request("/", &[("cookie", "a=1; b=2"), ("cookie", "a=3")]);
        assert_eq!(
            (request.cookie("a"), request.cookie("b")),
            (Some("3"), Some("2"))
        );
    }

    #[test]
    fn absolute_target_wins_over_host() {
        let request = request("http://one.example:81/x", &[("host", "two.example")]);
        assert_eq!(request.url(), "http://one.example:81/x");
        assert_eq!(
            request.client().map(|client| client.host).as_deref(),
            Some("testclient")
        );
    }

    #[test]
    fn url_puts_the_root_path_before_every_path() {
        for (path, url) in [
            ("/apiary", "http://h/api/apiary"),
            ("/api/x", "http://h/api/api/x"),
            ("", "http://h/api"),
        ] {
            let uri = http::Request::builder().uri("/").header("host", "h");
            let (parts, ()) = uri.body(()).expect("a request").into_parts();
            let mut head = Head::new(parts, Peer::unknown());
            head.root_path = Arc::from("/api");
            head.path = Some(path.to_owned());
            assert_eq!(Request::new(head, Body::empty()).url(), url);
        }
    }

    #[tokio::test]
    async fn body_is_kept() {
        let request = request("/", &[]);
        assert_eq!(request.body().await.expect("a body"), "[1]");
        assert_eq!(request.body().await.expect("the same body"), "[1]");
        assert!(request.take_body().is_none());
    }
}
