//! What the routes of a service share: it is asked of each, or said of each.

use super::App;
use crate::deadline::TimeLimit;
use crate::depends::Dependency;
use crate::http::FormLimits;
use crate::json::Object;
use crate::model::Model;
use crate::operation::ResponseClass;
use crate::route::{AnswerStatus, Route};
use crate::serve::{Lane, OnDisconnect};

impl App {
    /// Runs a dependency before every route and frontend; [mounts](Self::mount) and the pages of the
    /// documentation do not know it.
    #[must_use]
    pub fn depends<D: Dependency>(mut self) -> Self {
        self.router = self.router.depends::<D>();
        self
    }

    /// Runs a dependency before every route, and asks it and what it depends on for OAuth2 scopes.
    ///
    /// ```
    /// use aplomb::security::OAuth2PasswordBearer;
    /// use aplomb::{App, get, json, routes, security};
    ///
    /// #[security]
    /// fn oauth2() -> OAuth2PasswordBearer {
    ///     OAuth2PasswordBearer::new("token").scope("read", "Read everything")
    /// }
    ///
    /// #[get("/")]
    /// async fn read_root() -> &'static str {
    ///     "Hello"
    /// }
    ///
    /// let app = App::new().security::<oauth2>(["read"]).routes(routes![read_root]);
    /// let document = app.openapi();
    /// let asked = &document["paths"]["/"]["get"]["security"];
    /// assert_eq!(*asked, json!([{"OAuth2PasswordBearer": ["read"]}]));
    /// ```
    #[must_use]
    pub fn security<D: Dependency>(
        mut self,
        scopes: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.router = self.router.security::<D>(scopes);
        self
    }

    /// Documents a further answer of every route.
    #[must_use]
    pub fn response(mut self, status: impl Into<AnswerStatus>, description: &str) -> Self {
        self.router = self.router.response(status, description);
        self
    }

    /// Documents a further answer of every route by its model and its text.
    #[must_use]
    pub fn response_model<M: Model>(
        mut self,
        status: impl Into<AnswerStatus>,
        description: &str,
    ) -> Self {
        self.router = self.router.response_model::<M>(status, description);
        self
    }

    /// Documents a further answer of every route by its OpenAPI response object.
    #[must_use]
    pub fn response_object(mut self, status: impl Into<AnswerStatus>, object: Object) -> Self {
        self.router = self.router.response_object(status, object);
        self
    }

    /// Documents at every route what the service may call in turn: operations whose path is a
    /// runtime expression. See [`Router::callbacks`](crate::Router::callbacks).
    #[must_use]
    pub fn callbacks<R: Into<Route>>(mut self, routes: impl IntoIterator<Item = R>) -> Self {
        self.router = self.router.callbacks(routes);
        self
    }

    /// Marks every route as one that clients should stop using.
    #[must_use]
    pub fn deprecated(mut self, deprecated: bool) -> Self {
        self.router = self.router.deprecated(deprecated);
        self
    }

    /// Shows the routes in the document, or hides them all.
    #[must_use]
    pub fn include_in_schema(mut self, include: bool) -> Self {
        self.router = self.router.include_in_schema(include);
        self
    }

    /// Makes results what this class says, on every route that names no class of its own; see
    /// [`Router::default_response_class`](crate::Router::default_response_class).
    #[must_use]
    pub fn default_response_class<C: ResponseClass>(mut self) -> Self {
        self.router = self.router.default_response_class::<C>();
        self
    }

    /// Makes the operation ids of every route whose attribute names none.
    #[must_use]
    pub fn generate_unique_id(mut self, generate: fn(&Route) -> String) -> Self {
        self.router = self.router.generate_unique_id(generate);
        self
    }

    /// Whether a body without a content type is refused as JSON; it is unless said otherwise.
    #[must_use]
    pub fn strict_content_type(mut self, strict: bool) -> Self {
        self.router = self.router.strict_content_type(strict);
        self
    }

