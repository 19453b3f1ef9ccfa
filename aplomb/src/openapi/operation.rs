//! One route as the document shows it: its path item.

use super::body::{self, Owner};
use super::declared::Declared;
use super::object::{entry, merge, put, sort_keys};
use super::schemas::before_form_feed;
use super::{Schemas, parameters, responses, title};
use crate::json::{Object, Value};
use crate::route::Route;

/// The keys of an operation in the order of the document.
const KEYS: [&str; 12] = [
    "tags",
    "summary",
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "callbacks",
    "deprecated",
    "security",
    "servers",
];

/// What operations add to the document besides themselves.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) schemas: Schemas,
    pub(super) security_schemes: Object,
    /// Whether any operation can answer that a request does not validate.
    pub(super) validates: bool,
    /// How many routes there were.
    routes: usize,
}

impl Shared {
    pub(super) fn new(schemas: Schemas) -> Self {
        Self {
            schemas,
            security_schemes: Object::new(),
            validates: false,
            routes: 0,
        }
    }

    /// The operations of a route by method. `path` is without convertors.
    pub(super) fn path_item(&mut self, route: &Route, path: &str) -> Object {
        self.routes += 1;
        let number = self.routes;
        let id = operation_id(route, path);
        let declared = Declared::of(route);
        let methods = route.operation.methods.iter();
        methods
            .map(|method| {
                let owner = Owner {
                    number,
                    id: &id,
                    method,
                };
                let operation = self.operation(route, &owner, &declared);
                (method.to_lowercase(), Value::Object(operation))
            })
            .collect()
    }

    fn operation(&mut self, route: &Route, owner: &Owner<'_>, declared: &Declared) -> Object {
        let details = &route.operation.details;
        let mut operation = Object::new();
        if !route.inherited.tags.is_empty() {
            put(&mut operation, "tags", &route.inherited.tags[..]);
        }
        let summary = details.summary.map(str::to_owned);
        let summary = summary.unwrap_or_else(|| title::title(route.operation.name));
        put(&mut operation, "summary", summary);
        let description = details.description.map(before_form_feed).map(str::trim);
        if let Some(description) = description.filter(|text| !text.is_empty()) {
            put(&mut operation, "description", description);
        }
        put(&mut operation, "operationId", owner.id);
        if route.inherited.deprecated == Some(true) {
            put(&mut operation, "deprecated", true);
        }
        let security = declared.security(&mut self.security_schemes);
        if !security.is_empty() {
            put(&mut operation, "security", security);
        }
        let shown = parameters::parameters(declared, &mut self.schemas);
        if !shown.is_empty() {
            put(&mut operation, "parameters", shown);
        }
        let bodies = declared.body();
        if let Some(body) = body::body(owner, &bodies, &mut self.schemas) {
            put(&mut operation, "requestBody", body);
        }
        for callback in &route.inherited.callbacks {
            let item = self.path_item(callback, &callback.path);
            let callbacks = entry(&mut operation, "callbacks");
            put(
                entry(callbacks, callback.operation.name),
                &callback.path,
                item,
            );
        }
        let takes_input = !bodies.is_empty() || parameters::any(declared);
        let mut responses = responses::responses(route, owner.id, &mut self.schemas);
        self.validates |= takes_input && responses::add_invalid(&mut responses);
        put(&mut operation, "responses", responses);
        if let Some(extra) = details.openapi_extra {
            merge(&mut operation, extra());
        }
        sort_keys(&mut operation, &KEYS);
        operation
    }
}

/// The id of a route's operations: its own, or one made from name, path and first method.
pub(super) fn operation_id(route: &Route, path: &str) -> String {
    if let Some(id) = route.operation.details.operation_id {
        return id.to_owned();
    }
    if let Some(generate) = route.inherited.generate_unique_id {
        return generate(route);
    }
    let word = |character: char| character.is_alphanumeric() || character == '_';
    let mut id: String = format!("{}{path}", route.operation.name)
        .chars()
        .map(|character| if word(character) { character } else { '_' })
        .collect();
    if let Some(method) = route.operation.methods.first() {
        id.push('_');
        id.push_str(&method.to_lowercase());
    }
    id
}
