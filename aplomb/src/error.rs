//! What a handler or dependency can fail with, and how it is answered.

mod exception;

use std::any::{Any, TypeId};
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use ::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

pub(crate) use self::exception::ByType;
pub use self::exception::Exception;

use crate::http::{BoxError, phrase};
use crate::json::Value;
use crate::model::Problem;

/// The result of handlers and dependencies.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An answer other than success, raised from anywhere: FastAPI's `HTTPException`.
///
/// It is answered as `{"detail": …}` with its status and headers.
///
/// ```
/// use aplomb::HttpException;
///
/// let missing = HttpException::new(404, "Item not found").header("x-error", "no such item");
/// assert_eq!(missing.status().as_u16(), 404);
/// ```
#[derive(Clone, Debug)]
pub struct HttpException {
    status: StatusCode,
    detail: Value,
    headers: HeaderMap,
}

impl HttpException {
    /// An answer with this status, and any JSON as its detail.
    ///
    /// # Panics
    /// When `status` is not between 100 and 999.
    pub fn new(status: u16, detail: impl Into<Value>) -> Self {
        Self {
            status: valid_status(status),
            detail: detail.into(),
            headers: HeaderMap::new(),
        }
    }

    /// An answer with this status, whose detail is the status' own phrase.
    ///
    /// # Panics
    /// When `status` is not between 100 and 999.
    pub fn status_only(status: u16) -> Self {
        Self::new(status, phrase(status))
    }

    /// `404` with a detail.
    pub fn not_found(detail: impl Into<Value>) -> Self {
        Self::new(404, detail)
    }

    /// `400` with a detail.
    pub fn bad_request(detail: impl Into<Value>) -> Self {
        Self::new(400, detail)
    }

    /// `401` with a detail.
    pub fn unauthorized(detail: impl Into<Value>) -> Self {
        Self::new(401, detail)
    }

    /// `403` with a detail.
    pub fn forbidden(detail: impl Into<Value>) -> Self {
        Self::new(403, detail)
    }

    /// `409` with a detail.
    pub fn conflict(detail: impl Into<Value>) -> Self {
        Self::new(409, detail)
    }

    /// Adds a header to the answer; a name or value that HTTP does not allow is left out.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        ) {
            self.headers.append(name, value);
        }
        self
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The detail of the answer.
    pub fn detail(&self) -> &Value {
        &self.detail
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}

impl fmt::Display for HttpException {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            Value::String(detail) => write!(formatter, "{}: {detail}", self.status.as_u16()),
            detail => write!(formatter, "{}: {detail}", self.status.as_u16()),
        }
    }
}

fn valid_status(status: u16) -> StatusCode {
    match StatusCode::from_u16(status) {
        Ok(status) => status,
        Err(_) => panic!("{status} is not an HTTP status: use 100 to 999"),
    }
}

/// Everything wrong with a request's parameters and body: FastAPI's `RequestValidationError`.
#[derive(Clone)]
pub struct RequestValidationError {
    problems: Vec<Problem>,
    body: Value,
}

impl RequestValidationError {
    /// An error of these problems; `body` is the body as received.
    pub fn new(problems: Vec<Problem>, body: Value) -> Self {
        Self { problems, body }
    }

    /// Everything that is wrong, in FastAPI's order.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The body as received, null without one.
    pub fn body(&self) -> &Value {
        &self.body
    }

    /// The problems as the 422 answer lists them.
    pub fn errors(&self) -> Value {
        Value::Array(self.problems.iter().map(Problem::to_value).collect())
    }
}

/// Kinds and places only: what a client sent does not belong in a log.
impl fmt::Debug for RequestValidationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RequestValidationError")?;
        let problems = self.problems.iter();
        let problems = problems.map(|problem| (&problem.kind, problem.dotted_location()));
        formatter.debug_list().entries(problems).finish()
    }
}

