//! Dependencies: functions whose results other functions take.

mod cleanup;
mod plan;

pub(crate) use cleanup::Cleanups;
pub use cleanup::Outcome;
pub(crate) use plan::{Overrides, Plan};

use std::any::{Any, TypeId};
use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;

use crate::argument::{Argument, Source};
use crate::error::Error;
use crate::operation::{Binder, Parameter};

/// The result of a dependency, shared within its request.
pub type Shared = Arc<dyn Any + Send + Sync>;

/// A dependency on its way to a result.
pub type DependencyFuture = Pin<Box<dyn Future<Output = Result<Shared, Error>> + Send>>;

/// A function that `#[dependency]` made a dependency; its name is also this type's.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a dependency",
    label = "expected the name of a function with `#[dependency]`",
    note = "`Depends<f>` takes the result of the function `f`, which has `#[dependency]` on it"
)]
pub trait Dependency: 'static {
    /// What the function gives.
    type Output: Send + Sync + 'static;

    /// The function as data.
    fn definition() -> DependencyDefinition;
}

/// A dependency as data: what `#[dependency]` makes of a function.
#[derive(Clone)]
pub struct DependencyDefinition {
    /// Which function it is: what caching and overriding go by.
    pub key: TypeId,
    /// The function's name.
    pub name: &'static str,
    /// Its arguments.
    pub parameters: &'static [Parameter],
    /// Takes the arguments from the request and gives the function's future.
    pub bind: Bind,
    /// When its clean-up runs.
    pub scope: CleanupScope,
    /// The OpenAPI name and object of the security scheme this is, if it is one.
    pub security: Option<fn() -> (String, crate::json::Object)>,
    /// The scopes a security scheme is asked for here.
    pub scopes: &'static [&'static str],
}

/// Takes a dependency's arguments from the request; a function, or a closure of an override.
pub type Bind = Arc<dyn Fn(&mut Binder<'_>) -> Option<DependencyFuture> + Send + Sync>;

impl fmt::Debug for DependencyDefinition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DependencyDefinition")
            .field("name", &self.name)
            .finish()
    }
}

/// When the clean-up of a dependency runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CleanupScope {
    /// After the handler, before the response is sent.
    Function,
    /// After the response is sent.
    #[default]
    Request,
}

/// The result of the dependency `D`, as an argument.
///
/// Within one request a dependency runs once and everybody shares its result.
///
/// ```
/// use aplomb::Depends;
/// # struct paging {}
/// # impl aplomb::depends::Dependency for paging {
/// #     type Output = u32;
/// #     fn definition() -> aplomb::depends::DependencyDefinition { unimplemented!() }
/// # }
///
/// let limit: Depends<paging> = Depends::new(10);
/// assert_eq!(*limit, 10);
/// ```
pub struct Depends<D: Dependency>(Arc<D::Output>);

impl<D: Dependency> Depends<D> {
    /// A result for calling a handler from a unit test.
    pub fn new(output: D::Output) -> Self {
        Self(Arc::new(output))
    }

    /// The result itself, if it can be cloned or nobody else has it.
    pub fn into_inner(self) -> D::Output
    where
        D::Output: Clone,
    {
        Arc::unwrap_or_clone(self.0)
    }

    /// The result to keep beyond the request.
    pub fn shared(self) -> Arc<D::Output> {
        self.0
    }
}

impl<D: Dependency> Clone for Depends<D> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<D: Dependency> Deref for Depends<D> {
    type Target = D::Output;

    fn deref(&self) -> &D::Output {
        &self.0
    }
}

impl<D: Dependency> fmt::Debug for Depends<D>
where
    D::Output: fmt::Debug,
{
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl<D: Dependency> Argument for Depends<D> {
    const SOURCE: Source = Source::Dependency;

    fn bind(binder: &mut Binder<'_>, _: &'static Parameter) -> Option<Self> {
        binder.dependency()?.downcast().ok().map(Self)
    }

    fn dependency() -> Option<DependencyDefinition> {
        Some(D::definition())
    }
}
