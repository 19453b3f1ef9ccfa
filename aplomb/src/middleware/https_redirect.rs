//! [`HttpsRedirect`]: sends plain requests to `https`.

use super::{Middleware, Next};
use crate::error::Result;
use crate::http::{HostHeader, Request, Response};
use crate::websocket;

/// Sends plain requests to `https`: FastAPI's `HTTPSRedirectMiddleware`.
///
/// Behind a proxy that ends TLS the scheme is what the proxy says, where it is trusted (see
/// [`App::trusted_proxies`](crate::App::trusted_proxies)).
///
/// ```
/// use aplomb::middleware::HttpsRedirect;
/// use aplomb::prelude::*;
///
/// let client = aplomb::testing::TestClient::new(App::new().middleware(HttpsRedirect));
/// let answer = client.get("/docs").follow_redirects(false).send();
/// assert_eq!(answer.header("location"), Some("https://testserver/docs"));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct HttpsRedirect;

impl Middleware for HttpsRedirect {
    fn handles_websockets(&self) -> bool {
        true
    }

    async fn handle(&self, request: Request, next: Next) -> Result<Response> {
        if request.scheme() == "https" {
            return next.run(request).await;
        }
        let scheme = match websocket::is_asked_by(&request) {
            true => "wss",
            false => "https",
        };
        let url = request.url();
        let Some(rest) = url.strip_prefix("http://") else {
            return Ok(Response::text("Invalid host header").status(400));
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let host = match HostHeader::parse(authority) {
            Some(HostHeader {
                host,
                port: Some("80" | "443"),
            }) => host,
            Some(_) => authority,
            None => return Ok(Response::text("Invalid host header").status(400)),
        };
        Ok(Response::redirect(&format!("{scheme}://{host}{path}"), 307))
    }
}
