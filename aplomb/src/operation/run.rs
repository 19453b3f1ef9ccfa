//! Runs one operation: body, dependencies, handler, clean-up.

use std::sync::Arc;

use ::http::header::CONTENT_TYPE;

use super::body::{BodyInput, BodyShape};
use super::{Binder, Scope};
use crate::app::Compat;
use crate::depends::{CleanupScope, Cleanups, Outcome, Shared};
use crate::error::{Error, HttpException, RequestValidationError, Result};
use crate::http::{Asked, BodyError, FormError, Head, NonFinite, Request, Response};
use crate::model::{Location, Problem, Problems};
use crate::observe::Phase;
use crate::route::Endpoint;
use crate::security::SecurityScopes;

/// Answers one request by one endpoint, through the middleware around it.
///
/// What is rare is in boxes here and below, so that this future is small: it is put into one.
pub(crate) async fn run(endpoint: &Endpoint, request: Request) -> Result<Response> {
    match &endpoint.middleware {
        None => run_inner(endpoint, request).await,
        Some(first) => {
            let asked = Asked::by(&request);
            request.record().enter(Phase::Middleware);
            let response = first.clone().run(request).await?;
            match response.promises_file() {
                true => Box::pin(response.opened(&asked)).await,
                false => Ok(response),
            }
        }
    }
}

/// Answers one request by one endpoint.
pub(crate) async fn run_inner(endpoint: &Endpoint, request: Request) -> Result<Response> {
    let mut body = read_body(endpoint, &request).await?;
    request.record().enter(Phase::Validation);
    let scope = Scope::new(request, Arc::clone(&endpoint.settings));
    let result = match answer(endpoint, &scope, &mut body).await {
        Ok(response) => complete(&scope, response).await,
        Err(error) => {
            if error.http().is_some() || error.validation().is_some() {
                scope.request.record().ends_as_planned();
            }
            Err(error)
        }
    };
    finish(&scope, result).await
}

/// The response as it is sent, with its file: what is wrong with it counts as the handler's failure.
async fn complete(scope: &Scope, mut response: Response) -> Result<Response> {
    if let Some(parts) = scope.response.get()
        && !response.is_complete()
    {
        parts.apply(&mut response);
    }
    let compat = scope.request.head().compat;
    if compat == Compat::Exact {
        response.finish_text()?;
    }
    if response.is_refused(compat) {
        return Err(NonFinite.into());
    }
    match response.promises_file() {
        true => Box::pin(response.opened(&Asked::by(&scope.request))).await,
        false => Ok(response),
    }
}

async fn read_body(endpoint: &Endpoint, request: &Request) -> Result<BodyInput> {
    if endpoint.body == BodyShape::None {
        return Ok(BodyInput::Absent);
    }
    request.record().enter(Phase::Body);
    if endpoint.form {
        return Box::pin(read_form(endpoint, request)).await;
    }
    let bytes = request.body().await.map_err(|error| unreadable(&error))?;
    let mut body = BodyInput::new(bytes, content_type(request), endpoint.strict_content_type);
    if !endpoint.plan.steps.is_empty() {
        // FastAPI refuses what is not JSON before any dependency runs.
        request.record().enter(Phase::Validation);
        body.check_syntax()?;
    }
    Ok(body)
}

/// The content type, if it is text.
fn content_type(request: &Request) -> Option<&str> {
    const JSON: &str = "application/json";
    let value = request.headers().get(CONTENT_TYPE)?;
    // What nearly everybody says is known to be text.
    match value == JSON {
        true => Some(JSON),
        false => str::from_utf8(value.as_bytes()).ok(),
    }
}

async fn read_form(endpoint: &Endpoint, request: &Request) -> Result<BodyInput> {
    let form = request.form().await.map_err(FormError::into_error)?;
    for name in &endpoint.file_contents {
        for file in form.files(name) {
            file.load().await?;
        }
    }
    Ok(BodyInput::Form(form))
}

/// The answer to a body that could not be read.
pub(crate) fn unreadable(error: &BodyError) -> Error {
    match error {
        BodyError::TooLarge => HttpException::new(413, "Content Too Large").into(),
        BodyError::Read(error) => Error::in_boxed(error).unwrap_or_else(|| {
            HttpException::new(400, "There was an error parsing the body").into()
        }),
    }
}

