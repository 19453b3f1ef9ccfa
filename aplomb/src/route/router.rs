//! [`Router`]: routes with a common prefix, tags, dependencies and answers.

use std::sync::Arc;

use super::{AnswerStatus, Inherited, ResponseObject, Route};
use crate::admission::Gate;
use crate::deadline::TimeLimit;
use crate::depends::Dependency;
use crate::frontend::Frontend;
use crate::http::FormLimits;
use crate::json::{Object, Value};
use crate::middleware::{Layered, Middleware};
use crate::model::{Constraints, Model};
use crate::mount::{Mountable, MountedService};
use crate::openapi::Schemas;
use crate::operation::{Class, Handler, ResponseClass};
use crate::serve::{Lane, OnDisconnect};

#[derive(Clone, Debug)]
pub(crate) enum Entry {
    Route(Box<Route>),
    Include(Box<Router>),
    Mount(Mount),
    Frontend(String, Arc<Frontend>),
}

/// Another application below a prefix.
#[derive(Clone, Debug)]
pub struct Mount {
    pub(crate) path: String,
    pub(crate) name: Option<String>,
    pub(crate) service: MountedService,
}

/// Routes with a common prefix, tags, dependencies and answers: FastAPI's `APIRouter`.
///
/// ```
/// use aplomb::Router;
///
/// let users = Router::new().prefix("/users").tags(["users"]);
/// let api = Router::new().prefix("/v1").include(users);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Router {
    pub(crate) prefix: String,
    pub(crate) inherited: Inherited,
    pub(crate) entries: Vec<Entry>,
}

