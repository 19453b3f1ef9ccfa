//! Changing a request that others may hold on to.

use std::sync::{Arc, Mutex, OnceLock};

use http::{Extensions, HeaderMap};

use super::{Inner, Request, Trail};
use crate::http::{Body, Head, Matched};

impl Request {
    /// Everything but the body, to change it.
    ///
    /// Other handles on this request keep what they had; the body stays common to all.
    pub fn head_mut(&mut self) -> &mut Head {
        let inner = self.own();
        inner.query = OnceLock::new();
        inner.cookies = OnceLock::new();
        &mut inner.head
    }

    /// The inner value, no longer shared with other handles.
    fn own(&mut self) -> &mut Inner {
        if Arc::get_mut(&mut self.inner).is_none() {
            let (head, limit) = (self.head().clone(), self.inner.limit);
            let other = Self::made_of(head, None, limit, Some(self.clone()));
            other.set_limits(self.limits());
            *self = other.copied_from(
                Arc::clone(self.trail()),
                self.inner.trail.matched().cloned(),
            );
        }
        let Some(inner) = Arc::get_mut(&mut self.inner) else {
            unreachable!("nobody else holds on to this request");
        };
        inner
    }

    /// The request as a copy of another, which learns of the route that this one finds.
    pub(super) fn copied_from(mut self, first: Arc<Trail>, matched: Option<Matched>) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.first = Some(first);
        }
        if let Some(matched) = matched {
            self.set_matched(matched);
        }
        self
    }

    /// The headers, to change them.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.head_mut().parts.headers
    }

    /// What other layers have attached, to attach something.
    ///
    /// ```
    /// use aplomb::prelude::*;
    /// use aplomb::middleware::Next;
    ///
    /// #[derive(Clone)]
    /// struct Tenant(String);
    ///
    /// async fn find_tenant(mut request: Request, next: Next) -> Result<Response> {
    ///     let host = request.host().unwrap_or_default().to_owned();
    ///     request.extensions_mut().insert(Tenant(host));
    ///     next.run(request).await
    /// }
    ///
    /// #[get("/")]
    /// async fn whose(request: Request) -> String {
    ///     request.extensions().get::<Tenant>().map(|tenant| tenant.0.clone()).unwrap_or_default()
    /// }
    ///
    /// let app = App::new().routes(routes![whose]).middleware(find_tenant);
    /// let client = aplomb::testing::TestClient::new(app);
    /// assert_eq!(client.get("/").send().json(), "testserver");
    /// ```
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.head_mut().parts.extensions
    }

    /// Puts another body in place of the one there.
    ///
    /// Other handles on this request keep the one they had.
    pub fn set_body(&mut self, body: impl Into<Body>) {
        let inner = self.own();
        inner.body = Mutex::new(Some(body.into()));
        inner.read = tokio::sync::OnceCell::new();
        inner.form = tokio::sync::OnceCell::new();
        inner.origin = None;
    }
}
