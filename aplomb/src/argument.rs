//! What a handler or dependency can take, and where it comes from.

mod file;

pub use file::FileArgument;

use std::any::TypeId;

use crate::depends::DependencyDefinition;
use crate::http::Request;
use crate::json::{Object, Value};
use crate::model::{Constraints, Dump, Field, Model, Place};
use crate::openapi::Schemas;
use crate::operation::{Binder, Parameter};

/// Where an argument comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A place in the request.
    Parameter(Place),
    /// Another function's result.
    Dependency,
    /// The request itself, the application's state, and the like.
    Context,
    /// The OAuth2 scopes that are asked for on the way to the dependency that takes them.
    SecurityScopes,
    /// The clean-up of the dependency that takes it.
    Cleanup,
    /// The place where the dependency that takes it lends its result.
    Yield,
}

/// A state that an argument needs the application to have.
#[derive(Clone, Copy, Debug)]
pub struct Requirement {
    /// The type of the state.
    pub type_id: TypeId,
    /// Its name, for people.
    pub name: &'static str,
}

impl Requirement {
    /// That the route is a WebSocket.
    pub(crate) fn websocket() -> Self {
        Self {
            type_id: TypeId::of::<crate::WebSocket>(),
            name: "WebSocket",
        }
    }
}

/// A type that a handler or dependency can take.
///
/// Every [`Model`] is one: a scalar comes from the query (or from the path, if it is named there),
/// everything else is the body. So are [`Depends`](crate::Depends), [`State`](crate::State) and
/// [`Request`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a handler or dependency",
    label = "nobody knows where to take this from",
    note = "data of the request is a `Model`: put `#[derive(Model)]` on `{Self}`",
    note = "what the application shares is a state: take `State<{Self}>`",
    note = "what another function makes is a dependency: take `Depends<function>`"
)]
pub trait Argument: Sized + Send + 'static {
    /// Where the argument comes from when nothing else is said.
    const SOURCE: Source;
    /// Whether it may be absent.
    const OPTIONAL: bool = false;
    /// Whether all values of a repeated name make up one value.
    const SEQUENCE: bool = false;
    /// Whether nothing but an object becomes this type.
    const OBJECT: bool = false;

    /// Takes the argument from the request, or records what is wrong with it.
    fn bind(binder: &mut Binder<'_>, parameter: &'static Parameter) -> Option<Self>;

    /// The JSON Schema of a parameter or body.
    fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object {
        let _ = (schemas, constraints);
        Object::new()
    }

    /// The fields of a struct, which make up a group of parameters.
    fn fields() -> &'static [Field] {
        &[]
    }

    /// The function whose result this is.
    fn dependency() -> Option<DependencyDefinition> {
        None
    }

    /// The state this needs.
    fn requires() -> Option<Requirement> {
        None
    }

    /// The value as JSON for those who look into the running service, if this is a model.
    #[doc(hidden)]
    fn seen(&self, options: &Dump<'_>) -> Option<Value> {
        let _ = options;
        None
    }
}

#[diagnostic::do_not_recommend]
impl<T: Model> Argument for T {
    const SOURCE: Source = Source::Parameter(match T::FILE {
        true => Place::File,
        false => T::PLACE,
    });
    const OPTIONAL: bool = T::OPTIONAL;
    const SEQUENCE: bool = T::SEQUENCE;
    const OBJECT: bool = T::OBJECT;

    #[inline]
    fn bind(binder: &mut Binder<'_>, parameter: &'static Parameter) -> Option<Self> {
        binder.parameter(parameter, T::absent)
    }

    fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object {
        T::schema(schemas, constraints)
    }

    fn fields() -> &'static [Field] {
        T::fields()
    }

    fn seen(&self, options: &Dump<'_>) -> Option<Value> {
        (!T::FILE).then(|| self.dump(options))
    }
}

impl Argument for Request {
    const SOURCE: Source = Source::Context;

    fn bind(binder: &mut Binder<'_>, _: &'static Parameter) -> Option<Self> {
        Some(binder.request().clone())
    }
}
