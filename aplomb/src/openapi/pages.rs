//! The document and the pages that show it.

mod asset;
mod frame;
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

/// The names and paths of the pages an application has, as FastAPI's.
pub(crate) fn page_names(metadata: &Metadata) -> Vec<(&'static str, &str)> {
    let Some(openapi_url) = &metadata.openapi_url else {
        return Vec::new();
    };
    let redirect = metadata.docs_url.as_ref();
    let redirect = redirect.and(metadata.oauth2_redirect_url.as_ref());
    [
        ("openapi", Some(openapi_url)),
        ("swagger_ui_html", metadata.docs_url.as_ref()),
        ("swagger_ui_redirect", redirect),
        ("redoc_html", metadata.redoc_url.as_ref()),
    ]
    .into_iter()
    .filter_map(|(name, path)| Some((name, path?.as_str())))
    .collect()
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
