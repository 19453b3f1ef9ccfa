//! The OpenAPI 3.1 document of an application.

use super::object::{drop_nulls, entry, put, sort_keys};
use super::operation::Shared;
use super::{Schemas, responses};
use crate::app::{App, Metadata};
use crate::depends::Plan;
use crate::json::{Object, Value};
use crate::route::Route;

/// The keys of a path item in the order of the document.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// A route as the document describes it.
#[derive(Debug)]
pub(crate) struct DocumentedRoute {
    pub(crate) route: Route,
    /// The path without convertors.
    pub(crate) document_path: String,
    /// What runs before the handler.
    pub(crate) plan: Plan,
}

impl App {
    /// The OpenAPI document, as `/openapi.json` answers it without a root path.
    ///
    /// ```
    /// let app = aplomb::App::new().title("Shop");
    /// assert_eq!(app.openapi()["info"]["title"], "Shop");
    /// ```
    pub fn openapi(&self) -> Value {
        let routes = crate::app::documented_routes(self);
        document(self, &routes)
    }
}

pub(super) fn document(app: &App, routes: &[DocumentedRoute]) -> Value {
    let metadata = &app.metadata;
    let mut shared = Shared::new(match metadata.separate_input_output_schemas {
        true => Schemas::new(),
        false => Schemas::shared(),
    });
    let routes = routes
        .iter()
        .filter(|documented| !documented.route.operation.is_websocket())
        .map(|documented| (&documented.route, &documented.document_path));
    let paths = paths(routes, &mut shared);
    let webhooks = metadata.webhooks.iter().map(|route| (route, &route.path));
    let webhooks = self::paths(webhooks, &mut shared);

    let mut document = Object::new();
    put(&mut document, "openapi", "3.1.0");
    put(&mut document, "info", info(metadata));
    put_list(&mut document, "servers", &metadata.servers);
    put(&mut document, "paths", paths);
    if !webhooks.is_empty() {
        put(&mut document, "webhooks", webhooks);
    }
    let document = components(document, shared);
    let Value::Object(mut document) = document else {
        return document;
    };
    put_list(&mut document, "tags", &metadata.tags);
    put(
        &mut document,
        "externalDocs",
        metadata.external_docs.clone(),
    );
    let mut document = Value::Object(document);
    drop_nulls(&mut document);
    for extension in &metadata.extensions {
        extension.apply(&mut document);
    }
    document
}

fn paths<'r>(routes: impl Iterator<Item = (&'r Route, &'r String)>, shared: &mut Shared) -> Object {
    let mut paths = Object::new();
    for (route, path) in routes {
        if route.inherited.include_in_schema {
            let operations = shared.path_item(route, path);
            let item = entry(&mut paths, path);
            item.extend(operations);
            sort_keys(item, &METHODS);
        }
    }
    paths
}

fn info(metadata: &Metadata) -> Object {
    let mut info = Object::new();
    put(&mut info, "title", metadata.title.as_str());
    put(&mut info, "summary", metadata.summary.clone());
    put(&mut info, "description", metadata.description.clone());
    put(
        &mut info,
        "termsOfService",
        metadata.terms_of_service.clone(),
    );
    put(&mut info, "contact", metadata.contact.clone());
    put(&mut info, "license", metadata.license.clone());
    put(&mut info, "version", metadata.version.as_str());
    info
}

/// Adds the components, and makes every reference in the document name them.
fn components(document: Object, shared: Shared) -> Value {
    let settled = shared.schemas.finish();
    let mut document = Value::Object(document);
    settled.apply(&mut document);
    let mut schemas: Object = settled
        .schemas
        .into_iter()
        .map(|(name, schema)| (name, Value::Object(schema)))
        .collect();
    if shared.validates {
        schemas.extend(responses::invalid_schemas());
        schemas.sort_keys();
    }
    let mut components = Object::new();
    if !schemas.is_empty() {
        put(&mut components, "schemas", schemas);
    }
    if !shared.security_schemes.is_empty() {
        put(&mut components, "securitySchemes", shared.security_schemes);
    }
    if let (false, Value::Object(document)) = (components.is_empty(), &mut document) {
        put(document, "components", components);
    }
    document
}

fn put_list(document: &mut Object, key: &str, items: &[Value]) {
    if !items.is_empty() {
        put(document, key, items);
    }
}