impl Router {
    /// A router without routes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts every route below this path.
    ///
    /// # Panics
    /// When the prefix does not start with `/`, or ends with one.
    #[must_use]
    #[track_caller]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        let prefix = prefix.into();
        assert!(
            prefix.is_empty() || (prefix.starts_with('/') && !prefix.ends_with('/')),
            "the prefix `{prefix}` must start with `/` and not end with one",
        );
        self.prefix = prefix;
        self
    }

    /// Lists every route under these tags.
    #[must_use]
    pub fn tags<T: Into<String>>(mut self, tags: impl IntoIterator<Item = T>) -> Self {
        self.inherited.tags.extend(tags.into_iter().map(Into::into));
        self
    }

    /// Runs a dependency before every route and frontend; [mounts](Self::mount) do not know it.
    #[must_use]
    pub fn depends<D: Dependency>(mut self) -> Self {
        self.inherited.dependencies.push(D::definition());
        self
    }

    /// Runs a dependency before every route, and asks it and what it depends on for OAuth2 scopes:
    /// FastAPI's `dependencies=[Security(f, scopes=[…])]`.
    #[must_use]
    pub fn security<D: Dependency>(
        mut self,
        scopes: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let definition = D::definition().with_scopes(scopes);
        self.inherited.dependencies.push(definition);
        self
    }

    /// Documents a further answer of every route by its text.
    #[must_use]
    pub fn response(self, status: impl Into<AnswerStatus>, description: &str) -> Self {
        let object = crate::operation::described_response(description);
        self.describe(status.into(), move |_| object.clone())
    }

    /// Documents a further answer of every route by its model and its text.
    #[must_use]
    pub fn response_model<M: Model>(
        self,
        status: impl Into<AnswerStatus>,
        description: &str,
    ) -> Self {
        let object = crate::operation::described_response(description);
        self.describe(status.into(), move |schemas| {
            let mut object = object.clone();
            let schema = M::schema(schemas, &Constraints::NONE);
            object.insert("model".to_owned(), Value::Object(schema));
            object
        })
    }

    /// Documents a further answer of every route by its OpenAPI response object.
    #[must_use]
    pub fn response_object(self, status: impl Into<AnswerStatus>, object: Object) -> Self {
        self.describe(status.into(), move |_| object.clone())
    }

    fn describe(
        mut self,
        status: AnswerStatus,
        object: impl Fn(&mut Schemas) -> Object + Send + Sync + 'static,
    ) -> Self {
        self.inherited
            .responses
            .push((status.text(), ResponseObject(std::sync::Arc::new(object))));
        self
    }

    /// Documents at every route what the service may call in turn: operations whose path is a
    /// runtime expression.
    ///
    /// ```
    /// use aplomb::prelude::*;
    ///
    /// /// An order was shipped.
    /// #[post("{$request.query.callback_url}/orders")]
    /// async fn order_shipped(order: i64) {
    ///     let _ = order;
    /// }
    ///
    /// #[post("/orders")]
    /// async fn create_order(callback_url: String) -> Value {
    ///     json!(callback_url)
    /// }
    ///
    /// let orders = Router::new()
    ///     .callbacks(routes![order_shipped])
    ///     .routes(routes![create_order]);
    /// let document = App::new().include(orders).openapi();
    /// let callbacks = &document["paths"]["/orders"]["post"]["callbacks"];
    /// let callback = &callbacks["order_shipped"]["{$request.query.callback_url}/orders"];
    /// assert_eq!(callback["post"]["description"], "An order was shipped.");
    /// ```
    #[must_use]
    pub fn callbacks<R: Into<Route>>(mut self, routes: impl IntoIterator<Item = R>) -> Self {
        let routes = routes.into_iter().map(Into::into);
        self.inherited.callbacks.extend(routes);
        self
    }

    /// Marks every route as one that clients should stop using.
    #[must_use]
    pub fn deprecated(mut self, deprecated: bool) -> Self {
        self.inherited.deprecated = Some(deprecated);
        self
    }

    /// Shows the routes in the document, or hides them.
    #[must_use]
    pub fn include_in_schema(mut self, include: bool) -> Self {
        self.inherited.include_in_schema = include;
        self
    }

    /// Makes the operation ids of every route whose attribute names none.
    ///
    /// ```
    /// use aplomb::prelude::*;
    ///
    /// #[get("/items")]
    /// async fn read_items() -> Value {
    ///     json!([])
    /// }
    ///
    /// let items = Router::new()
    ///     .tags(["items"])
    ///     .generate_unique_id(|route| format!("{}-{}", route.tags()[0], route.name()))
    ///     .routes(routes![read_items]);
    /// let document = App::new().include(items).openapi();
    /// assert_eq!(document["paths"]["/items"]["get"]["operationId"], "items-read_items");
    /// ```
    #[must_use]
    pub fn generate_unique_id(mut self, generate: fn(&Route) -> String) -> Self {
        self.inherited.generate_unique_id = Some(generate);
        self
    }

    /// Makes results what this class says, on every route whose attribute or result names no class
    /// of its own. Of nested routers the innermost decides.
    ///
    /// ```
    /// use aplomb::prelude::*;
    /// use aplomb::http::Html;
    /// use aplomb::testing::TestClient;
    ///
    /// #[get("/")]
    /// async fn home() -> String {
    ///     "<h1>Home</h1>".to_owned()
    /// }
    ///
    /// let pages = Router::new().default_response_class::<Html>().routes(routes![home]);
    /// let answer = TestClient::new(App::new().include(pages)).get("/").send();
    /// answer.assert_header("content-type", "text/html; charset=utf-8");
    /// ```
    #[must_use]
    pub fn default_response_class<C: ResponseClass>(mut self) -> Self {
        self.inherited.response_class = Some(const { Class::of::<C>() });
        self
    }

    /// Whether a body without a content type is refused as JSON; it is unless said otherwise.
    #[must_use]
    pub fn strict_content_type(mut self, strict: bool) -> Self {
        self.inherited.strict_content_type = Some(strict);
        self
    }

    /// Puts a middleware around the handlers of every route and frontend, outside of those added
    /// before. [Mounts](Self::mount) do not know it.
    ///
    /// It stands where FastAPI's custom route classes do: behind the middleware of the
    /// application and the search for a route, before the body is read and dependencies run.
    /// What a handler fails with passes through it as an error.
    ///
    /// ```
    /// use aplomb::middleware::Next;
    /// use aplomb::prelude::*;
    ///
    /// async fn name_route(request: Request, next: Next) -> Result<Response> {
    ///     let name = request.matched().and_then(|matched| matched.name);
    ///     Ok(next.run(request).await?.header("x-route", name.unwrap_or_default()))
    /// }
    ///
    /// let router = Router::new().prefix("/users").middleware(name_route);
    /// ```
    #[must_use]
    pub fn middleware<M: Middleware>(mut self, middleware: M) -> Self {
        self.inherited.middleware.push(Layered::new(middleware));
        self
    }

    /// How many bytes the body of a request may have, before it is answered with 413. What a route
    /// or an inner router says comes before what is said here.
    #[must_use]
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        self.inherited.limits.max_body_size = Some(bytes);
        self
    }

    /// Polls the operations of the routes that say nothing themselves in this lane, instead of where
    /// measuring says; see [`Lane`].
    #[must_use]
    pub fn lane(mut self, lane: Lane) -> Self {
        self.inherited.lane = Some(lane);
        self
    }

    /// How much a form may hold, before it is answered with 400. What a route or an inner router
    /// says comes before what is said here, each limit by itself.
    #[must_use]
    pub fn form_limits(mut self, limits: FormLimits) -> Self {
        self.inherited.limits.form = limits.below(self.inherited.limits.form);
        self
    }

    /// How long a request may take until its answer begins, before it is answered with 504. What a
    /// route or an inner router says comes before what is said here; see
    /// [`deadline`](mod@crate::deadline).
    #[must_use]
    pub fn deadline(mut self, deadline: impl Into<TimeLimit>) -> Self {
        self.inherited.limits.deadline = Some(deadline.into());
        self
    }

    /// What becomes of a request whose client leaves before its answer has begun. What a route or an
    /// inner router says comes before what is said here; see [`OnDisconnect`].
    #[must_use]
    pub fn on_disconnect(mut self, then: OnDisconnect) -> Self {
        self.inherited.limits.on_disconnect = Some(then);
        self
    }

    /// Answers at most so many requests of all its routes together at a time; see
    /// [`App::max_in_flight`](crate::App::max_in_flight).
    #[must_use]
    pub fn max_in_flight(mut self, most: u32) -> Self {
        self.inherited.gates.push(Gate::new(most));
        self
    }

    /// Adds routes, tried in this order; those of an included router where it is included.
    ///
    /// One that no request can reach is logged as a warning at the start: a second with the same
    /// method and path, or `/items/me` behind `/items/{id}`, which is to be declared before it.
    #[must_use]
    pub fn routes<R: Into<Route>>(mut self, routes: impl IntoIterator<Item = R>) -> Self {
        self.entries.extend(
            routes
                .into_iter()
                .map(|route| Entry::Route(Box::new(route.into()))),
        );
        self
    }

    /// Adds the route of one function.
    #[must_use]
    pub fn route<H: Handler>(self) -> Self {
        self.routes([Route::of::<H>()])
    }

    /// Adds another router's routes below this one's prefix.
    #[must_use]
    pub fn include(mut self, router: Self) -> Self {
        self.entries.push(Entry::Include(Box::new(router)));
        self
    }

    /// Hands every request below `path` to a tower service, such as another app, static files or an
    /// axum router.
    ///
    /// The service sees the path without the prefix; the prefix is in its root path. Its routes keep
    /// their names in [`Request::url_for`](crate::Request::url_for).
    ///
    /// A mount is no route: as in FastAPI, neither the dependencies of the routers and the
    /// application that it stands in nor the middleware of those routers run for it. What guards it
    /// goes into the service itself, or into the middleware of the application, which stands around
    /// everything. A router that has some of its own and a mount below it is logged as a warning.
    #[must_use]
    #[track_caller]
    pub fn mount(self, path: impl Into<String>, service: impl Mountable) -> Self {
        self.mounted(&path.into(), service.mounted(), None)
    }

    /// Hands every request below `path` to a tower service that has a name, for
    /// [`Request::url_for`](crate::Request::url_for).
    #[must_use]
    #[track_caller]
    pub fn mount_named(
        self,
        path: impl Into<String>,
        service: impl Mountable,
        name: impl Into<String>,
    ) -> Self {
        self.mounted(&path.into(), service.mounted(), Some(name.into()))
    }

    #[track_caller]
    fn mounted(mut self, path: &str, service: MountedService, name: Option<String>) -> Self {
        assert!(
            path.is_empty() || path.starts_with('/'),
            "the path `{path}` of a mount must start with `/`"
        );
        self.entries.push(Entry::Mount(Mount {
            path: path.trim_end_matches('/').to_owned(),
            name,
            service,
        }));
        self
    }

    /// Serves the files that a frontend's build has made, below every other route: they are looked
    /// at only where no route has the path. Of several the one with the longest path answers.
    ///
    /// The dependencies of the router guard it; it is not in the document. A method other than GET
    /// and HEAD is answered with 405 where there is a file, and always where there are dependencies
    /// or middleware, so that strangers cannot ask which files there are.
    ///
    /// # Panics
    /// When the path does not start with `/`, or the folder or the file of the fallback is not
    /// there; see [`Frontend::check_dir`].
    #[must_use]
    #[track_caller]
    pub fn frontend(mut self, path: impl Into<String>, frontend: impl Into<Frontend>) -> Self {
        let path = path.into();
        assert!(
            path.starts_with('/'),
            "the path `{path}` of a frontend must start with `/`"
        );
        let frontend = frontend.into();
        frontend.check();
        let path = match path.trim_end_matches('/') {
            "" => "/".to_owned(),
            path => path.to_owned(),
        };
        let frontend = Arc::new(frontend);
        self.entries.push(Entry::Frontend(path, frontend));
        self
    }
}
