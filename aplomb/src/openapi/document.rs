//! The OpenAPI 3.1 document of an application.

use crate::app::App;
use crate::depends::Plan;
use crate::json::{Object, Value};
use crate::route::Route;

/// A route as the document describes it.
#[derive(Debug)]
pub(crate) struct DocumentedRoute {
    pub(crate) route: Route,
    /// The path without convertors.
    pub(crate) document_path: String,
    /// What runs before the handler.
    pub(crate) plan: Plan,
    /// What the code declares to run before the handler.
    pub(crate) declared: Plan,
}

impl App {
    /// The OpenAPI document.
    pub fn openapi(&self) -> Value {
        let routes = crate::app::documented_routes(self);
        document(self, &routes)
    }
}

pub(crate) fn document(app: &App, routes: &[DocumentedRoute]) -> Value {
    let _ = (routes, &app.metadata);
    Value::Object(Object::new())
}
