//! [`IntoResponse`]: what a handler may return.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use ::http::StatusCode;

use super::{Class, ResponseModelOptions};
use crate::error::{Error, Result};
use crate::http::Response;
use crate::json::{Object, Writer};
use crate::model::{Constraints, Dump, Model, Selection};
use crate::openapi::{Mode, Schemas};

/// How the results of a route become responses.
#[derive(Clone, Debug)]
pub struct ResponseSettings {
    /// The status of a success; 200 when nothing else is said.
    pub status: StatusCode,
    /// Whether the route named its status.
    pub status_given: bool,
    options: ResponseModelOptions,
    include: Option<Selection>,
    exclude: Option<Selection>,
    plain: bool,
    /// What results become, where it is not the usual JSON.
    pub(crate) class: Option<Class>,
    /// How many bytes the last long answer had; zero as long as none was long.
    long: Arc<AtomicUsize>,
}

impl ResponseSettings {
    /// Settings of this status and these `response_model_*` options.
    pub fn new(status: Option<StatusCode>, options: ResponseModelOptions) -> Self {
        let (include, exclude) = options.selections();
        let mut settings = Self {
            status: status.unwrap_or(StatusCode::OK),
            status_given: status.is_some(),
            options,
            include,
            exclude,
            plain: false,
            class: None,
            long: Arc::default(),
        };
        settings.plain = settings.dump().is_all();
        settings
    }

    /// The same with a response class, for results that are not a whole response.
    #[must_use]
    pub fn with_class(mut self, class: Option<Class>) -> Self {
        self.class = class;
        self
    }

    /// How many bytes the last long answer of the route had, if it has given one.
    #[inline]
    pub(super) fn long_answers(&self) -> Option<&Arc<AtomicUsize>> {
        (self.long.load(Relaxed) > 0).then_some(&self.long)
    }

    /// Writes a model as JSON text.
    #[inline]
    pub(crate) fn write<T: Model>(&self, model: &T, writer: &mut Writer) {
        if self.plain {
            model.write(writer);
        } else {
            writer.value(&model.dump(&self.dump()));
        }
    }

    /// How models are turned into JSON.
    pub fn dump(&self) -> Dump<'_> {
        Dump {
            by_alias: self.options.by_alias,
            exclude_unset: self.options.exclude_unset,
            exclude_defaults: self.options.exclude_defaults,
            exclude_none: self.options.exclude_none,
            hide_secrets: false,
            include: self.include.as_ref(),
            exclude: self.exclude.as_ref(),
        }
    }
}

impl Default for ResponseSettings {
    fn default() -> Self {
        Self::new(None, ResponseModelOptions::NONE)
    }
}

/// What the document says of a handler's result.
#[derive(Clone, Debug, Default)]
pub struct Description {
    /// The status, where the type decides it, as for a redirect.
    pub status: Option<u16>,
    /// The media type of the body; none without a body.
    pub media_type: Option<&'static str>,
    /// The schema of the body; empty for anything.
    pub schema: Option<Object>,
    /// Whether the schema is of the items of a stream.
    pub items: bool,
    /// Whether the type decides all this, so that a default response class changes nothing.
    pub decided: bool,
    /// Whether the route declares the model, so that its schema has a title even if it says nothing.
    pub declared: bool,
}

/// What a handler may return: a [`Model`], a [`Response`], or a `Result` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be answered by a handler",
    label = "this cannot be turned into a response",
    note = "return a `Model` (`#[derive(Model)]`), a `Response`, or `Result` of one",
    note = "a stream, also within `JsonArray`, `JsonLines` or `EventStream`, gives `Model`s, `ServerSentEvent`s, or `Result`s of them",
    note = "the error of a `Result` is `aplomb::Error`, an `HttpException` or any `std::error::Error`; a text is none"
)]
pub trait IntoResponse: Send {
    /// The response.
    ///
    /// # Errors
    /// What the handler failed with.
    fn into_response(self, settings: &ResponseSettings) -> Result<Response>;

    /// The response, where the route promised the model `M`.
    ///
    /// # Errors
    /// What the handler failed with, or that its result is not an `M`.
    fn into_response_as<M: Model>(self, settings: &ResponseSettings) -> Result<Response>
    where
        Self: Sized,
    {
        self.into_response(settings)
    }

    /// What the document says of it.
    fn describe(schemas: &mut Schemas) -> Description {
        let _ = schemas;
        Description::default()
    }

