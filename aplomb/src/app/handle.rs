//! One operation on its way from the match to its answer.

use std::sync::Arc;

use crate::error::Result;
use crate::http::{Request, Response};
use crate::operation;
use crate::route::Endpoint;
use crate::serve::lane;

/// Answers one request by the operation that was found for it: in its lane, when our own server
/// asks.
pub(super) async fn handle(endpoint: &Arc<Endpoint>, request: Request) -> Result<Response> {
    if !request.head().served {
        return operation::run(endpoint, request).await;
    }
    let mut response = match endpoint.lane.is_isolated() {
        false => lane::inline(&endpoint.lane, operation::run(endpoint, request)).await?,
        true => {
            let operation = {
                let endpoint = Arc::clone(endpoint);
                async move { operation::run(&endpoint, request).await }
            };
            lane::isolated(&endpoint.lane, operation).await?
        }
    };
    lane::stream(&endpoint.lane, response.body_mut());
    Ok(response)
}
