//! [`TrustedHost`]: refuses requests for hosts that are not the service's.

use super::{Middleware, Next};
use crate::error::Result;
use crate::http::{HostHeader, Request, Response};

/// Refuses requests for hosts that are not the service's: FastAPI's `TrustedHostMiddleware`.
///
/// ```
/// use aplomb::middleware::TrustedHost;
/// use aplomb::prelude::*;
///
/// let app = App::new().middleware(TrustedHost::new(["example.com", "*.example.com"]));
/// let client = aplomb::testing::TestClient::new(app);
/// assert_eq!(client.get("/docs").header("host", "api.example.com").send().status(), 200);
/// let refused = client.get("/docs").header("host", "evil.example").send();
/// assert_eq!((refused.status(), &*refused.text()), (400, "Invalid host header"));
/// ```
///
/// Behind it, redirects may name the host; without it they name only a path
/// (see [`Compat`](crate::app::Compat)).
#[derive(Clone, Debug)]
pub struct TrustedHost {
    hosts: Vec<String>,
    www_redirect: bool,
}

/// The host of this request is one of ours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HostIsTrusted;

impl TrustedHost {
    /// Lets requests for these hosts through; `*.example.com` is every host below
    /// `example.com`, and `*` is any.
    ///
    /// # Panics
    /// When a `*` stands elsewhere.
    #[track_caller]
    pub fn new<T: Into<String>>(hosts: impl IntoIterator<Item = T>) -> Self {
        let hosts: Vec<String> = hosts
            .into_iter()
            .map(|host| host.into().to_ascii_lowercase())
            .collect();
        for host in &hosts {
            let rest = host.strip_prefix("*.").unwrap_or(host);
            assert!(
                host == "*" || !rest.contains('*'),
                "`{host}` is no host to trust: a wildcard must be like `*.example.com`"
            );
        }
        Self {
            hosts,
            www_redirect: true,
        }
    }

    /// Whether `example.com` is redirected where only `www.example.com` is trusted; it is unless
    /// said otherwise.
    #[must_use]
    pub fn www_redirect(mut self, redirect: bool) -> Self {
        self.www_redirect = redirect;
        self
    }

    fn trusts(&self, host: &str) -> bool {
        self.hosts
            .iter()
            .any(|known| match known.strip_prefix('*') {
                Some(end) => host.ends_with(end),
                None => host == known,
            })
    }

    fn refuse(&self, request: &Request, host: Option<&str>) -> Response {
        let known = |host: &str| {
            let with_www = format!("www.{host}");
            self.hosts.contains(&with_www)
        };
        match (host, request.url().split_once("://")) {
            (Some(host), Some((scheme, rest))) if self.www_redirect && known(host) => {
                Response::redirect(&format!("{scheme}://www.{rest}"), 307)
            }
            _ => Response::text("Invalid host header").status(400),
        }
    }
}

impl Middleware for TrustedHost {
    fn handles_websockets(&self) -> bool {
        true
    }

    async fn handle(&self, mut request: Request, next: Next) -> Result<Response> {
        if self.hosts.iter().any(|host| host == "*") {
            return next.run(request).await;
        }
        let host = request.host().and_then(HostHeader::parse);
        let host = host.map(|parsed| parsed.host.to_ascii_lowercase());
        if !host.as_deref().is_some_and(|host| self.trusts(host)) {
            return Ok(self.refuse(&request, host.as_deref()));
        }
        request.extensions_mut().insert(HostIsTrusted);
        next.run(request).await
    }
}
