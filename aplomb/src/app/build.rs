//! Start-up: flattens routers, binds overrides, and refuses what cannot work.

use std::sync::Arc;

use super::App;
use super::dispatch::Running;
use crate::argument::Source;
use crate::depends::Plan;
use crate::model::Place;
use crate::openapi::{self, DocumentedRoute};
use crate::operation::{BodyShape, Parameter, ResponseSettings};
use crate::route::{Endpoint, Entry, Inherited, Pattern, Route, Router, Table, Target};

/// Everything a service needs to answer.
pub(crate) fn build(app: App) -> Running {
    let flat = flatten(&app.router);
    let mut table = Table::default();
    let documented: Vec<DocumentedRoute> = flat
        .iter()
        .filter_map(|entry| match entry {
            Flat::Route(route) => Some(documented(&app, route)),
            Flat::Mount(_) => None,
        })
        .collect();
    for page in openapi::pages(&app, &documented) {
        table.push(
            pattern(&page.path, "a page of the documentation"),
            page.methods(),
            page.target(),
        );
    }
    let mut documented = documented.into_iter();
    for entry in flat {
        match entry {
            Flat::Route(route) => {
                let Some(documented) = documented.next() else {
                    continue;
                };
                let methods = route
                    .operation
                    .methods
                    .iter()
                    .map(ToString::to_string)
                    .collect();
                let target = Target::Endpoint(Arc::new(endpoint(&app, &route, documented.plan)));
                table.push(
                    pattern(&route.path, route.operation.location),
                    methods,
                    target,
                );
            }
            Flat::Mount(mount) => {
                let target = Target::Mount(Arc::new(mount.service));
                let template = format!("{}/{{path:path}}", mount.path);
                table.push(pattern(&template, "a mount"), Vec::new(), target);
            }
        }
    }
    Running {
        table,
        states: Arc::new(app.states),
        exceptions: app.exceptions,
        lifespans: app.lifespans,
        root_path: Arc::from(app.root_path),
        redirect_slashes: !app.keep_slashes,
        body_limit: app.serving.limits.body_bytes,
    }
}

/// The routes of an application as the document needs them.
pub(crate) fn documented_routes(app: &App) -> Vec<DocumentedRoute> {
    flatten(&app.router)
        .iter()
        .filter_map(|entry| match entry {
            Flat::Route(route) => Some(documented(app, route)),
            Flat::Mount(_) => None,
        })
        .collect()
}

enum Flat {
    Route(Box<Route>),
    Mount(crate::route::Mount),
}

fn flatten(router: &Router) -> Vec<Flat> {
    let mut flat = Vec::new();
    collect(router, "", &Inherited::default(), &mut flat);
    flat
}

fn collect(router: &Router, prefix: &str, outer: &Inherited, flat: &mut Vec<Flat>) {
    let prefix = format!("{prefix}{}", router.prefix);
    let inherited = router.inherited.below(outer);
    for entry in &router.entries {
        match entry {
            Entry::Route(route) => flat.push(Flat::Route(Box::new(Route {
                operation: route.operation,
                callbacks: route.callbacks.clone(),
                path: format!("{prefix}{}", route.path),
                inherited: route.inherited.below(&inherited),
            }))),
            Entry::Include(router) => collect(router, &prefix, &inherited, flat),
            Entry::Mount(mount) => flat.push(Flat::Mount(crate::route::Mount {
                path: format!("{prefix}{}", mount.path),
                service: mount.service.clone(),
            })),
        }
    }
}

fn documented(app: &App, route: &Route) -> DocumentedRoute {
    let operation = &route.operation;
    let shared = &route.inherited.dependencies;
    DocumentedRoute {
        route: route.clone(),
        document_path: pattern(&route.path, operation.location).document_path(),
        plan: Plan::new(shared, operation.parameters, &app.overrides),
    }
}

fn pattern(path: &str, location: &str) -> Pattern {
    assert!(
        path.is_empty() || path.starts_with('/') || path.starts_with('{'),
        "the path `{path}` of {location} must start with `/`"
    );
    match Pattern::new(path) {
        Ok(pattern) => pattern,
        Err(error) => panic!("{error} ({location})"),
    }
}

fn endpoint(app: &App, route: &Route, plan: Plan) -> Endpoint {
    let operation = route.operation;
    let parameters: Vec<&Parameter> = plan.parameters(operation.parameters).collect();
    for parameter in &parameters {
        check(app, route, parameter);
    }
    let mut handler = operation.parameters.iter();
    if let Some(lender) = handler.find(|parameter| parameter.source == Source::Yield) {
        panic!(
            "`{}` ({}) takes a `Yield`, and only a dependency can lend: take `{}` out of it",
            operation.name, operation.location, lender.field.name,
        );
    }
    let status = operation
        .details
        .status
        .and_then(|status| ::http::StatusCode::from_u16(status).ok());
    Endpoint {
        operation,
        settings: Arc::new(ResponseSettings::new(
            status,
            operation.details.response_model,
        )),
        body: body_shape(&parameters),
        form: parameters.iter().any(|parameter| is_form(parameter)),
        strict_content_type: route.inherited.strict_content_type.unwrap_or(true),
        plan,
    }
}

fn is_form(parameter: &Parameter) -> bool {
    matches!(parameter.place(), Some(Place::Form | Place::File))
}

/// Whether the body is one parameter, or an object with one key for each.
pub(crate) fn body_shape(parameters: &[&Parameter]) -> BodyShape {
    let mut bodies: Vec<&&Parameter> = parameters
        .iter()
        .filter(|parameter| parameter.place() == Some(Place::Body) || is_form(parameter))
        .collect();
    bodies.sort_by_key(|parameter| parameter.field.name);
    bodies.dedup_by_key(|parameter| parameter.field.name);
    match &bodies[..] {
        [] => BodyShape::None,
        [only] if !only.embed && !is_form(only) => BodyShape::Whole,
        _ => BodyShape::Keyed,
    }
}

fn check(app: &App, route: &Route, parameter: &Parameter) {
    let place = &route.operation;
    if let Some(required) = (parameter.requires)() {
        assert!(
            app.states.contains(required.type_id),
            "`{}` ({}) takes `State<{}>`, and the app has no such state: give it with `App::state`",
            place.name,
            place.location,
            required.name,
        );
    }
    if parameter.source == Source::Parameter(Place::Path) {
        let named = pattern(&route.path, place.location);
        assert!(
            named.names().any(|name| **name == *parameter.field.alias),
            "`{}` ({}) takes `{}` from the path, and `{}` does not name it",
            place.name,
            place.location,
            parameter.field.alias,
            route.path,
        );
    }
}
