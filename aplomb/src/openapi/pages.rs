//! The document and the pages that show it.

use std::sync::Arc;

use super::DocumentedRoute;
use super::document::document;
use crate::app::App;
use crate::http::{Request, Response};
use crate::json::Writer;
use crate::route::Target;

/// One page of the documentation.
pub(crate) struct Page {
    pub(crate) path: String,
    answer: Arc<dyn Fn(&Request) -> Response + Send + Sync>,
}

impl Page {
    pub(crate) fn methods(&self) -> Vec<String> {
        vec!["GET".to_owned(), "HEAD".to_owned()]
    }

    pub(crate) fn target(&self) -> Target {
        Target::Page(Arc::clone(&self.answer))
    }
}

/// The pages an application has.
pub(crate) fn pages(app: &App, routes: &[DocumentedRoute]) -> Vec<Page> {
    let Some(openapi_url) = app.metadata.openapi_url.clone() else {
        return Vec::new();
    };
    let mut writer = Writer::new();
    writer.value(&document(app, routes));
    let text = bytes::Bytes::from(writer.into_bytes());
    vec![Page {
        path: openapi_url,
        answer: Arc::new(move |_| Response::json_text(text.clone())),
    }]
}
