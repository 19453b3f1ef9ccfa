//! [`Operation`]: one endpoint as data, and how one is run.

mod binder;
mod binding;
mod body;
mod class;
mod content;
mod default_for;
mod described;
mod parameter;
mod respond;
mod returned;
mod run;
mod scope;
mod stream;

pub use binder::{Binder, HandlerFuture};
pub(crate) use body::{BodyShape, not_json};
pub use class::{Class, ClassKind, Content, ResponseClass};
pub use content::JsonResponse;
pub use parameter::Parameter;
pub use respond::{
    Description, IntoResponse, ResponseSettings, ResponseValidationError, respond_as,
};
/// What only the expansion of the attributes needs.
pub(crate) mod expansion {
    pub use super::binding::{
        Binding, argument, argument_at, argument_file, checked, refuse_beside_form, refuse_body,
        require_dependency, require_taken,
    };
    pub use super::default_for::DefaultFor;
    pub use super::described::model_response;
    pub use super::returned::{
        Returned, description, description_blocking, finish, finish_blocking, inferred,
        inferred_through, inferred_undescribed, returned, returned_through, returned_undescribed,
    };
    pub use super::stream::{Streamed, streamed_blocking_iterator, streamed_iterator};
}

pub(crate) use run::{run, run_inner, unreadable};
pub(crate) use scope::Scope;
pub use stream::{EventStream, ItemOrEvent, JsonArray, JsonLines, StreamItem, StreamingResponse};

use std::num::NonZeroU32;

use crate::deadline::TimeLimit;
use crate::http::FormLimits;
use crate::json::{Object, Value};
use crate::model::Selection;
use crate::openapi::Schemas;
use crate::serve::{Lane, OnDisconnect};

/// One endpoint as data: what `#[get]` and its sisters make of a function.
///
/// It can be written by hand too; [`Route::from`](crate::Route) makes a route of it.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The function's name, which the summary and the operation id are made from.
    pub name: &'static str,
    /// The methods it answers, in upper case; that of a WebSocket is `WEBSOCKET`.
    pub methods: &'static [&'static str],
    /// The path template, such as `/items/{item_id}`.
    pub path: &'static str,
    /// The arguments in the order of the function.
    pub parameters: &'static [Parameter],
    /// Takes the arguments from the request and gives the handler's future, or nothing when the
    /// binder has problems.
    pub bind: fn(&mut Binder<'_>) -> Option<HandlerFuture>,
    /// What the handler returns.
    pub describe: fn(&mut Schemas) -> Description,
    /// What else was said about it.
    pub details: OperationDetails,
    /// Where the function stands, as `file:line`.
    pub location: &'static str,
}

impl Operation {
    /// Whether it is a WebSocket's, which is no part of the document.
    pub fn is_websocket(&self) -> bool {
        self.methods == [crate::websocket::METHOD]
    }
}

/// Makes the OpenAPI response object of a further answer.
pub type DescribeResponse = fn(&mut Schemas) -> Object;

/// What an attribute says about an operation beyond its path.
#[derive(Clone, Copy, Debug)]
pub struct OperationDetails {
    /// A short summary other than the one made from the name.
    pub summary: Option<&'static str>,
    /// What it does.
    pub description: Option<&'static str>,
    /// The tags it is listed under.
    pub tags: &'static [&'static str],
    /// The status of its answer, other than 200.
    pub status: Option<u16>,
    /// What its answer is, other than `Successful Response`.
    pub response_description: Option<&'static str>,
    /// An operation id other than the one made from name, path and method.
    pub operation_id: Option<&'static str>,
    /// Whether clients should stop using it.
    pub deprecated: bool,
    /// Whether the document shows it.
    pub include_in_schema: bool,
    /// Further answers: status (`"404"`, `"4XX"`, `"default"`), and the OpenAPI response object.
    pub responses: &'static [(&'static str, DescribeResponse)],
    /// Further keys for its object in the document.
    pub openapi_extra: Option<fn() -> Object>,
    /// The `response_model_*` options.
    pub response_model: ResponseModelOptions,
    /// What results become, other than JSON.
    pub response_class: Option<Class>,
    /// Dependencies that run first and whose results nobody takes.
    pub dependencies: &'static [fn() -> crate::depends::DependencyDefinition],
    /// What the service may call in turn, at a path that is a runtime expression.
    pub callbacks: &'static [fn() -> Operation],
    /// How many bytes a body may have, if its routers should not decide.
    pub max_body_size: Option<usize>,
    /// How much a form may hold; its routers decide what is not said here.
    pub form_limits: FormLimits,
    /// Where it is polled; measured unless it is said.
    pub lane: Option<Lane>,
    /// As how many requests one counts where their number is limited; 0 is never refused.
    pub weight: u32,
    /// How many requests it answers at a time; others wait, as far as they get their turn in time.
    pub max_in_flight: Option<NonZeroU32>,
    /// How long it may take until the answer begins, if its routers should not decide.
    pub deadline: Option<TimeLimit>,
    /// What becomes of it when its client leaves, if its routers should not decide.
    pub on_disconnect: Option<OnDisconnect>,
}

impl OperationDetails {
    /// Nothing further, for struct update syntax.
    pub const NONE: Self = Self {
        summary: None,
        description: None,
        tags: &[],
        status: None,
        response_description: None,
        operation_id: None,
        deprecated: false,
        include_in_schema: true,
        responses: &[],
        openapi_extra: None,
        response_model: ResponseModelOptions::NONE,
        response_class: None,
        dependencies: &[],
        callbacks: &[],
        max_body_size: None,
        form_limits: FormLimits::new(),
        lane: None,
        weight: 1,
        max_in_flight: None,
        deadline: None,
        on_disconnect: None,
    };
}

/// FastAPI's `response_model_*` options as an attribute spells them.
#[derive(Clone, Copy, Debug)]
pub struct ResponseModelOptions {
    /// Whether fields go by their alias.
    pub by_alias: bool,
    /// Whether fields nobody set are left out.
    pub exclude_unset: bool,
    /// Whether fields that equal their default are left out.
    pub exclude_defaults: bool,
    /// Whether null fields are left out.
    pub exclude_none: bool,
    /// The only fields to keep.
    pub include: Option<&'static [&'static str]>,
    /// The fields to leave out.
    pub exclude: Option<&'static [&'static str]>,
}

impl ResponseModelOptions {
    /// Everything, by alias.
    pub const NONE: Self = Self {
        by_alias: true,
        exclude_unset: false,
        exclude_defaults: false,
        exclude_none: false,
        include: None,
        exclude: None,
    };

    pub(crate) fn selections(&self) -> (Option<Selection>, Option<Selection>) {
        let selection = |names: &&[&'static str]| names.iter().copied().collect();
        (
            self.include.as_ref().map(selection),
            self.exclude.as_ref().map(selection),
        )
    }
}

/// A function that `#[get]` or a sister made a handler; its name is also this type's.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler",
    label = "expected the name of a function with `#[get]`, `#[post]` or a sister"
)]
pub trait Handler {
    /// The handler as data.
    fn operation() -> Operation;
}

/// A further answer described by its text alone.
pub fn described_response(description: &str) -> Object {
    let mut object = Object::new();
    object.insert(
        "description".to_owned(),
        Value::String(description.to_owned()),
    );
    object
}
