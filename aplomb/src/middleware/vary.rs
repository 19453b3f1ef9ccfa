//! The `vary` header, which caches read.

use ::http::header::VARY;
use ::http::{HeaderMap, HeaderValue};

/// Adds a name to those that are there, in one line.
pub(super) fn add_vary(headers: &mut HeaderMap, name: &'static str) {
    let mut line = Vec::new();
    for held in headers.get_all(VARY) {
        line.extend_from_slice(held.as_bytes());
        line.extend_from_slice(b", ");
    }
    line.extend_from_slice(name.as_bytes());
    // Values that were valid stay so when they are joined.
    if let Ok(value) = HeaderValue::from_bytes(&line) {
        headers.insert(VARY, value);
    }
}
