//! [`GzipRequest`]: decompresses what clients send.

use std::io::{self, Read as _};

use ::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};
use bytes::buf::Reader;
use bytes::{Buf as _, Bytes};
use flate2::bufread::GzDecoder;

use super::elsewhere;
use crate::error::{Error, HttpException, Result};
use crate::http::{Request, Response};
use crate::middleware::{Middleware, Next};

/// So many bytes, compressed or not, are worth a thread of their own.
const LARGE: usize = 32 << 10;
/// How many members a body may have, and how many bytes of content allow it one more: a member
/// without content costs far more than the 20 bytes that it has.
const MEMBERS: usize = 1000;
const CONTENT: usize = 1 << 10;

/// Decompresses bodies that come with `content-encoding: gzip`, up to as many bytes as a body may
/// have.
///
/// It stands where FastAPI's custom request classes do, or around a whole application.
///
/// ```
/// use aplomb::middleware::GzipRequest;
/// use aplomb::prelude::*;
///
/// #[post("/sum")]
/// async fn sum(numbers: Vec<i64>) -> i64 {
///     numbers.iter().sum()
/// }
///
/// let app = App::new().include(Router::new().middleware(GzipRequest).routes(routes![sum]));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct GzipRequest;

impl Middleware for GzipRequest {
    async fn handle(&self, mut request: Request, next: Next) -> Result<Response> {
        let mut encodings = request.headers().get_all(CONTENT_ENCODING).iter();
        if !encodings.any(|encoding| encoding == "gzip") {
            return next.run(request).await;
        }
        let compressed = request.body().await.map_err(Error::from)?;
        // Clients say how they compress before they know whether there is a body.
        if compressed.is_empty() {
            return next.run(request).await;
        }
        let limit = request.limit();
        let large = compressed.len() >= LARGE;
        let mut reading = Reading::new(compressed, limit);
        let mut body = match large {
            true => Ok(false),
            false => reading.advance(LARGE),
        };
        if let Ok(false) = body {
            (reading, body) = elsewhere(move || {
                let body = reading.advance(usize::MAX);
                (reading, body)
            })
            .await?;
        }
        if body.is_err() {
            return Err(HttpException::new(400, "There was an error parsing the body").into());
        }
        let body = reading.body;
        if body.len() > limit {
            return Err(HttpException::new(413, "Content Too Large").into());
        }
        let headers = request.headers_mut();
        headers.remove(CONTENT_ENCODING);
        headers.remove(TRANSFER_ENCODING);
        headers.insert(CONTENT_LENGTH, body.len().into());
        request.set_body(Bytes::from(body));
        next.run(request).await
    }
}

/// A body on its way out of its compression.
struct Reading {
    decoder: GzDecoder<Reader<Bytes>>,
    /// How many members are done.
    members: usize,
    /// What is decompressed so far: a byte more than the limit at most.
    body: Vec<u8>,
    limit: usize,
}

impl Reading {
    fn new(compressed: Bytes, limit: usize) -> Self {
        Self {
            decoder: GzDecoder::new(compressed.reader()),
            members: 0,
            body: Vec::new(),
            limit,
        }
    }

    /// Decompresses so many bytes more; whether that was all.
    fn advance(&mut self, most: usize) -> io::Result<bool> {
        let end = self.body.len().saturating_add(most);
        let end = end.min(self.limit.saturating_add(1));
        while self.body.len() < end {
            let room = end - self.body.len();
            let mut some = (&mut self.decoder).take(room as u64);
            if some.read_to_end(&mut self.body)? == room {
                break;
            }
            let rest = self.decoder.get_ref().get_ref().clone();
            if rest.is_empty() {
                return Ok(true);
            }
            self.members += 1;
            if self.members > MEMBERS + self.body.len() / CONTENT {
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.decoder.reset(rest.reader());
        }
        Ok(self.body.len() > self.limit)
    }
}
