//! [`Route`]: an operation at its place.

use super::{Inherited, RequestLimits, ResponseObject};
use crate::admission::Gate;
use crate::deadline::TimeLimit;
use crate::middleware::{Layered, Middleware};
use crate::operation::{Handler, Operation};

/// An operation at its place, with what its router adds.
///
/// `routes![…]` makes a list of them; made by hand it can be changed before it is added.
#[derive(Clone, Debug)]
pub struct Route {
    pub(crate) operation: Operation,
    pub(crate) path: String,
    pub(crate) inherited: Inherited,
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

    /// Puts a middleware around the handler, outside of those added before and inside of its
    /// routers'; see [`Router::middleware`](crate::Router::middleware).
    #[must_use]
    pub fn middleware<M: Middleware>(mut self, middleware: M) -> Self {
        self.inherited.middleware.push(Layered::new(middleware));
        self
    }

    /// Gives every request this long until its answer begins, whatever the attribute says; see
    /// [`deadline`](mod@crate::deadline).
    #[must_use]
    pub fn deadline(mut self, deadline: impl Into<TimeLimit>) -> Self {
        self.inherited.limits.deadline = Some(deadline.into());
        self
    }

    /// Answers at most so many requests at a time; see
    /// [`App::max_in_flight`](crate::App::max_in_flight).
    #[must_use]
    pub fn max_in_flight(mut self, most: u32) -> Self {
        self.inherited.gates.push(Gate::new(most));
        self
    }

    /// Documents what the service may call in turn: operations whose [`path`](Self::path) is a
    /// runtime expression, such as `{$callback_url}/invoices`.
    #[must_use]
    pub fn callbacks<R: Into<Self>>(mut self, routes: impl IntoIterator<Item = R>) -> Self {
        let routes = routes.into_iter().map(Into::into);
        self.inherited.callbacks.extend(routes);
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
            callbacks: details
                .callbacks
                .iter()
                .map(|operation| Self::from(operation()))
                .collect(),
            middleware: Vec::new(),
            response_class: details.response_class,
            limits: RequestLimits {
                max_body_size: details.max_body_size,
                form: details.form_limits,
                deadline: details.deadline,
                on_disconnect: details.on_disconnect,
            },
            lane: details.lane,
            gates: details
                .max_in_flight
                .map(|most| Gate::new(most.get()))
                .into_iter()
                .collect(),
        };
        Self {
            path: operation.path.to_owned(),
            operation,
            inherited,
        }
    }
}

/// The status of a further answer: `404`, `"4XX"` or `"default"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerStatus(String);

impl AnswerStatus {
    /// As the document spells it.
    pub(crate) fn text(self) -> String {
        self.0
    }
}

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
