//! How errors become answers.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;

use ::http::header::CONTENT_LENGTH;

use super::unexpected::{Subject, unhandled};
use crate::error::{ByType, Error, Exception, HttpException, RequestValidationError, Result};
use crate::http::{Body, BodyError, FormError, JsonError, Request, Response};
use crate::json::{Object, Value, Writer};
use crate::observe::Current;
use crate::operation::{IntoResponse, ResponseSettings, not_json, unreadable};

/// An error of type `E` that reached its handler.
pub struct Raised<E>(Error, PhantomData<fn() -> E>);

impl<E> Raised<E> {
    /// An error that is an `E`.
    pub(crate) fn new(error: Error) -> Self {
        Self(error, PhantomData)
    }
}

impl<E: Exception> Deref for Raised<E> {
    type Target = E;

    fn deref(&self) -> &E {
        match self.0.downcast_ref() {
            Some(error) => error,
            None => unreachable!("a handler is called with errors of its own type only"),
        }
    }
}

impl<E: Exception + fmt::Debug> fmt::Debug for Raised<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, formatter)
    }
}

type Answer = Pin<Box<dyn Future<Output = Result<Response>> + Send>>;
type Handler = Arc<dyn Fn(Request, Error) -> Answer + Send + Sync>;

/// The functions that answer errors, by type and by status.
#[derive(Clone, Default)]
pub(crate) struct ExceptionHandlers {
    types: ByType<Handler>,
    statuses: HashMap<u16, Handler>,
}

impl fmt::Debug for ExceptionHandlers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ExceptionHandlers")
            .field("types", &self.types.len())
            .field("statuses", &self.statuses.keys())
            .finish()
    }
}

impl ExceptionHandlers {
    pub(crate) fn by_type<E, F, R>(&mut self, handler: F)
    where
        E: Exception,
        F: Fn(Request, Raised<E>) -> R + Send + Sync + 'static,
        R: Future<Output: IntoResponse> + Send + 'static,
    {
        let handler = erase(move |request, error| handler(request, Raised::new(error)));
        self.types.insert::<E>(handler);
    }

    pub(crate) fn by_status<F, R>(&mut self, status: u16, handler: F)
    where
        F: Fn(Request, Error) -> R + Send + Sync + 'static,
        R: Future<Output: IntoResponse> + Send + 'static,
    {
        self.statuses.insert(status, erase(handler));
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.types.is_empty() && self.statuses.is_empty()
    }

    /// Whether this error has an answer other than that to an unexpected one.
    pub(crate) fn expects(&self, error: &Error) -> bool {
        !is_unexpected(error) || self.handles(error) || of_the_body(error).is_some()
    }

    /// Whether errors of this type have a handler.
    pub(crate) fn handles(&self, error: &Error) -> bool {
        self.types.get(error).is_some()
    }

    /// The answer to an error: by the handler of its status, of its type, or the usual one.
    ///
    /// Without a request the handlers are passed by.
    pub(crate) async fn answer(&self, request: Option<&Request>, error: Error) -> Response {
        let error = of_the_body(&error).unwrap_or(error);
        let status = match error.http() {
            Some(exception) => Some(exception.status().as_u16()),
            None if error.validation().is_some() => None,
            None => Some(500),
        };
        let by_type = self.types.get(&error);
        let by_status = || self.statuses.get(&status?);
        let unexpected = by_type.is_none() && is_unexpected(&error);
        let handler = if error.http().is_some() {
            by_status().or(by_type)
        } else {
            by_type.or_else(by_status)
        };
        let (Some(handler), Some(request)) = (handler, request) else {
            return usual(&error, request.map(Subject::of));
        };
        let subject = Some(Subject::of(request));
        // Whoever answered it until now is done.
        request.record().waits_in_middleware();
        let answering = handler(request.clone(), error.clone());
        match Current::of(request).within(answering).await {
            // A handler of the status words the answer; the error is a fault all the same.
            Ok(response) if unexpected => unhandled(response, &error, subject),
            Ok(response) => response,
            Err(error) => usual(&error, subject),
        }
    }
}

/// What a handler that read the body itself passed on with `?`: the client's fault, not ours.
fn of_the_body(error: &Error) -> Option<Error> {
    if let Some(form) = error.downcast_ref::<FormError>() {
        return form.answer();
    }
    let json = error.downcast_ref::<JsonError>();
    if let Some(JsonError::Parse(error)) = json {
        return Some(not_json(error));
    }
    let read = match json {
        Some(JsonError::Body(error)) => Some(error),
        _ => error.downcast_ref::<BodyError>(),
    };
    read.map(unreadable)
}

fn erase<F, R>(handler: F) -> Handler
where
    F: Fn(Request, Error) -> R + Send + Sync + 'static,
    R: Future<Output: IntoResponse> + Send + 'static,
{
    Arc::new(move |request, error| {
        let answer = handler(request, error);
        Box::pin(async move { answer.await.into_response(&ResponseSettings::default()) })
    })
}

/// FastAPI's answer to an error that has no handler; the log names its request.
pub(crate) fn usual(error: &Error, subject: Option<Subject<'_>>) -> Response {
    if let Some(error) = of_the_body(error) {
        usual(&error, subject)
    } else if let Some(exception) = error.http() {
        http_exception(exception)
    } else if let Some(invalid) = error.validation() {
        request_validation_exception(invalid)
    } else {
        let response = Response::text("Internal Server Error").status(500);
        unhandled(response, error, subject)
    }
}

/// The status of FastAPI's answer to an error that has no handler.
pub(crate) fn usual_status(error: &Error) -> u16 {
    match of_the_body(error).as_ref().unwrap_or(error) {
        error if error.validation().is_some() => 422,
        error => error.http().map_or(500, |error| error.status().as_u16()),
    }
}

fn is_unexpected(error: &Error) -> bool {
    error.http().is_none() && error.validation().is_none()
}

/// FastAPI's answer to an [`HttpException`], for handlers that only add to it.
///
/// The exception's headers take the place of those made for it; the length stays that of the body.
pub fn http_exception(exception: &HttpException) -> Response {
    let status = exception.status();
    let mut response = if matches!(status.as_u16(), 100..=199 | 204 | 205 | 304) {
        Response::new(Body::empty())
    } else {
        detail(exception.detail())
    };
    response.set_status(status);
    for name in exception.headers().keys() {
        if name == CONTENT_LENGTH {
            continue;
        }
        let mut values = exception.headers().get_all(name).iter().cloned();
        if let Some(first) = values.next() {
            response.headers_mut().insert(name, first);
        }
        for value in values {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// FastAPI's answer to a [`RequestValidationError`], for handlers that only add to it.
pub fn request_validation_exception(invalid: &RequestValidationError) -> Response {
    detail(&invalid.errors()).status(422)
}

fn detail(detail: &Value) -> Response {
    let mut object = Object::new();
    object.insert("detail".to_owned(), detail.clone());
    let mut writer = Writer::new();
    writer.value(&Value::Object(object));
    Response::json_written(writer)
}
