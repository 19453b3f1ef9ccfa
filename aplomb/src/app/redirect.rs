//! Redirects to another path of the same service.

use super::Compat;
use crate::http::{Request, Response};
use crate::middleware::HostIsTrusted;

/// Sends the client to another path below the root path, by the host it named only where that can
/// be trusted: caches would send others to the host of whoever came first.
pub(crate) fn redirect_to(request: &Request, path: &str) -> Response {
    let absolute = request.head().compat == Compat::Exact
        || request.extensions().get::<HostIsTrusted>().is_some();
    let base = if absolute {
        request.origin()
    } else {
        String::new()
    };
    let mut url = base.clone();
    for character in request.root_path().chars().chain(path.chars()) {
        match character {
            '?' => url.push_str("%3F"),
            '#' => url.push_str("%23"),
            '\\' => url.push_str("%5C"),
            _ => url.push(character),
        }
    }
    if base.is_empty() && url.starts_with("//") {
        // Two slashes would name a host.
        url.replace_range(..2, "/%2F");
    }
    if !request.query_string().is_empty() {
        url.push('?');
        url.push_str(request.query_string());
    }
    Response::redirect(&url, 307)
}
