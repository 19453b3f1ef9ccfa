//! The scripts and styles of the pages, served from the binary.

#[cfg(feature = "docs-ui")]
use bytes::Bytes;

use super::Page;
use crate::http::{Request, Response};

/// A script or style that a page loads.
#[derive(Clone, Debug)]
pub(super) struct Asset {
    /// Where the application serves it.
    path: String,
    content_type: &'static str,
    compressed: &'static [u8],
}

#[cfg(feature = "docs-ui")]
const SCRIPT: &str = "text/javascript; charset=utf-8";

impl Asset {
    /// What Swagger UI at this URL loads: script and style. Nothing when they are not on board.
    #[cfg(feature = "docs-ui")]
    pub(super) fn swagger(url: &str) -> Vec<Self> {
        let script = include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui-bundle.js.gz"));
        let style = include_bytes!(concat!(env!("OUT_DIR"), "/swagger-ui.css.gz"));
        vec![
            Self::new(url, "swagger-ui-bundle.js", SCRIPT, script),
            Self::new(url, "swagger-ui.css", "text/css; charset=utf-8", style),
        ]
    }

    /// What ReDoc at this URL loads: its script. Nothing when it is not on board.
    #[cfg(feature = "docs-ui")]
    pub(super) fn redoc(url: &str) -> Vec<Self> {
        let script = include_bytes!(concat!(env!("OUT_DIR"), "/redoc.standalone.js.gz"));
        vec![Self::new(url, "redoc.standalone.js", SCRIPT, script)]
    }

    #[cfg(not(feature = "docs-ui"))]
    pub(super) fn swagger(_: &str) -> Vec<Self> {
        Vec::new()
    }

    #[cfg(not(feature = "docs-ui"))]
    pub(super) fn redoc(_: &str) -> Vec<Self> {
        Vec::new()
    }

    #[cfg(feature = "docs-ui")]
    fn new(url: &str, name: &str, content_type: &'static str, compressed: &'static [u8]) -> Self {
        Self {
            path: format!("{}/{name}", url.trim_end_matches('/')),
            content_type,
            compressed,
        }
    }

    /// What tells one version of the file from another: the checksum at the end of the gzip
    /// stream.
    fn version(&self) -> String {
        let trailer = self.compressed.last_chunk::<8>();
        let checksum = trailer.map_or(0, |trailer| {
            u32::from_le_bytes([trailer[0], trailer[1], trailer[2], trailer[3]])
        });
        format!("{checksum:08x}")
    }

    /// The URL in a page: with the version, so that browsers may keep the file for ever.
    pub(super) fn url(&self, root_path: &str) -> String {
        format!("{root_path}{}?v={}", self.path, self.version())
    }

    pub(super) fn page(self) -> Page {
        Page::new(self.path.clone(), move |request| self.answer(request))
    }

    fn answer(&self, request: &Request) -> Response {
        let version = self.version();
        let etag = format!("\"{version}\"");
        let current = request.query("v") == Some(version.as_str());
        let lifetime = match current {
            true => "public, max-age=31536000, immutable",
            false => "no-cache",
        };
        let known = request.header("if-none-match");
        let response = if known.is_some_and(|tags| tags.contains(&etag)) {
            Response::new(crate::http::Body::empty()).status(304)
        } else {
            self.content(request)
        };
        response
            .header("cache-control", lifetime)
            .header("etag", etag)
            .header("vary", "Accept-Encoding")
    }

    #[cfg(feature = "docs-ui")]
    fn content(&self, request: &Request) -> Response {
        use std::io::Read;

        let response = if accepts_gzip(request.header("accept-encoding").unwrap_or_default()) {
            Response::new(Bytes::from_static(self.compressed)).header("content-encoding", "gzip")
        } else {
            let mut plain = Vec::new();
            let mut decoder = flate2::read::GzDecoder::new(self.compressed);
            if decoder.read_to_end(&mut plain).is_err() {
                return Response::text("Internal Server Error").status(500);
            }
            Response::new(plain)
        };
        response.content_type(self.content_type)
    }

    #[cfg(not(feature = "docs-ui"))]
    fn content(&self, _: &Request) -> Response {
        Response::new(self.compressed).content_type(self.content_type)
    }
}

/// Whether a client that sends this `accept-encoding` reads gzip.
#[cfg(feature = "docs-ui")]
fn accepts_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused = parts.any(|part| {
            let quality = part.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok());
            quality == Some(0.0)
        });
        (name.eq_ignore_ascii_case("gzip") || name == "*") && !refused
    })
}
