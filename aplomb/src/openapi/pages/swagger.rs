//! The page of Swagger UI.

use super::asset::Asset;
use super::frame::{self, Sources};
use crate::http::Response;
use crate::json::{Object, PythonStyle, Value, Writer};

const SCRIPT: &str = "https://cdn.jsdelivr.net/npm/swagger-ui-dist@5/swagger-ui-bundle.js";
const STYLE: &str = "https://cdn.jsdelivr.net/npm/swagger-ui-dist@5/swagger-ui.css";
const FAVICON: &str = "https://fastapi.tiangolo.com/img/favicon.png";

/// A page of Swagger UI: FastAPI's `get_swagger_ui_html`.
///
/// Applications have one at `/docs`. A page made by hand takes its script and style from a CDN
/// unless other URLs are given.
///
/// ```
/// use aplomb::openapi::SwaggerUi;
///
/// let page = SwaggerUi::new("/openapi.json", "Shop")
///     .js_url("/static/swagger-ui-bundle.js")
///     .css_url("/static/swagger-ui.css")
///     .html();
/// assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
/// ```
#[derive(Clone, Debug)]
pub struct SwaggerUi {
    openapi_url: String,
    title: String,
    js_url: String,
    css_url: String,
    favicon_url: String,
    oauth2_redirect_url: Option<String>,
    init_oauth: Option<Value>,
    parameters: Object,
    /// The URLs of script and style in the binary.
    on_board: Option<(String, String)>,
}

impl SwaggerUi {
    /// A page with this title that shows the document at this URL.
    pub fn new(openapi_url: impl Into<String>, title: impl Into<String>) -> Self {
        let parameters: [(&str, Value); 6] = [
            ("dom_id", "#swagger-ui".into()),
            ("layout", "BaseLayout".into()),
            ("deepLinking", true.into()),
            ("showExtensions", true.into()),
            ("showCommonExtensions", true.into()),
            // Without this, documents on public hosts are sent to a validator.
            ("validatorUrl", Value::Null),
        ];
        let parameters = parameters.map(|(key, value)| (key.to_owned(), value));
        Self {
            openapi_url: openapi_url.into(),
            title: title.into(),
            js_url: SCRIPT.to_owned(),
            css_url: STYLE.to_owned(),
            favicon_url: FAVICON.to_owned(),
            oauth2_redirect_url: None,
            init_oauth: None,
            parameters: parameters.into_iter().collect(),
            on_board: None,
        }
    }

    /// Where the script is.
    #[must_use]
    pub fn js_url(mut self, url: impl Into<String>) -> Self {
        self.js_url = url.into();
        self
    }

    /// Where the style is.
    #[must_use]
    pub fn css_url(mut self, url: impl Into<String>) -> Self {
        self.css_url = url.into();
        self
    }

    /// Where the picture for the browser's tab is.
    #[must_use]
    pub fn favicon_url(mut self, url: impl Into<String>) -> Self {
        self.favicon_url = url.into();
        self
    }

    /// The path of the page that OAuth2 servers send people back to.
    #[must_use]
    pub fn oauth2_redirect_url(mut self, url: impl Into<String>) -> Self {
        self.oauth2_redirect_url = Some(url.into());
        self
    }

    /// The settings for OAuth2: an object with `clientId` and others.
    #[must_use]
    pub fn init_oauth(mut self, settings: impl Into<Value>) -> Self {
        self.init_oauth = Some(settings.into());
        self
    }

    /// Further parameters of Swagger UI, or other values of the usual ones.
    #[must_use]
    pub fn parameters(mut self, parameters: Object) -> Self {
        self.parameters.extend(parameters);
        self
    }

    /// Takes script and style from the binary, and from the CDN only if that fails.
    pub(super) fn with_assets(mut self, root_path: &str, assets: &[Asset]) -> Self {
        if let [script, style] = assets {
            self.on_board = Some((script.url(root_path), style.url(root_path)));
        }
        self
    }

    /// The page.
    pub fn html(&self) -> Response {
        let on_board = self.on_board.as_ref();
        let sources = Sources {
            script: &self.js_url,
            styles: vec![&self.css_url],
            favicon: &self.favicon_url,
            on_board: on_board.map(|(script, style)| (&**script, Some(&**style))),
        };
        let (sources, call) = (sources.html(), self.call());
        let body = format!(
            r#"<div id="swagger-ui"></div>
{sources}
<script>
function start() {{
{call}
}}
window.SwaggerUIBundle ? start() : addEventListener('elsewhere', start);
</script>"#
        );
        frame::page(&self.title, "", &body)
    }

    fn call(&self) -> String {
        let mut call = format!(
            "const ui = window.ui = SwaggerUIBundle({{\nurl: {},\n",
            quoted(&self.openapi_url)
        );
        for (key, value) in &self.parameters {
            let key = script_json(&Value::String(key.clone()));
            call.push_str(&format!("{key}: {},\n", script_json(value)));
        }
        if let Some(path) = &self.oauth2_redirect_url {
            let path = quoted(path);
            call.push_str(&format!(
                "oauth2RedirectUrl: window.location.origin + {path},\n"
            ));
        }
        call.push_str(
            "presets: [SwaggerUIBundle.presets.apis, SwaggerUIBundle.SwaggerUIStandalonePreset],\n});",
        );
        if let Some(settings) = &self.init_oauth {
            call.push_str(&format!("\nui.initOAuth({});", script_json(settings)));
        }
        call
    }
}

/// JSON that may stand in a script of a page.
fn script_json(value: &Value) -> String {
    let mut writer = Writer::new();
    // This style writes every float.
    let _ = writer.python(value, PythonStyle::Dumps);
    let text = String::from_utf8_lossy(writer.as_bytes()).into_owned();
    text.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}

/// Text in single quotes that may stand in a script of a page.
fn quoted(text: &str) -> String {
    let json = script_json(&Value::String(text.to_owned()));
    let inner = json[1..json.len() - 1].replace("\\\"", "\"");
    format!("'{}'", inner.replace('\'', "\\'"))
}
