//! [`IntoResponse`]: what a handler may return.

use ::http::StatusCode;

use super::ResponseModelOptions;
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
        };
        settings.plain = settings.dump().is_all();
        settings
    }

    /// How models are turned into JSON.
    pub fn dump(&self) -> Dump<'_> {
        Dump {
            by_alias: self.options.by_alias,
            exclude_unset: self.options.exclude_unset,
            exclude_defaults: self.options.exclude_defaults,
            exclude_none: self.options.exclude_none,
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
}

/// What a handler may return: a [`Model`], a [`Response`], or a `Result` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be answered by a handler",
    label = "this cannot be turned into a response",
    note = "return a `Model` (`#[derive(Model)]`), a `Response`, or `Result` of one"
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
}

#[diagnostic::do_not_recommend]
impl<T: Model> IntoResponse for T {
    #[inline]
    fn into_response(self, settings: &ResponseSettings) -> Result<Response> {
        let mut writer = Writer::new();
        if settings.plain {
            self.write(&mut writer);
        } else {
            writer.value(&self.dump(&settings.dump()));
        }
        Ok(json(writer, settings.status))
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
}

fn json(writer: Writer, status: StatusCode) -> Response {
    let mut response = Response::json_text(writer.into_bytes());
    response.set_status(status);
    response
}

/// A result answered through another model, which keeps that model's fields only:
/// FastAPI's `response_model`.
///
/// # Errors
/// What the handler failed with, or that its result is not a `M`.
pub fn respond_as<M: Model, T: Model>(result: &T, settings: &ResponseSettings) -> Result<Response> {
    let value = result.dump(&Dump {
        by_alias: true,
        ..Dump::ALL
    });
    let mut problems = crate::model::Problems::new();
    match M::validate(&value, &Constraints::NONE, &mut problems) {
        Some(model) => model.into_response(settings),
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