impl fmt::Display for RequestValidationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.problems.len();
        write!(
            formatter,
            "{count} validation error{}",
            if count == 1 { "" } else { "s" }
        )?;
        for problem in &self.problems {
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

/// What a handler or dependency failed with.
///
/// Made by `?` from an [`HttpException`], or from any error: one without a handler of its own
/// (see [`App::exception_handler`](crate::App::exception_handler)) is answered with
/// `500 Internal Server Error`, and logged with the method, the template of the route, the id of the
/// request, the dependency that failed, and the errors behind it.
#[derive(Clone)]
pub struct Error(Arc<Kind>);

enum Kind {
    Http(HttpException),
    Validation(RequestValidationError),
    Other(Box<dyn AnyError>),
}

/// An error that can also be looked at as its own type.
trait AnyError: StdError + Send + Sync + 'static {
    fn as_any(&self) -> &dyn Any;
}

impl<E: StdError + Send + Sync + 'static> AnyError for E {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Error {
    /// The HTTP answer this error is, where it is one.
    pub fn http(&self) -> Option<&HttpException> {
        match &*self.0 {
            Kind::Http(exception) => Some(exception),
            _ => None,
        }
    }

    /// The validation problems this error is, where it is them.
    pub fn validation(&self) -> Option<&RequestValidationError> {
        match &*self.0 {
            Kind::Validation(error) => Some(error),
            _ => None,
        }
    }

    /// The error as its own type, where it is an `E`.
    pub fn downcast_ref<E: Exception>(&self) -> Option<&E> {
        E::of(self)
    }

    /// An error that came through a place that takes any: the same one, if it was ours.
    pub fn from_boxed(error: BoxError) -> Self {
        match error.downcast::<Passing>() {
            Ok(passing) => passing.0,
            Err(error) => Foreign(error).into(),
        }
    }

    /// The error of ours in one that came through a place that takes any.
    pub(crate) fn in_boxed(error: &BoxError) -> Option<Self> {
        error
            .downcast_ref::<Passing>()
            .map(|passing| passing.0.clone())
    }

    /// What it says, and what each error behind it says, unless the one before has said so too.
    pub(crate) fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut source = match &*self.0 {
            Kind::Other(error) => error.source(),
            Kind::Http(_) | Kind::Validation(_) => None,
        };
        while let Some(error) = source {
            let said = error.to_string();
            if !text.ends_with(&said) {
                text.push_str(": ");
                text.push_str(&said);
            }
            source = error.source();
        }
        text
    }

    /// The type that handlers are looked up by, unless the error is in a box that hides it.
    fn kind(&self) -> Option<TypeId> {
        match &*self.0 {
            Kind::Http(_) => Some(TypeId::of::<HttpException>()),
            Kind::Validation(_) => Some(TypeId::of::<RequestValidationError>()),
            Kind::Other(error) => {
                let error = error.as_any();
                (!error.is::<Foreign>()).then(|| error.type_id())
            }
        }
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self(Arc::new(Kind::Other(Box::new(error))))
    }
}

/// What a panic says.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without a message")
}

/// An error of ours on its way through a place that takes any.
#[derive(Debug)]
struct Passing(Error);

impl fmt::Display for Passing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl StdError for Passing {}

/// Any error as one of ours.
#[derive(Debug)]
struct Foreign(BoxError);

impl fmt::Display for Foreign {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl StdError for Foreign {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}

/// As a stream fails with an answer, such as the body of a request that is too long:
/// [`Error::from_boxed`] gives it back.
impl From<Error> for BoxError {
    fn from(error: Error) -> Self {
        Box::new(Passing(error))
    }
}

impl From<HttpException> for BoxError {
    fn from(exception: HttpException) -> Self {
        Error::from(exception).into()
    }
}

impl From<HttpException> for Error {
    fn from(exception: HttpException) -> Self {
        Self(Arc::new(Kind::Http(exception)))
    }
}

impl From<RequestValidationError> for Error {
    fn from(error: RequestValidationError) -> Self {
        Self(Arc::new(Kind::Validation(error)))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Http(exception) => fmt::Debug::fmt(exception, formatter),
            Kind::Validation(error) => fmt::Debug::fmt(error, formatter),
            Kind::Other(error) => fmt::Debug::fmt(error, formatter),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Http(exception) => fmt::Display::fmt(exception, formatter),
            Kind::Validation(error) => fmt::Display::fmt(error, formatter),
            Kind::Other(error) => fmt::Display::fmt(error, formatter),
        }
    }
}