    /// What the document says of it, where the route promised the model `M`.
    fn describe_as<M: Model>(schemas: &mut Schemas) -> Description
    where
        Self: Sized,
    {
        Description {
            declared: true,
            ..M::describe(schemas)
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T: Model> IntoResponse for T {
    #[inline]
    fn into_response(self, settings: &ResponseSettings) -> Result<Response> {
        if let Some(class) = &settings.class {
            return class.respond(&self, settings);
        }
        Ok(json(self, settings))
    }

    fn into_response_as<M: Model>(self, settings: &ResponseSettings) -> Result<Response> {
        respond_as::<M, T>(&self, settings)
    }

    fn describe(schemas: &mut Schemas) -> Description {
        let schema = schemas.in_mode(Mode::Output, |schemas| {
            T::schema(schemas, &Constraints::NONE)
        });
        Description {
            media_type: Some("application/json"),
            schema: Some(schema),
            ..Description::default()
        }
    }
}

impl IntoResponse for Response {
    fn into_response(self, _: &ResponseSettings) -> Result<Response> {
        Ok(self.completed())
    }

    fn describe(_: &mut Schemas) -> Description {
        Description {
            media_type: Some("application/json"),
            ..Description::default()
        }
    }
}

impl<T: IntoResponse, E: Into<Error> + Send> IntoResponse for Result<T, E> {
    #[inline]
    fn into_response(self, settings: &ResponseSettings) -> Result<Response> {
        self.map_err(Into::into)?.into_response(settings)
    }

    fn into_response_as<M: Model>(self, settings: &ResponseSettings) -> Result<Response> {
        self.map_err(Into::into)?.into_response_as::<M>(settings)
    }

    fn describe(schemas: &mut Schemas) -> Description {
        T::describe(schemas)
    }

    fn describe_as<M: Model>(schemas: &mut Schemas) -> Description {
        T::describe_as::<M>(schemas)
    }
}

/// A model as JSON: whole as far as it is not very long, else written on while it is read.
#[inline]
pub(super) fn json<T: Model>(model: T, settings: &ResponseSettings) -> Response {
    if settings.plain {
        return written(model, T::write, settings);
    }
    let value = model.dump(&settings.dump());
    drop(model);
    written(value, |value, writer| writer.value(value), settings)
}

#[inline]
fn written<T: Send + 'static>(
    value: T,
    write: fn(&T, &mut Writer),
    settings: &ResponseSettings,
) -> Response {
    let mut writer = Writer::pausing();
    write(&value, &mut writer);
    let is_long = writer.is_long();
    let mut response = match writer.is_paused() {
        true => Response::json_long(writer, move |writer| write(&value, writer)),
        false => {
            // What was written from may be twice as large, and the answer may take its time.
            drop(value);
            Response::json_written(writer)
        }
    };
    if is_long {
        let bytes = response.body().complete();
        // What is not written yet is told once it is.
        settings.long.fetch_max(bytes.unwrap_or(1), Relaxed);
    }
    response.set_status(settings.status);
    response
}

/// A result answered through another model, which keeps that model's fields only:
/// FastAPI's `response_model`.
///
/// # Errors
/// What the handler failed with, or that its result is not a `M`.
pub fn respond_as<M: Model, T: Model>(result: &T, settings: &ResponseSettings) -> Result<Response> {
    through::<M, T>(result)?.into_response(settings)
}

/// A result as another model, with that model's fields only.
pub(super) fn through<M: Model, T: Model>(result: &T) -> Result<M> {
    let value = result.dump(&Dump {
        by_alias: true,
        ..Dump::ALL
    });
    let mut problems = crate::model::Problems::new();
    match M::validate(&value, &Constraints::NONE, &mut problems) {
        Some(model) => Ok(model),
        None => Err(ResponseValidationError(problems.into_vec()).into()),
    }
}

/// A handler's result that is not what the route promised.
pub struct ResponseValidationError(Vec<crate::model::Problem>);

/// As [`RequestValidationError`](crate::error::RequestValidationError): kinds and places only.
impl std::fmt::Debug for ResponseValidationError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let problems = self.0.iter();
        let problems = problems.map(|problem| (&problem.kind, problem.dotted_location()));
        formatter.write_str("ResponseValidationError")?;
        formatter.debug_list().entries(problems).finish()
    }
}

impl std::fmt::Display for ResponseValidationError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{} validation errors in the response",
            self.0.len()
        )?;
        for problem in &self.0 {
            write!(
                formatter,
                "\n  {}: {}",
                problem.dotted_location(),
                problem.message
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for ResponseValidationError {}
