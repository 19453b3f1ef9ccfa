//! How an open file answers one request.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_RANGE, CONTENT_TYPE, DATE, ETAG,
    EXPIRES, LAST_MODIFIED, VARY,
};
use http::{HeaderMap, HeaderValue};

use super::asked::{Asked, text};
use super::opened::{OpenedFile, Source};
use super::pieces::{Piece, Pieces};
use super::ranges::Ranges;
use crate::http::length::content_length;
use crate::http::{Body, Response};

/// What a 304 says of the answer it stands for (RFC 9110, section 15.4.5).
const KEPT: [http::HeaderName; 6] = [CACHE_CONTROL, CONTENT_LOCATION, DATE, ETAG, EXPIRES, VARY];

/// Gives a response the content of a file: all of it, the parts the request asks for, or none
/// where the client has it already and `conditional` says to look.
pub(super) fn send(
    mut response: Response,
    file: OpenedFile,
    asked: &Asked,
    conditional: bool,
) -> Response {
    let headers = response.headers_mut();
    headers
        .entry(LAST_MODIFIED)
        .or_insert_with(|| file.last_modified());
    headers.entry(ETAG).or_insert_with(|| file.etag());
    // RFC 9110, 13.1.2: only reading has an answer that says "you have it already".
    if conditional && asked.only_reads() && is_not_modified(headers, &file, asked) {
        return not_modified(response);
    }
    let ranges = match range(&response, asked) {
        Some(range) => Ranges::parse(range, file.length),
        None => Ranges::Whole,
    };
    match ranges {
        Ranges::Whole => {
            let length = file.length;
            fill(response, file, asked, vec![Piece::File(0, length)])
        }
        Ranges::Parts(parts) => partial(response, file, asked, &parts),
        Ranges::Malformed(why) => refuse(response, Response::text(why).status(400)),
        Ranges::NotSatisfiable => {
            let range = value(format!("bytes */{}", file.length));
            let refusal = Response::text("").status(416).header(CONTENT_RANGE, range);
            refuse(response, refusal)
        }
    }
}

/// The `Range` header, where it counts: on a success of GET or HEAD whose `If-Range` holds.
fn range<'r>(response: &Response, asked: &'r Asked) -> Option<&'r str> {
    if response.status_code() != 200 || !asked.only_reads() {
        return None;
    }
    if let Some(condition) = &asked.if_range {
        let weak = condition.as_bytes().starts_with(b"W/");
        let is = |name| response.headers().get(name) == Some(condition);
        if weak || !(is(LAST_MODIFIED) || is(ETAG)) {
            return None;
        }
    }
    text(&asked.range)
}

fn partial(
    mut response: Response,
    file: OpenedFile,
    asked: &Asked,
    parts: &[(u64, u64)],
) -> Response {
    response.set_status(http::StatusCode::PARTIAL_CONTENT);
    let length = file.length;
    let content_range = |start: u64, end: u64| format!("bytes {start}-{}/{length}", end - 1);
    let headers = response.headers_mut();
    if let [(start, end)] = *parts {
        headers.insert(CONTENT_RANGE, value(content_range(start, end)));
        return fill(response, file, asked, vec![Piece::File(start, end)]);
    }
    let boundary = uuid::Uuid::new_v4().simple().to_string();
    let content_type = headers.get(CONTENT_TYPE).cloned();
    let content_type = content_type
        .as_ref()
        .map_or(&b""[..], HeaderValue::as_bytes);
    headers.insert(
        CONTENT_TYPE,
        value(format!("multipart/byteranges; boundary={boundary}")),
    );
    let mut pieces = Vec::with_capacity(parts.len() * 3 + 1);
    for (start, end) in parts.iter().copied() {
        let mut head = format!("--{boundary}\r\nContent-Type: ").into_bytes();
        head.extend_from_slice(content_type);
        let range = content_range(start, end);
        head.extend_from_slice(format!("\r\nContent-Range: {range}\r\n\r\n").as_bytes());
        pieces.push(Piece::Bytes(head.into()));
        pieces.push(Piece::File(start, end));
        pieces.push(Piece::Bytes(Bytes::from_static(b"\r\n")));
    }
    pieces.push(Piece::Bytes(format!("--{boundary}--").into()));
    fill(response, file, asked, pieces)
}

/// Puts the pieces into the response, or their length only where that was all HEAD asked for.
fn fill(mut response: Response, file: OpenedFile, asked: &Asked, pieces: Vec<Piece>) -> Response {
    let body = match file.source {
        Source::File(file) => Body::from_frames(Box::pin(Pieces::new(file, pieces))),
        Source::Memory(content) => in_memory(&content, &pieces),
    };
    let length = http_body::Body::size_hint(&body).lower();
    response.set_body(if asked.only_head() {
        Body::empty()
    } else {
        body
    });
    response
        .headers_mut()
        .insert(CONTENT_LENGTH, content_length(length));
    response
}

fn in_memory(content: &Bytes, pieces: &[Piece]) -> Body {
    let slice = |start: u64, end: u64| content.slice(start as usize..end as usize);
    if let [Piece::File(start, end)] = *pieces {
        return Body::from(slice(start, end));
    }
    let mut joined = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Bytes(bytes) => joined.extend_from_slice(bytes),
            Piece::File(start, end) => joined.extend_from_slice(&slice(*start, *end)),
        }
    }
    Body::from(joined)
}

/// Whether the client has what the answer would send (RFC 9110, section 13.2.2).
fn is_not_modified(headers: &HeaderMap, file: &OpenedFile, asked: &Asked) -> bool {
    if let Some(tags) = text(&asked.if_none_match).filter(|tags| !tags.is_empty()) {
        let etag = headers.get(ETAG).map(HeaderValue::as_bytes);
        let is_ours = |tag: &str| {
            let tag = tag.trim();
            etag == Some(tag.strip_prefix("W/").unwrap_or(tag).as_bytes())
        };
        return tags.trim() == "*" || tags.split(',').any(is_ours);
    }
    let since =
        text(&asked.if_modified_since).and_then(|since| httpdate::parse_http_date(since).ok());
    since.is_some_and(|since| since >= file.modified_second())
}

fn not_modified(response: Response) -> Response {
    let mut answer = Response::new(Body::empty()).status(304);
    for name in KEPT {
        for value in response.headers().get_all(&name) {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    refuse(response, answer)
}

/// Answers otherwise; what was to run after the response still does.
fn refuse(response: Response, mut other: Response) -> Response {
    other.adopt_after(response);
    other
}

/// Text of our own that may stand in a header.
fn value(text: String) -> HeaderValue {
    match HeaderValue::try_from(text) {
        Ok(value) => value,
        Err(_) => unreachable!("numbers and letters may stand in a header"),
    }
}
