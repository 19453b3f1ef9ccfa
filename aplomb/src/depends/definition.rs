//! [`DependencyDefinition`]: a dependency as data.

use std::any::{Any, TypeId};
use std::collections::HashSet;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use super::{Dependency, Given};
use crate::argument::Source;
use crate::error::Error;
use crate::json::{Object, Value};
use crate::model::{Constraints, Dump, Model};
use crate::openapi::Schemas;
use crate::operation::{Binder, Parameter};

/// The result of a dependency, shared within its request; [`share`](super::share) makes one.
pub type Shared = Arc<dyn Any + Send + Sync>;

/// A dependency on its way to a result.
pub type DependencyFuture = Pin<Box<dyn Future<Output = Result<Shared, Error>> + Send>>;

/// Takes a dependency's arguments from the request; a function, or a closure of an override.
pub type Bind = Arc<dyn Fn(&mut Binder<'_>) -> Option<DependencyFuture> + Send + Sync>;

/// A dependency as data: what `#[dependency]` makes of a function.
///
/// Written by hand it makes dependencies that no function can be, such as one for each value of a
/// const parameter:
///
/// ```
/// use aplomb::Depends;
/// use aplomb::depends::{Dependency, DependencyDefinition, share};
///
/// struct AtMost<const N: u32>;
///
/// impl<const N: u32> Dependency for AtMost<N> {
///     type Output = u32;
///
///     fn definition() -> DependencyDefinition {
///         DependencyDefinition::new::<Self>("at_most", &[], |binder| {
///             let asked = binder.request().query("size").and_then(|size| size.parse().ok());
///             Some(share(async move { asked.unwrap_or(N).min(N) }))
///         })
///     }
/// }
///
/// type Small = Depends<AtMost<10>>;
/// ```
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
    /// The OAuth2 scopes asked for where it is taken.
    pub scopes: Vec<String>,
    /// How its result is looked at, if that is a model.
    #[doc(hidden)]
    pub reader: Option<ResultReader>,
}

/// Finds out whether a type is a model that can be looked at: the macros ask for
/// `(&Look::<T>::NEW).reader()`, which the compiler takes from [`LookAtModel`] where it can.
#[doc(hidden)]
#[derive(Debug)]
pub struct Look<T>(PhantomData<fn() -> T>);

impl<T> Look<T> {
    /// A question about `T`.
    pub const NEW: Self = Self(PhantomData);
}

/// The answer for models.
#[doc(hidden)]
pub trait LookAtModel {
    /// How such results are looked at.
    fn reader(&self) -> Option<ResultReader>;
}

impl<T: Model + Sync> LookAtModel for Look<T> {
    fn reader(&self) -> Option<ResultReader> {
        Some(ResultReader::of::<T>())
    }
}

/// The answer for everything else.
#[doc(hidden)]
pub trait LookAtOther {
    /// Nothing.
    fn reader(&self) -> Option<ResultReader>;
}

impl<T> LookAtOther for &Look<T> {
    fn reader(&self) -> Option<ResultReader> {
        None
    }
}

/// How those who look into the running service see the result of a dependency.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct ResultReader {
    /// What it is.
    pub schema: fn(&mut Schemas) -> Object,
    /// The result as JSON.
    pub read: fn(&Shared, &Dump<'_>) -> Option<Value>,
}

impl ResultReader {
    /// The reader of results of type `T`.
    pub const fn of<T: Model + Sync>() -> Self {
        Self {
            schema: |schemas| T::schema(schemas, &Constraints::NONE),
            read: |shared, options| {
                let given = shared.downcast_ref::<Given<T>>()?;
                Some(given.get().dump(options))
            },
        }
    }
}

impl DependencyDefinition {
    /// The definition of `D`, with clean-up after the response.
    pub fn new<D: Dependency>(
        name: &'static str,
        parameters: &'static [Parameter],
        bind: impl Fn(&mut Binder<'_>) -> Option<DependencyFuture> + Send + Sync + 'static,
    ) -> Self {
        Self {
            key: TypeId::of::<D>(),
            name,
            parameters,
            bind: Arc::new(bind),
            scope: CleanupScope::Request,
            security: None,
            scopes: Vec::new(),
            reader: None,
        }
    }

    /// The same dependency, taken where these OAuth2 scopes are asked for: FastAPI's
    /// `Security(f, scopes=[…])`.
    #[must_use]
    pub fn with_scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Whether anything at it or below it depends on which scopes are asked for; only then are
    /// results for other scopes other results.
    pub(crate) fn uses_scopes(&self) -> bool {
        self.uses_scopes_besides(&mut HashSet::new())
    }

    fn uses_scopes_besides(&self, seen: &mut HashSet<TypeId>) -> bool {
        let here = !self.scopes.is_empty()
            || self.security.is_some()
            || self
                .parameters
                .iter()
                .any(|parameter| parameter.source == Source::SecurityScopes);
        here || (seen.insert(self.key)
            && self
                .parameters
                .iter()
                .filter_map(Parameter::definition)
                .any(|definition| definition.uses_scopes_besides(seen)))
    }

    /// Whether it has something to clean up.
    pub(crate) fn cleans_up(&self) -> bool {
        self.parameters
            .iter()
            .any(|parameter| matches!(parameter.source, Source::Cleanup | Source::Yield))
    }
}

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
    /// After the handler, before the response is sent: it may still replace the response.
    Function,
    /// After the response is sent.
    #[default]
    Request,
}
