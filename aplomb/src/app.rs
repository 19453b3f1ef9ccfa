//! [`App`]: everything a service is made of.

mod answers;
mod below;
mod build;
mod closing;
mod compat;
mod dispatch;
mod exceptions;
mod foreseen;
mod handle;
mod handlers;
mod health;
mod lifespan;
mod metadata;
mod noted;
mod observed;
mod redirect;
mod serve;
mod service;
mod shared;
mod unexpected;
mod unguarded;

pub(crate) use build::{documented_routes, mounts};
pub use compat::Compat;
pub use exceptions::Raised;
pub(crate) use exceptions::{ExceptionHandlers, usual, usual_status};
pub use exceptions::{http_exception, request_validation_exception};
pub(crate) use lifespan::Lifespans;
pub use lifespan::{Lifespan, Started};
pub use metadata::Metadata;
pub(crate) use redirect::redirect_to;
pub use service::Service;
pub(crate) use unexpected::{Subject, unhandled};

use crate::background::BackgroundLimit;
use crate::depends::{Dependency, DependencyDefinition, Overrides};
use crate::error::Result;
use crate::frontend::Frontend;
use crate::health::Checks;
use crate::http::{BoxError, States};
use crate::middleware::{Layered, Middleware, NextService};
use crate::mount::Mountable;
use crate::operation::Handler;
use crate::route::{NoMatchFound, Route, Router};
use crate::websocket::{WebSocketHandlers, WebSocketSettings};

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
    pub(crate) websocket_handlers: WebSocketHandlers,
    pub(crate) websocket_settings: WebSocketSettings,
    pub(crate) lifespans: Lifespans,
    pub(crate) serving: serve::Serving,
    pub(crate) observing: crate::observe::Observing,
    pub(crate) root_path: String,
    pub(crate) keep_slashes: bool,
    pub(crate) compat: Compat,
    /// What stands around everything, innermost first.
    pub(crate) middleware: Vec<Layered>,
    pub(crate) probes: health::Probes,
    pub(crate) checks: Checks,
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

    /// Adds routes, tried in this order; see [`Router::routes`].
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

    /// Hands every request below `path` to a tower service, such as another app, static files or an
    /// axum router; see [`Router::mount`].
    ///
    /// The application's middleware stands around it, and its dependencies do not run for it.
    ///
    /// ```
    /// use aplomb::prelude::*;
    /// use aplomb::testing::TestClient;
    ///
    /// let admin = App::new().title("Admin");
    /// let client = TestClient::new(App::new().mount("/admin", admin.build()));
    /// let document = client.get("/admin/openapi.json").send().json();
    /// assert_eq!(document["servers"], json!([{"url": "/admin"}]));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn mount(mut self, path: impl Into<String>, service: impl Mountable) -> Self {
        self.router = self.router.mount(path, service);
        self
    }

    /// Hands every request below `path` to a tower service that has a name; see
    /// [`Router::mount_named`].
    #[must_use]
    #[track_caller]
    pub fn mount_named(
        mut self,
        path: impl Into<String>,
        service: impl Mountable,
        name: impl Into<String>,
    ) -> Self {
        self.router = self.router.mount_named(path, service, name);
        self
    }

    /// Serves the files that a frontend's build has made, below every other route; see
    /// [`Router::frontend`].
    ///
    /// ```no_run
    /// use aplomb::{App, Frontend, frontend::Fallback};
    ///
    /// let app = App::new()
    ///     .frontend("/", "dist")
    ///     .frontend("/admin", Frontend::new("admin/dist").fallback(Fallback::Index));
    /// ```
    ///
    /// # Panics
    /// When the path does not start with `/`, or the folder or the file of the fallback is not
    /// there.
    #[must_use]
    #[track_caller]
    pub fn frontend(mut self, path: impl Into<String>, frontend: impl Into<Frontend>) -> Self {
        self.router = self.router.frontend(path, frontend);
        self
    }

    /// The path of a route, by the name of its function or the `name` of its attribute, with the
    /// values of its path's parameters; see [`Request::url_for`](crate::Request::url_for).
    ///
    /// # Errors
    /// That no route has this name and these parameters.
    ///
    /// # Panics
    /// When a path is no template.
    pub fn url_path_for(
        &self,
        name: &str,
        params: &[(&str, &str)],
    ) -> Result<String, NoMatchFound> {
        build::url_base(self).url_path_for(name, params)
    }

    /// Sets what one WebSocket may cost, and whose pages may open one.
    #[must_use]
    pub fn websockets(mut self, settings: WebSocketSettings) -> Self {
        self.websocket_settings = settings;
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

    /// Puts a middleware around everything the service answers, mounts too, outside of those added
    /// before.
    ///
    /// It is a function, or one of [`middleware`](crate::middleware).
    ///
    /// ```
    /// use aplomb::middleware::{Cors, Next};
    /// use aplomb::prelude::*;
    ///
    /// async fn say_version(request: Request, next: Next) -> Result<Response> {
    ///     Ok(next.run(request).await?.header("x-version", "7"))
    /// }
    ///
    /// let app = App::new()
    ///     .middleware(say_version)
    ///     .middleware(Cors::new().allow_origins(["https://shop.example"]));
    /// ```
    #[must_use]
    pub fn middleware<M: Middleware>(mut self, middleware: M) -> Self {
        self.middleware.push(Layered::new(middleware));
        self
    }

    /// Puts a tower layer around everything the service answers, outside of the middleware added
    /// before.
    ///
    /// ```
    /// use aplomb::App;
    /// use tower::limit::GlobalConcurrencyLimitLayer;
    ///
    /// let app = App::new().layer(GlobalConcurrencyLimitLayer::new(64));
    /// ```
    #[must_use]
    pub fn layer<L, B>(mut self, layer: L) -> Self
    where
        L: tower_layer::Layer<NextService> + Send + Sync + 'static,
        L::Service: tower_service::Service<
                ::http::Request<crate::http::Body>,
                Response = ::http::Response<B>,
                Error: Into<BoxError>,
                Future: Send + 'static,
            > + Clone
            + Send
            + Sync
            + 'static,
        B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.middleware.push(Layered::tower(layer));
        self
    }

    /// Holds at most this many background tasks, waiting and running together; 10,000 unless said
    /// otherwise.
    ///
    /// When there is no more room, a request does its work itself before it is answered; see
    /// [`BackgroundTasks`](crate::BackgroundTasks).
    #[must_use]
    pub fn background_tasks(mut self, most: usize) -> Self {
        self.states.insert(BackgroundLimit::new(most));
        self
    }

    /// The prefix a proxy takes off the path.
    #[must_use]
    pub fn root_path(mut self, root_path: impl Into<String>) -> Self {
        self.root_path = root_path.into().trim_end_matches('/').to_owned();
        self
    }

    /// Answers as FastAPI does also where that is not safe, or keeps to the safe answers, which is
    /// the default; see [`Compat`].
    #[must_use]
    pub fn compat(mut self, compat: Compat) -> Self {
        self.compat = compat;
        self
    }

    /// Whether a path that matches but for its last slash is redirected; it is unless said
    /// otherwise.
    #[must_use]
    pub fn redirect_slashes(mut self, redirect: bool) -> Self {
        self.keep_slashes = !redirect;
        self
    }

    /// The service, checked and ready to answer: a tower service.
    ///
    /// # Panics
    /// When the service cannot work: dependencies in a circle, a state nobody gave, a path that is
    /// no template. The message names both sides.
    #[track_caller]
    pub fn build(self) -> Service {
        build::build(self)
    }
}
