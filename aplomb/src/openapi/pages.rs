//! The document and the pages that show it.

mod asset;
mod oauth2_redirect;
mod redoc;
mod served;
mod swagger;

pub use oauth2_redirect::swagger_ui_oauth2_redirect_html;
pub use redoc::Redoc;
pub use swagger::SwaggerUi;

use std::sync::Arc;

use super::DocumentedRoute;
use super::document::document;
use crate::app::{App, Metadata};
use crate::http::{Request, Response};
use crate::route::Target;
use asset::Asset;
use served::Served;

/// One page of the documentation.
pub(crate) struct Page {
    pub(crate) path: String,
    answer: Answer,
}

type Answer = Arc<dyn Fn(&Request) -> Response + Send + Sync>;

impl Page {
    fn new(path: String, answer: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Self {
        let answer: Answer = Arc::new(answer);
        Self { path, answer }
    }

    pub(crate) fn methods(&self) -> Vec<String> {
        vec!["GET".to_owned(), "HEAD".to_owned()]
    }

    pub(crate) fn target(&self) -> Target {
        Target::Page(Arc::clone(&self.answer))
    }
}

/// The pages an application has.
pub(crate) fn pages(app: &App, routes: &[DocumentedRoute]) -> Vec<Page> {
    let metadata = &app.metadata;
    let Some(openapi_url) = &metadata.openapi_url else {
        return Vec::new();
    };
    let served = Served::new(document(app, routes), metadata.root_path_in_servers);
    let mut pages = vec![Page::new(openapi_url.clone(), move |request| {
        served.answer(request.root_path())
    })];
    if let Some(url) = &metadata.docs_url {
        pages.extend(swagger_pages(metadata, openapi_url, url));
    }
    if let Some(url) = &metadata.redoc_url {
        pages.extend(redoc_pages(metadata, openapi_url, url));
    }
    pages
}

fn swagger_pages(metadata: &Metadata, openapi_url: &str, url: &str) -> Vec<Page> {
    let assets = Asset::swagger(url);
    let mut pages: Vec<Page> = assets.iter().cloned().map(Asset::page).collect();
    let redirect = metadata.oauth2_redirect_url.clone();
    if let Some(path) = &redirect {
        pages.push(Page::new(path.clone(), |_| {
            swagger_ui_oauth2_redirect_html()
        }));
    }
    let (title, openapi_url) = (metadata.title.clone(), openapi_url.to_owned());
    let parameters = metadata.swagger_ui_parameters.clone();
    let init_oauth = metadata.swagger_ui_init_oauth.clone();
    pages.push(Page::new(url.to_owned(), move |request| {
        let root = request.root_path();
        let mut page = SwaggerUi::new(
            format!("{root}{openapi_url}"),
            format!("{title} - Swagger UI"),
        )
        .parameters(parameters.clone());
        if let Some(path) = &redirect {
            page = page.oauth2_redirect_url(format!("{root}{path}"));
        }
        if let Some(settings) = &init_oauth {
            page = page.init_oauth(settings.clone());
        }
        page.with_assets(root, &assets).html()
    }));
    pages
}

fn redoc_pages(metadata: &Metadata, openapi_url: &str, url: &str) -> Vec<Page> {
    let assets = Asset::redoc(url);
    let mut pages: Vec<Page> = assets.iter().cloned().map(Asset::page).collect();
    let (title, openapi_url) = (metadata.title.clone(), openapi_url.to_owned());
    pages.push(Page::new(url.to_owned(), move |request| {
        let root = request.root_path();
        Redoc::new(format!("{root}{openapi_url}"), format!("{title} - ReDoc"))
            .with_assets(root, &assets)
            .html()
    }));
    pages
}

/// Text as it stands in HTML, in an attribute too.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Loads script and style from the binary. What stands in `elsewhere` is used only if the script
/// cannot be had there, as behind a proxy that passes on too little.
fn on_board(elsewhere: &str, script: &str, style: Option<&str>) -> String {
    let style =
        style.map(|style| format!("<link rel=\"stylesheet\" href=\"{}\">\n", escaped(style)));
    let (style, script) = (style.unwrap_or_default(), escaped(script));
    format!(
        r#"<link rel="icon" href="data:,">
<template id="elsewhere">
{elsewhere}
</template>
<script>
function loadElsewhere() {{
  const sources = document.getElementById('elsewhere').content.cloneNode(true);
  sources.querySelector('script').onload = () => dispatchEvent(new Event('elsewhere'));
  document.body.append(sources);
}}
</script>
{style}<script src="{script}" onerror="loadElsewhere()"></script>"#
    )
}