async fn answer(endpoint: &Endpoint, scope: &Scope, body: &mut BodyInput) -> Result<Response> {
    let mut problems = Problems::new();
    if let BodyInput::Form(form) = body {
        problems.read_form(form.clone());
    }
    let mut call = Call {
        endpoint,
        scope,
        body,
        values: endpoint.plan.values(),
        problems,
    };
    let record = scope.request.record();
    record.has_dependencies(endpoint.plan.steps.len());
    for (index, step) in endpoint.plan.steps.iter().enumerate() {
        record.enter_dependency(index);
        let definition = &step.definition;
        let bind = |binder: &mut Binder<'_>| (definition.bind)(binder);
        if let Some(future) = call.bound(&step.inputs, definition.scope, &step.scopes, bind)? {
            let given = future.await;
            if let Some(seen) = record.seen() {
                seen.dependency(&scope.request, definition, &given);
            }
            call.values[index] = Some(given?);
        }
    }
    if !endpoint.plan.steps.is_empty() {
        record.leaves_dependencies();
    }
    let inputs = &endpoint.plan.inputs;
    let handler = call.bound(
        inputs,
        CleanupScope::default(),
        SecurityScopes::none(),
        endpoint.operation.bind,
    )?;
    let Call {
        body,
        values,
        problems,
        ..
    } = call;
    drop(values);
    match handler {
        Some(handler) if problems.is_empty() => {
            let seen = record.seen();
            if let Some(seen) = seen {
                seen.accepted(&scope.request);
            }
            record.enter(Phase::Handler);
            let result = handler.await;
            if let Some(seen) = seen {
                seen.handled(&scope.request, &result);
            }
            result
        }
        _ => Err(invalid(problems, std::mem::take(body))),
    }
}

/// What the functions of one request are bound from.
struct Call<'a> {
    endpoint: &'a Endpoint,
    scope: &'a Scope,
    body: &'a mut BodyInput,
    values: Vec<Option<Shared>>,
    problems: Problems,
}

impl Call<'_> {
    /// Binds one function; nothing when its own arguments are wrong, an error when the request
    /// ends.
    fn bound<T>(
        &mut self,
        inputs: &[usize],
        cleanup_scope: CleanupScope,
        scopes: &SecurityScopes,
        bind: impl FnOnce(&mut Binder<'_>) -> Option<T>,
    ) -> Result<Option<T>> {
        let before = self.problems.len();
        let mut fatal = None;
        let mut binder = Binder {
            scope: self.scope,
            body: self.body,
            shape: self.endpoint.body,
            values: &self.values,
            inputs,
            problems: &mut self.problems,
            cleanup_scope,
            scopes,
            defaulted: false,
            fatal: &mut fatal,
        };
        let bound = bind(&mut binder);
        if let Some(error) = fatal {
            return Err(error);
        }
        if self.problems.len() > before {
            let mut found = self.problems.split_off(before);
            found.sort_by_key(rank);
            self.problems.extend(found);
            return Ok(None);
        }
        Ok(bound)
    }
}

/// FastAPI lists the problems of one function by place, whatever the order of its arguments.
fn rank(problem: &Problem) -> u8 {
    match problem.location.first() {
        Some(Location::Name(place)) => match &**place {
            "path" => 0,
            "query" => 1,
            "header" => 2,
            "cookie" => 3,
            _ => 4,
        },
        _ => 4,
    }
}

#[cold]
fn invalid(problems: Problems, body: BodyInput) -> Error {
    RequestValidationError::new(problems.into_vec(), body.into_value()).into()
}

/// Runs the clean-up that is due before the response, and leaves the rest for after it.
async fn finish(scope: &Scope, result: Result<Response>) -> Result<Response> {
    let result = match scope.cleanups.get() {
        None => result,
        Some(cleanups) => Box::pin(clean_up(scope, cleanups, result)).await,
    };
    let mut response = match result {
        Ok(response) => response,
        Err(error) => {
            if let Some(tasks) = scope.background.get() {
                tasks.clear();
            }
            return Err(error);
        }
    };
    let Head { peer, states, .. } = scope.request.head();
    if let Some(all) = response.take_background() {
        for tasks in all {
            tasks.bind(scope.request.trail(), states);
            Box::pin(response.run_background(tasks, &peer.tasks())).await;
        }
    }
    // Also without work yet: a stream may add some while it is sent.
    if let Some(tasks) = scope.background.get().cloned() {
        Box::pin(response.run_background(tasks, &peer.tasks())).await;
    }
    if let Some(cleanups) = scope.cleanups.get().cloned() {
        response = response.after(async move {
            if let Outcome::Failed(error) = cleanups.run(None, Outcome::Ok).await {
                tracing::error!(%error, "clean-up after the response failed");
            }
        });
    }
    response.serve_after_by(peer);
    Ok(response)
}

/// Runs the clean-up that is due before the response.
async fn clean_up(
    scope: &Scope,
    cleanups: &Cleanups,
    result: Result<Response>,
) -> Result<Response> {
    let record = scope.request.record();
    record.enter(Phase::CleanUp);
    let result = match result {
        Ok(response) => {
            match cleanups
                .run(Some(CleanupScope::Function), Outcome::Ok)
                .await
            {
                Outcome::Failed(error) => failed(cleanups, error).await,
                Outcome::Ok | Outcome::Cancelled => Ok(response),
            }
        }
        Err(error) => failed(cleanups, error).await,
    };
    record.enter(Phase::Serialising);
    result
}

/// Every clean-up learns of a failure before the response is made; one may fail otherwise.
async fn failed(cleanups: &Cleanups, error: Error) -> Result<Response> {
    let outcome = Outcome::Failed(error.clone());
    let outcome = cleanups.run(Some(CleanupScope::Function), outcome).await;
    match cleanups.run(None, outcome).await {
        Outcome::Failed(error) => Err(error),
        Outcome::Ok | Outcome::Cancelled => Err(error),
    }
}
