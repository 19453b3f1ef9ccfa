//! [`GzipRequest`]: decompresses what clients send.

use std::io::{self, Read as _, Take};

use ::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use bytes::buf::Reader;
use bytes::{Buf as _, Bytes};
use flate2::read::MultiGzDecoder;

use super::elsewhere;
use crate::error::{Error, HttpException, Result};
use crate::http::{Request, Response};
use crate::middleware::{Middleware, Next};

/// So many bytes, compressed or not, are worth a thread of their own.
const LARGE: usize = 32 << 10;

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
        headers.insert(CONTENT_LENGTH, body.len().into());
        request.set_body(Bytes::from(body));
        next.run(request).await
    }
}

/// A body on its way out of its compression.
struct Reading {
    decoder: Take<MultiGzDecoder<Reader<Bytes>>>,
    /// What was compressed, of what is above the limit only the first byte.
    body: Vec<u8>,
}

impl Reading {
    fn new(compressed: Bytes, limit: usize) -> Self {
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        Self {
            decoder: MultiGzDecoder::new(compressed.reader()).take(most),
            body: Vec::new(),
        }
    }

    /// Reads at most this many bytes more; whether that is all.
    fn advance(&mut self, most: usize) -> io::Result<bool> {
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        let mut some = (&mut self.decoder).take(most);
        let read = some.read_to_end(&mut self.body)?;
        Ok((read as u64) < most)
    }
}
