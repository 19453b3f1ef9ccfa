//! The page of ReDoc.

use super::asset::Asset;
use super::escaped;
use super::frame::{self, Sources};
use crate::http::Response;

const SCRIPT: &str = "https://cdn.jsdelivr.net/npm/redoc@2/bundles/redoc.standalone.js";
const FAVICON: &str = "https://fastapi.tiangolo.com/img/favicon.png";
const FONTS: &str =
    "https://fonts.googleapis.com/css?family=Montserrat:300,400,700|Roboto:300,400,700";

/// A page of ReDoc: FastAPI's `get_redoc_html`.
///
/// Applications have one at `/redoc`. A page made by hand takes its script from a CDN unless
/// another URL is given.
///
/// ```
/// use aplomb::openapi::Redoc;
///
/// let page = Redoc::new("/openapi.json", "Shop")
///     .js_url("/static/redoc.standalone.js")
///     .with_google_fonts(false)
///     .html();
/// assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
/// ```
#[derive(Clone, Debug)]
pub struct Redoc {
    openapi_url: String,
    title: String,
    js_url: String,
    favicon_url: String,
    google_fonts: bool,
    /// The URL of the script in the binary.
    on_board: Option<String>,
}

impl Redoc {
    /// A page with this title that shows the document at this URL.
    pub fn new(openapi_url: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            openapi_url: openapi_url.into(),
            title: title.into(),
            js_url: SCRIPT.to_owned(),
            favicon_url: FAVICON.to_owned(),
            google_fonts: true,
            on_board: None,
        }
    }

    /// Where the script is.
    #[must_use]
    pub fn js_url(mut self, url: impl Into<String>) -> Self {
        self.js_url = url.into();
        self
    }

    /// Where the picture for the browser's tab is.
    #[must_use]
    pub fn favicon_url(mut self, url: impl Into<String>) -> Self {
        self.favicon_url = url.into();
        self
    }

    /// Whether the page loads fonts from Google.
    #[must_use]
    pub fn with_google_fonts(mut self, load: bool) -> Self {
        self.google_fonts = load;
        self
    }

    /// Takes the script from the binary, and from the CDN only if that fails.
    pub(super) fn with_assets(mut self, root_path: &str, assets: &[Asset]) -> Self {
        if let [script] = assets {
            self.on_board = Some(script.url(root_path));
        }
        self
    }

    /// The page.
    pub fn html(&self) -> Response {
        let sources = Sources {
            script: &self.js_url,
            styles: self.google_fonts.then_some(FONTS).into_iter().collect(),
            favicon: &self.favicon_url,
            on_board: self.on_board.as_deref().map(|script| (script, None)),
        };
        let (openapi_url, sources) = (escaped(&self.openapi_url), sources.html());
        let body = format!(
            r#"<noscript>This page needs JavaScript.</noscript>
<redoc spec-url="{openapi_url}"></redoc>
{sources}"#
        );
        frame::page(&self.title, "body { margin: 0; padding: 0; }", &body)
    }
}
