//! Dependencies: functions whose results other functions take.

mod cleanup;
mod definition;
mod exclusive;
mod exits;
mod given;
mod lend;
mod overrides;
mod plan;

pub use cleanup::{Cleanup, Outcome};
pub use definition::{
    Bind, CleanupScope, DependencyDefinition, DependencyFuture, Look, LookAtModel, LookAtOther,
    ResultReader, Shared,
};
pub use exclusive::{Exclusive, ExclusiveGuard};
pub(crate) use exits::Cleanups;
pub(crate) use given::Given;
pub use given::{share, share_blocking, share_result};
pub use lend::{Yield, refuse_hidden_yield};
pub(crate) use overrides::{replaced_by, replaced_with};
pub(crate) use plan::{Overrides, Plan, cache_scopes};

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::argument::{Argument, Source};
use crate::operation::{Binder, Parameter};

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

/// The result of the dependency `D`, as an argument.
///
/// Within one request a dependency runs once and everybody shares its result; with
/// `#[depends(no_cache)]` on the argument it runs once more, for this argument alone.
///
/// ```
/// use aplomb::{App, Depends, dependency, get, routes};
/// use aplomb::testing::TestClient;
///
/// #[dependency]
/// fn page_size(size: Option<u32>) -> u32 {
///     size.unwrap_or(20).min(100)
/// }
///
/// #[get("/items")]
/// async fn list_items(page_size: Depends<page_size>) -> u32 {
///     *page_size
/// }
///
/// let client = TestClient::new(App::new().routes(routes![list_items]));
/// assert_eq!(client.get("/items?size=500").send().json(), 100);
///
/// // Without a service: the function is still a function.
/// assert_eq!(*Depends::<page_size>::new(page_size(Some(5))), 5);
/// ```
pub struct Depends<D: Dependency>(Arc<Given<D::Output>>);

impl<D: Dependency> Depends<D> {
    /// A result for calling a handler from a unit test.
    pub fn new(output: D::Output) -> Self {
        Self(Arc::new(Given::new(output)))
    }

    /// The result itself: a copy, unless nobody else has it.
    pub fn into_inner(self) -> D::Output
    where
        D::Output: Clone,
    {
        match Arc::try_unwrap(self.0) {
            Ok(given) => given.into_inner(),
            Err(shared) => D::Output::clone(shared.get()),
        }
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
        self.0.get()
    }
}

impl<D: Dependency> fmt::Debug for Depends<D>
where
    D::Output: fmt::Debug,
{
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0.get(), formatter)
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
