//! Runs one operation: body, dependencies, handler, clean-up.

use std::panic::Location as _;
use std::sync::Arc;

use bytes::Bytes;
use ::http::header;

use super::body::{BodyInput, BodyShape};
use super::{Binder, Scope};
use crate::depends::Outcome;
use crate::error::{Error, RequestValidationError, Result};
use crate::http::{Request, Response};
use crate::model::{Location, Place, Problem, Problems};
use crate::route::Endpoint;

/// Answers one request by one endpoint.
pub(crate) async fn run(endpoint: &Endpoint, request: Request) -> Result<Response> {
    let mut body = read_body(endpoint, &request).await?;
    let scope = Scope::new(request, Arc::clone(&endpoint.settings));
    let outcome = answer(endpoint, &scope, &mut body).await;
    finish(&scope, outcome).await
}

async fn read_body(endpoint: &Endpoint, request: &Request) -> Result<BodyInput> {
    if endpoint.body == BodyShape::None {
        return Ok(BodyInput::Absent);
    }
    let bytes: Bytes = request.body().await?;
    let content_type = request.header(header::CONTENT_TYPE.as_str());
    if endpoint.form {
        return Ok(BodyInput::form(&bytes, content_type));
    }
    let mut body = BodyInput::new(bytes, content_type, endpoint.strict_content_type);
    if !endpoint.plan.steps.is_empty() {
        // FastAPI refuses what is not JSON before any dependency runs.
        body.check_syntax()?;
    }
    Ok(body)
}
