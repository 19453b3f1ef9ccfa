//! A profile on demand.

use std::sync::{Arc, mpsc};

use super::Served;
use crate::error::{HttpException, Result};
use crate::http::{Request, Response};
use crate::live::profile::{ProfileDefinition, ProfileFormat, take};
use crate::state::State;

/// What a flame graph may do in a browser: what it brings with it, and nothing else.
const ALONE: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                     sandbox allow-scripts";

/// Takes a profile of what the processors work at: a flame graph, or stacks as text.
///
/// It is answered when its time is over. There is one at a time, and none where the service was built
/// without the feature `profile`.
#[aplomb_macros::post(
    "/live/profile",
    crate = crate,
    tags = ["profile"],
    deadline = "120s",
    on_disconnect = "cancel",
    lane = "inline",
    responses(
        200 = {
            "description": "A flame graph, or a stack on each line.",
            "content": {"image/svg+xml": {}, "text/plain": {}}
        },
        409 = "Another profile is being taken.",
        501 = "The service was built without it, or runs where there is none."
    )
)]
pub(super) async fn profile(
    definition: ProfileDefinition,
    request: Request,
    served: State<Served>,
) -> Result<Response> {
    served.access.demand(&request)?;
    let accepted = request.header("accept").unwrap_or_default();
    let format = definition
        .format
        .unwrap_or(match accepted.starts_with("text/plain") {
            true => ProfileFormat::Folded,
            false => ProfileFormat::Svg,
        });
    let owner = super::owner(definition.owner.as_deref(), &request);
    let live = Arc::clone(&served.live);
    // It ends when this does: whoever asks may go away.
    let (_stays, stay) = mpsc::channel();
    let taken =
        tokio::task::spawn_blocking(move || take(&live, &definition, format, &owner, &stay));
    let taken = taken
        .await
        .map_err(|_| HttpException::new(500, "the profile broke off"))?;
    let taken = taken.map_err(|refusal| HttpException::new(refusal.status, refusal.message))?;
    let response = Response::new(taken).header("content-security-policy", ALONE);
    Ok(response.content_type(match format {
        ProfileFormat::Svg => "image/svg+xml",
        ProfileFormat::Folded => "text/plain; charset=utf-8",
    }))
}
