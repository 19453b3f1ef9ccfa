//! One operation on its way from the match to its answer.

use std::sync::Arc;

use crate::error::Result;
use crate::http::{Request, Response};
use crate::operation;
use crate::route::Endpoint;

/// Answers one request by the operation that was found for it.
pub(super) async fn handle(endpoint: &Arc<Endpoint>, request: Request) -> Result<Response> {
    operation::run(endpoint, request).await
}
