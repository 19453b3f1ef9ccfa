//! What a request says about the file it gets.

use http::header::{IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE};
use http::{HeaderValue, Method};

use crate::http::Request;

/// What a request says about the file it gets, kept while somebody else has the request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(super) method: Method,
    pub(super) range: Option<HeaderValue>,
    pub(super) if_range: Option<HeaderValue>,
    pub(super) if_none_match: Option<HeaderValue>,
    pub(super) if_modified_since: Option<HeaderValue>,
}

impl Asked {
    pub(crate) fn by(request: &Request) -> Self {
        let headers = request.headers();
        Self {
            method: request.method().clone(),
            range: headers.get(RANGE).cloned(),
            if_range: headers.get(IF_RANGE).cloned(),
            if_none_match: headers.get(IF_NONE_MATCH).cloned(),
            if_modified_since: headers.get(IF_MODIFIED_SINCE).cloned(),
        }
    }

    /// Whether the request only reads, so that it may get a part, or hear that it has all.
    pub(super) fn only_reads(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD)
    }

    /// Whether it wants the head of the answer alone.
    pub(super) fn only_head(&self) -> bool {
        self.method == Method::HEAD
    }
}

/// A header as text.
pub(super) fn text(header: &Option<HeaderValue>) -> Option<&str> {
    std::str::from_utf8(header.as_ref()?.as_bytes()).ok()
}
