//! [`GzipRequest`]: decompresses what clients send.

use std::io::{self, Read as _};

use ::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use bytes::Bytes;
use flate2::read::MultiGzDecoder;

use crate::error::{Error, HttpException, Result};
use crate::http::{Request, Response};
use crate::middleware::{Middleware, Next};

/// A body of this many bytes is worth a thread of its own.
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
        let body = if compressed.len() < LARGE {
            decompress(&compressed, limit)
        } else {
            let decompressing = tokio::task::spawn_blocking(move || decompress(&compressed, limit));
            decompressing.await.map_err(Error::from)?
        };
        let Ok(body) = body else {
            return Err(HttpException::new(400, "There was an error parsing the body").into());
        };
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

/// What was compressed, of what is above the limit only the first byte.
fn decompress(compressed: &[u8], limit: usize) -> io::Result<Vec<u8>> {
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut body = Vec::new();
    MultiGzDecoder::new(compressed)
        .take(most)
        .read_to_end(&mut body)?;
    Ok(body)
}
