//! [`Router`]: routes with a common prefix, tags, dependencies and answers.

use std::fmt;

use crate::depends::{Dependency, DependencyDefinition};
use crate::http::BoxError;
use crate::json::{Object, Value};
use crate::model::{Constraints, Model};
use crate::mount::MountedService;
use crate::openapi::Schemas;
use crate::operation::{Handler, Operation};

/// A further answer of a route: its status, and its OpenAPI response object.
pub(crate) type ExtraResponse = (String, ResponseObject);

/// Makes an OpenAPI response object.
#[derive(Clone)]
pub(crate) struct ResponseObject(
    pub(crate) std::sync::Arc<dyn Fn(&mut Schemas) -> Object + Send + Sync>,
);

impl fmt::Debug for ResponseObject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ResponseObject")
    }
}

/// An operation at its place, with what its router adds.
///
/// `routes![…]` makes a list of them; made by hand it can be changed before it is added.
#[derive(Clone, Debug)]
pub struct Route {
    pub(crate) operation: Operation,
    pub(crate) path: String,
    pub(crate) inherited: Inherited,
    /// What the service may call in turn.
    pub(crate) callbacks: Vec<Self>,
}

impl Route {
    /// The route of a function with `#[get]` or a sister.
    pub fn of<H: Handler>() -> Self {
        Self::from(H::operation())
    }

    /// The name of its function.
    pub fn name(&self) -> &str {
        self.operation.name
    }

    /// The methods it answers, in upper case.
    pub fn methods(&self) -> &[&'static str] {
        self.operation.methods
    }

    /// The tags it is listed under, those of its routers first.
    pub fn tags(&self) -> &[String] {
        &self.inherited.tags
    }

    /// The path template, below the prefixes of its routers.
    pub fn path_format(&self) -> &str {
        &self.path
    }

    /// Puts the route at another path than its attribute says; the parameters in it stay the same.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Documents what the service may call in turn: operations whose [`path`](Self::path) is a
    /// runtime expression, such as `{$callback_url}/invoices`.
    #[must_use]
    pub fn callbacks<R: Into<Self>>(mut self, routes: impl IntoIterator<Item = R>) -> Self {
        self.callbacks.extend(routes.into_iter().map(Into::into));
        self
    }
}

/// A list of routes from the functions that have `#[get]` or a sister on them.
///
/// ```
/// use aplomb::prelude::*;
///
/// #[get("/")]
/// async fn read_root() -> Value {
///     json!({"Hello": "World"})
/// }
///
/// let app = App::new().routes(routes![read_root]);
/// ```
#[macro_export]
macro_rules! routes {
    () => {
        [] as [$crate::Route; 0]
    };
    ($($handler:ty),+ $(,)?) => {
        [$($crate::Route::of::<$handler>()),+]
    };
}

impl From<Operation> for Route {
    fn from(operation: Operation) -> Self {
        let details = &operation.details;
        let responses = details.responses.iter().map(|(status, object)| {
            (
                (*status).to_owned(),
                ResponseObject(std::sync::Arc::new(object)),
            )
        });
        let inherited = Inherited {
            tags: details.tags.iter().map(|tag| (*tag).to_owned()).collect(),
            dependencies: details
                .dependencies
                .iter()
                .map(|definition| definition())
                .collect(),
            responses: responses.collect(),
            deprecated: details.deprecated.then_some(true),
            include_in_schema: details.include_in_schema,
            strict_content_type: None,
            generate_unique_id: None,
        };
        Self {
            path: operation.path.to_owned(),
            operation,
            inherited,
            callbacks: Vec::new(),
        }
    }
}

/// The status of a further answer: `404`, `"4XX"` or `"default"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerStatus(String);

impl From<u16> for AnswerStatus {
    fn from(status: u16) -> Self {
        Self(status.to_string())
    }
}

impl From<&str> for AnswerStatus {
    fn from(status: &str) -> Self {
        Self(status.to_owned())
    }
}

/// What routers hand down to their routes.
#[derive(Clone, Debug)]
pub(crate) struct Inherited {
    pub(crate) tags: Vec<String>,
    pub(crate) dependencies: Vec<DependencyDefinition>,
    pub(crate) responses: Vec<ExtraResponse>,
    pub(crate) deprecated: Option<bool>,
    pub(crate) include_in_schema: bool,
    pub(crate) strict_content_type: Option<bool>,
    pub(crate) generate_unique_id: Option<fn(&Route) -> String>,
}

impl Default for Inherited {
    fn default() -> Self {
        Self {
            tags: Vec::new(),
            dependencies: Vec::new(),
            responses: Vec::new(),
            deprecated: None,
            include_in_schema: true,
            strict_content_type: None,
            generate_unique_id: None,
        }
    }
}

impl Inherited {
    /// What is said here, led by what the outer router says.
    pub(crate) fn below(&self, outer: &Self) -> Self {
        let mut responses = outer.responses.clone();
        for (status, object) in &self.responses {
            responses.retain(|(known, _)| known != status);
            responses.push((status.clone(), object.clone()));
        }
        Self {
            tags: [&outer.tags[..], &self.tags[..]].concat(),
            dependencies: [&outer.dependencies[..], &self.dependencies[..]].concat(),
            responses,
            deprecated: self.deprecated.or(outer.deprecated),
            include_in_schema: self.include_in_schema && outer.include_in_schema,
            strict_content_type: self.strict_content_type.or(outer.strict_content_type),
            generate_unique_id: self.generate_unique_id.or(outer.generate_unique_id),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Entry {
    Route(Box<Route>),
    Include(Router),
    Mount(Mount),
}

/// Another application below a prefix.
#[derive(Clone, Debug)]
pub struct Mount {
    pub(crate) path: String,
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

    /// Runs a dependency before every route.
    #[must_use]
    pub fn depends<D: Dependency>(mut self) -> Self {
        self.inherited.dependencies.push(D::definition());
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
            .push((status.0, ResponseObject(std::sync::Arc::new(object))));
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

    /// Whether a body without a content type is refused as JSON; it is unless said otherwise.
    #[must_use]
    pub fn strict_content_type(mut self, strict: bool) -> Self {
        self.inherited.strict_content_type = Some(strict);
        self
    }

    /// Adds routes, tried in this order.
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
        self.entries.push(Entry::Include(router));
        self
    }

    /// Hands every request below `path` to a tower service, such as an axum router.
    ///
    /// The service sees the path without the prefix.
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
        self.entries.push(Entry::Mount(Mount {
            path: path.into().trim_end_matches('/').to_owned(),
            service: MountedService::new(service),
        }));
        self
    }
}
