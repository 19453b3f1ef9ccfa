//! [`TemplateResponse`]: a page that a template has made.

use ::http::StatusCode;

use crate::error::Result;
use crate::http::{Html, Response};
use crate::openapi::Schemas;
use crate::operation::{Description, IntoResponse, ResponseSettings};

/// A page that a template has made, as `text/html`.
///
/// Its status is that of the route unless [`status`](Self::status) gives another;
/// `Response::from(page)` takes headers and cookies.
#[derive(Clone, Debug)]
pub struct TemplateResponse {
    page: String,
    status: Option<StatusCode>,
}

impl TemplateResponse {
    pub(super) fn new(page: String) -> Self {
        Self { page, status: None }
    }

    /// Sets the status.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// The text of the page.
    pub fn page(&self) -> &str {
        &self.page
    }
}

impl From<TemplateResponse> for Response {
    fn from(response: TemplateResponse) -> Self {
        let status = response.status.unwrap_or_default();
        Self::html(response.page).status(status)
    }
}

impl IntoResponse for TemplateResponse {
    fn into_response(self, settings: &ResponseSettings) -> Result<Response> {
        let status = self.status.unwrap_or(settings.status);
        Ok(Response::from(self).status(status))
    }

    fn describe(schemas: &mut Schemas) -> Description {
        Html::<String>::describe(schemas)
    }
}