    /// How many bytes the body of a request may have, before it is answered with 413. What a route
    /// or a router says comes before what is said here; where nobody says anything it is
    /// [`Limits::body_bytes`](crate::serve::Limits).
    ///
    /// ```
    /// use aplomb::prelude::*;
    /// use aplomb::testing::TestClient;
    ///
    /// #[post("/items")]
    /// async fn create_item(item: Value) -> Value {
    ///     item
    /// }
    ///
    /// #[post("/uploads", max_body_size = 10 << 20)]
    /// async fn upload(file: UploadFile) -> String {
    ///     file.filename().to_owned()
    /// }
    ///
    /// let app = App::new().max_body_size(1000).routes(routes![create_item, upload]);
    /// let client = TestClient::new(app);
    /// assert_eq!(client.post("/items").body(vec![b'x'; 1001]).send().status(), 413);
    /// let answer = client.post("/uploads").file("file", "large.txt", vec![b'x'; 1001]).send();
    /// answer.assert_json(200, json!("large.txt"));
    /// ```
    #[must_use]
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        self.router = self.router.max_body_size(bytes);
        self
    }

    /// Answers at most so many requests at a time, all routes together; others wait for their turn,
    /// in the order they came. What a router or a route says holds besides.
    ///
    /// Nobody waits in vain: a request that would get its turn too late for its deadline is answered
    /// at once with 503 and a `Retry-After`, and while more comes in than can be done, so is every
    /// request that would wait for longer than answering one takes. Those that are let in are
    /// answered as fast as ever, and no fewer of them.
    ///
    /// A request counts until its answer begins, and as many times as its route's `weight` says;
    /// one of weight 0 is always let in. Handshakes of WebSockets are, too.
    ///
    /// ```
    /// use aplomb::prelude::*;
    ///
    /// #[get("/thumbnails/{number}", max_in_flight = 4)]
    /// async fn make_thumbnail(number: u32) -> String {
    ///     format!("thumbnail {number}")
    /// }
    ///
    /// #[get("/report", weight = 10)]
    /// async fn make_report() {}
    ///
    /// #[get("/health", weight = 0)]
    /// async fn is_healthy() {}
    ///
    /// let app = App::new()
    ///     .max_in_flight(100)
    ///     .routes(routes![make_thumbnail, make_report, is_healthy]);
    /// ```
    ///
    /// Without it nobody waits here, and only [`Limits::requests`](crate::serve::Limits::requests)
    /// bounds how many requests are answered.
    #[must_use]
    pub fn max_in_flight(mut self, most: u32) -> Self {
        self.router = self.router.max_in_flight(most);
        self
    }

    /// Polls the operations of the routes that say nothing themselves in this lane, instead of where
    /// measuring says; see [`Lane`].
    #[must_use]
    pub fn lane(mut self, lane: Lane) -> Self {
        self.router = self.router.lane(lane);
        self
    }

    /// How much a form may hold, before it is answered with 400. What a route or a router says
    /// comes before what is said here, each limit by itself.
    #[must_use]
    pub fn form_limits(mut self, limits: FormLimits) -> Self {
        self.router = self.router.form_limits(limits);
        self
    }

    /// How long a request may take until its answer begins, before it is answered with 504; 10
    /// seconds unless said otherwise. What a route or a router says comes before what is said here;
    /// see [`deadline`](mod@crate::deadline).
    ///
    /// ```
    /// use std::time::Duration;
    /// use aplomb::prelude::*;
    /// use aplomb::testing::TestClient;
    ///
    /// #[get("/")]
    /// async fn wait_in_vain() {
    ///     std::future::pending().await
    /// }
    ///
    /// let app = App::new().deadline(Duration::from_millis(20)).routes(routes![wait_in_vain]);
    /// assert_eq!(TestClient::new(app).get("/").send().status(), 504);
    /// ```
    #[must_use]
    pub fn deadline(mut self, deadline: impl Into<TimeLimit>) -> Self {
        self.router = self.router.deadline(deadline);
        self
    }

    /// What becomes of a request whose client leaves before its answer has begun: unless it is said,
    /// what only reads is cancelled and everything else goes on. What a route or a router says comes
    /// before what is said here; see [`OnDisconnect`].
    #[must_use]
    pub fn on_disconnect(mut self, then: OnDisconnect) -> Self {
        self.router = self.router.on_disconnect(then);
        self
    }
}
