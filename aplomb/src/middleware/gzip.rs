//! [`Gzip`]: compresses answers.

mod compressed;
mod request;

use std::sync::OnceLock;

use ::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use ::http::{HeaderValue, StatusCode};
use bytes::Bytes;
use flate2::Compression;
use http_body::Body as _;
use tokio::sync::Semaphore;

use self::compressed::{Compressed, compress};
pub use self::request::GzipRequest;
use super::vary::add_vary;
use super::{Middleware, Next};
use crate::error::{Error, Result};
use crate::http::{Body, Request, Response};

/// A body of this many bytes is worth a thread of its own: about a millisecond's work.
const LARGE: usize = 32 << 10;

/// What is compressed already, or must arrive piece by piece.
const EXCLUDED: [&str; 14] = [
    "application/grpc",
    "application/gzip",
    "application/x-gzip",
    "application/zip",
    "audio/*",
    "font/woff",
    "font/woff2",
    "image/avif",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "text/event-stream",
    "video/*",
];

/// Compresses answers for clients that take it: FastAPI's `GZipMiddleware`.
///
/// Answers that are there as a whole are compressed from 500 bytes on, streams always and piece by
/// piece. An answer of 32 KiB or more is compressed on another thread, of which there are no more at
/// once than processors.
///
/// ```
/// use aplomb::middleware::Gzip;
/// use aplomb::prelude::*;
///
/// let app = App::new().middleware(Gzip::new().minimum_size(1000).compress_level(5));
/// let client = aplomb::testing::TestClient::new(app);
/// let answer = client.get("/docs").header("accept-encoding", "gzip").send();
/// assert_eq!(answer.header("content-encoding"), Some("gzip"));
/// assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
/// ```
#[derive(Clone, Debug)]
pub struct Gzip {
    minimum_size: u64,
    level: Compression,
    excluded: Vec<String>,
}

impl Default for Gzip {
    fn default() -> Self {
        Self::new()
    }
}

impl Gzip {
    /// Compresses as well as can be what has 500 bytes or more.
    pub fn new() -> Self {
        Self {
            minimum_size: 500,
            level: Compression::best(),
            excluded: EXCLUDED.map(str::to_owned).into(),
        }
    }

    /// Leaves answers with fewer bytes as they are.
    #[must_use]
    pub fn minimum_size(mut self, bytes: u64) -> Self {
        self.minimum_size = bytes;
        self
    }

    /// From 0, which only wraps, to 9, which is small and slow; 9 unless said otherwise.
    ///
    /// # Panics
    /// When the level is above 9.
    #[must_use]
    #[track_caller]
    pub fn compress_level(mut self, level: u32) -> Self {
        assert!(level <= 9, "gzip has no level {level}: use 0 to 9");
        self.level = Compression::new(level);
        self
    }

    /// Leaves these content types as they are, in place of those that are by default: images,
    /// sound, archives and server-sent events; `video/*` is every one that begins so.
    #[must_use]
    pub fn exclude_content_types<T: Into<String>>(
        mut self,
        content_types: impl IntoIterator<Item = T>,
    ) -> Self {
        let content_types = content_types.into_iter().map(Into::into);
        self.excluded = content_types.map(|text| media_type(&text)).collect();
        self
    }

    fn excludes(&self, content_type: &str) -> bool {
        let media_type = media_type(content_type);
        let family = media_type.split('/').next().unwrap_or_default();
        self.excluded.iter().any(|excluded| {
            *excluded == media_type
                || excluded.strip_suffix("/*") == Some(family)
                || excluded == "application/grpc" && media_type.starts_with("application/grpc+")
        })
    }

    fn leaves(&self, response: &Response) -> bool {
        let headers = response.headers();
        let content_type = headers
            .get(CONTENT_TYPE)
            .and_then(|text| text.to_str().ok());
        let status = response.status_code();
        headers.contains_key(CONTENT_ENCODING)
            || status == StatusCode::PARTIAL_CONTENT
            || status.is_informational()
            || self.excludes(content_type.unwrap_or_default())
            || response
                .body()
                .size_hint()
                .exact()
                .is_some_and(|size| size == 0 || size < self.minimum_size)
    }

    async fn whole(&self, bytes: Bytes) -> Result<Vec<u8>> {
        let level = self.level;
        if bytes.len() < LARGE {
            return Ok(compress(&bytes, level));
        }
        elsewhere(move || compress(&bytes, level)).await
    }
}

/// Does work on another thread, of which no more are at it at once than there are processors.
async fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    static TURNS: OnceLock<Semaphore> = OnceLock::new();
    let turns = TURNS.get_or_init(|| {
        let processors = std::thread::available_parallelism().map_or(1, Into::into);
        Semaphore::new(processors)
    });
    let turn = turns.acquire().await.map_err(Error::from)?;
    // It goes with the work, which nobody stops when the request is given up.
    let working = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    working.await.map_err(Error::from)
}

fn media_type(content_type: &str) -> String {
    let media_type = content_type.split(';').next().unwrap_or_default();
    media_type.trim().to_ascii_lowercase()
}

impl Middleware for Gzip {
    async fn handle(&self, request: Request, next: Next) -> Result<Response> {
        let accepted = request.headers().get(ACCEPT_ENCODING);
        let accepted =
            accepted.is_some_and(|held| held.as_bytes().windows(4).any(|word| word == b"gzip"));
        let mut response = next.run(request).await?;
        if self.leaves(&response) {
            return Ok(response);
        }
        add_vary(response.headers_mut(), "Accept-Encoding");
        if !accepted {
            return Ok(response);
        }
        let body = response.take_body();
        let compressed = if body.as_bytes().is_some() {
            let bytes = body.collect(usize::MAX).await.map_err(Error::from)?;
            Body::from(self.whole(bytes).await?)
        } else {
            Body::new(Compressed::new(body, self.level))
        };
        response.headers_mut().remove(CONTENT_LENGTH);
        response.set_body(compressed);
        response
            .headers_mut()
            .insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        Ok(response)
    }
}
