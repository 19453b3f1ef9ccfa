//! Hands requests on to what is mounted below a path.

use std::sync::Arc;

use ::http::Uri;

use super::dispatch::{Running, Unexpected};
use crate::deadline::{Deadline, unless_over};
use crate::error::{HttpException, Result};
use crate::http::{PathParams, Request, Response};
use crate::mount::{Mounted, MountedService};
use crate::route::PATH;

impl Running {
    /// Hands a request on to a mounted service, and answers what that raises; `params` has the
    /// rest of the path.
    pub(super) async fn hand_on(
        &self,
        mount: &MountedService,
        request: Request,
        params: PathParams,
    ) -> Result<Response, Unexpected> {
        let below = format!("/{}", params.get("path").unwrap_or_default());
        let Some(uri) = target(&below, &request) else {
            let error = HttpException::status_only(414);
            return Ok(super::http_exception(&error));
        };
        let root_path = {
            let path = request.path();
            let prefix = path.strip_suffix(&below).unwrap_or_default();
            format!("{}{prefix}", request.root_path())
        };
        let (deadline, limits) = (Deadline::of(&request), request.limits());
        let (head, body) = request.into_parts();
        let mounted = Mounted {
            limits,
            root_path,
            path_params: params.without("path").below(&head.mount_params),
            states: head.states,
            compat: self.compat,
            served: head.served,
            record: head.record,
            url_base: head.url_base.unwrap_or_else(|| Arc::clone(&self.url_base)),
        };
        let mut parts = head.parts;
        parts.uri = uri;
        parts.extensions.insert(head.peer);
        parts.extensions.insert(mounted);
        let request = ::http::Request::from_parts(parts, body);
        let answer = if mount.names.is_some() {
            // An application of our own knows the deadlines of its routes.
            mount.answer(request).await
        } else {
            deadline.is_granted();
            let answer = unless_over(|| deadline, mount.answer(request)).await;
            answer.unwrap_or_else(|passed| Err((passed, None)))
        };
        match answer {
            Ok(response) => Ok(response),
            Err((error, request)) => self.failed(request, error).await,
        }
    }
}

/// The target of a request with another path, at the host it named; nothing where quoting makes it
/// longer than one may be.
fn target(path: &str, request: &Request) -> Option<Uri> {
    let mut target = percent_encoding::utf8_percent_encode(path, PATH).to_string();
    if let Some(query) = request.uri().query() {
        target.push('?');
        target.push_str(query);
    }
    let target: Uri = target.parse().ok()?;
    let Some(authority) = request.uri().authority() else {
        return Some(target);
    };
    let mut parts = target.into_parts();
    parts.authority = Some(authority.clone());
    let scheme = request.uri().scheme().cloned();
    parts.scheme = scheme.or_else(|| request.scheme().parse().ok());
    Uri::from_parts(parts).ok()
}
