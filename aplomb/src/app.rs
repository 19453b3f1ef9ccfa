//! [`App`]: everything a service is made of.

mod build;
mod dispatch;
mod exceptions;
mod lifespan;
mod metadata;
mod serve;

pub(crate) use build::documented_routes;
pub use dispatch::Service;
pub(crate) use exceptions::ExceptionHandlers;
pub use exceptions::Raised;
pub use exceptions::{http_exception, request_validation_exception};
pub(crate) use lifespan::Lifespans;
pub use lifespan::{Lifespan, Started};
pub use metadata::Metadata;

use std::sync::Arc;

use crate::depends::{Dependency, DependencyDefinition, Overrides};
use crate::error::Result;
use crate::http::{BoxError, Request, States};
use crate::operation::{Handler, IntoResponse};
use crate::route::{AnswerStatus, Route, Router};

/// A service: its routes, what they share, and how it is documented.
///
/// ```
/// use aplomb::App;
///
/// let app = App::new().title("Shop").version("1.2.0");
/// assert!(app.openapi().to_string().contains("\"title\":\"Shop\""));
/// ```
#[derive(Debug, Default)]
pub struct App {
    pub(crate) metadata: Metadata,
    pub(crate) router: Router,
    pub(crate) states: States,
    pub(crate) overrides: Overrides,
    pub(crate) exceptions: ExceptionHandlers,
    pub(crate) lifespans: Lifespans,
    pub(crate) serving: serve::Serving,
    pub(crate) root_path: String,
    pub(crate) keep_slashes: bool,
}

impl App {
    /// A service without routes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives handlers a value of the application: a pool, settings, a client.
    #[must_use]
    pub fn state<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.states.insert(value);
        self
    }

    /// Adds routes, tried in this order.
    #[must_use]
    pub fn routes<R: Into<Route>>(mut self, routes: impl IntoIterator<Item = R>) -> Self {
        self.router = self.router.routes(routes);
        self
    }

    /// Adds the route of one function.
    #[must_use]
    pub fn route<H: Handler>(mut self) -> Self {
        self.router = self.router.route::<H>();
        self
    }

    /// Adds a router's routes.
    #[must_use]
    pub fn include(mut self, router: Router) -> Self {
        self.router = self.router.include(router);
        self
    }

    /// Hands every request below `path` to a tower service, such as an axum router.
    #[must_use]
    pub fn mount<S, B>(mut self, path: impl Into<String>, service: S) -> Self
    where
        S: tower_service::Service<
                ::http::Request<crate::http::Body>,
                Response = ::http::Response<B>,
            > + Clone
            + Send
            + Sync
            + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.router = self.router.mount(path, service);
        self
    }

    /// Runs a dependency before every route.
    #[must_use]
    pub fn depends<D: Dependency>(mut self) -> Self {
        self.router = self.router.depends::<D>();
        self
    }

    /// Documents a further answer of every route.
    #[must_use]
    pub fn response(mut self, status: impl Into<AnswerStatus>, description: &str) -> Self {
        self.router = self.router.response(status, description);
        self
    }

    /// Runs `R` wherever `D` is asked for, as a test does with a fake.
    #[must_use]
    pub fn override_dependency<D, R>(mut self) -> Self
    where
        D: Dependency,
        R: Dependency<Output = D::Output>,
    {
        let replaced: DependencyDefinition = D::definition();
        self.overrides.insert(replaced.key, R::definition());
        self
    }

    /// Runs this function wherever `D` is asked for, as a test does with a fake.
    ///
    /// ```
    /// use aplomb::{App, Depends, HttpException, Result, dependency, get, routes};
    /// use aplomb::testing::TestClient;
    ///
    /// #[dependency]
    /// async fn current_user() -> Result<String> {
    ///     Err(HttpException::unauthorized("Who are you?").into())
    /// }
    ///
    /// #[get("/me")]
    /// async fn read_me(user: Depends<current_user>) -> String {
    ///     user.to_string()
    /// }
    ///
    /// let app = App::new().routes(routes![read_me]);
    /// let app = app.override_with::<current_user, _, _>(|| async { Ok("anna".to_owned()) });
    /// assert_eq!(TestClient::new(app).get("/me").send().json(), "anna");
    /// ```
    #[must_use]
    pub fn override_with<D, F, R>(mut self, function: F) -> Self
    where
        D: Dependency,
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<D::Output>> + Send + 'static,
    {
        let replacement = crate::depends::replaced_by::<D, F, R>(function);
        self.overrides.insert(replacement.key, replacement);
        self
    }

    /// Gives this value wherever `D` is asked for, as a test does with a fake.
    #[must_use]
    pub fn override_value<D>(mut self, value: D::Output) -> Self
    where
        D: Dependency,
        D::Output: Clone,
    {
        let replacement = crate::depends::replaced_with::<D>(value);
        self.overrides.insert(replacement.key, replacement);
        self
    }

    /// Answers errors of type `E`, raised anywhere, by this function.
    ///
    /// `E` may be [`HttpException`](crate::HttpException) or
    /// [`RequestValidationError`](crate::RequestValidationError), whose answers this replaces.
    #[must_use]
    pub fn exception_handler<E, F, R>(mut self, handler: F) -> Self
    where
        E: Send + Sync + 'static,
        F: Fn(Request, Raised<E>) -> R + Send + Sync + 'static,
        R: Future<Output: IntoResponse> + Send + 'static,
    {
        self.exceptions.by_type(handler);
        self
    }

    /// Answers every error of this status by this function, those of the router (404, 405) and
    /// unexpected ones (500) too, which are logged as well. A panic is no error: the server answers it,
    /// without this function.
    #[must_use]
    pub fn status_handler<F, R>(mut self, status: u16, handler: F) -> Self
    where
        F: Fn(Request, crate::Error) -> R + Send + Sync + 'static,
        R: Future<Output: IntoResponse> + Send + 'static,
    {
        self.exceptions.by_status(status, handler);
        self
    }

    /// Runs a function from before the first request until after the last.
    ///
    /// Of several, the first given starts first and ends last.
    #[must_use]
    pub fn lifespan<F, R>(mut self, lifespan: F) -> Self
    where
        F: Fn(Lifespan) -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        self.lifespans.push(lifespan);
        self
    }

    /// Runs a function before the first request.
    #[must_use]
    pub fn on_startup<F, R>(self, function: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        self.lifespan(move |_| function())
    }

    /// Runs a function after the last request.
    #[must_use]
    pub fn on_shutdown<F, R>(self, function: F) -> Self
    where
        F: Fn() -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        self.lifespan(move |service| {
            let function = function.clone();
            async move {
                service.running().await;
                function().await
            }
        })
    }

    /// The prefix a proxy takes off the path.
    #[must_use]
    pub fn root_path(mut self, root_path: impl Into<String>) -> Self {
        self.root_path = root_path.into().trim_end_matches('/').to_owned();
        self
    }

    /// Whether a path that matches but for its last slash is redirected; it is unless said
    /// otherwise.
    #[must_use]
    pub fn redirect_slashes(mut self, redirect: bool) -> Self {
        self.keep_slashes = !redirect;
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

    /// The service, checked and ready to answer: a tower service.
    ///
    /// # Panics
    /// When the service cannot work: dependencies in a circle, a state nobody gave, a path that is
    /// no template. The message names both sides.
    #[track_caller]
    pub fn build(self) -> Service {
        Service::new(Arc::new(build::build(self)))
    }
}
