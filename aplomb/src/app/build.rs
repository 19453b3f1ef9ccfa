//! Start-up: flattens routers, binds overrides, and refuses what cannot work.

use std::sync::{Arc, Weak};

use super::dispatch::{Running, ServedFrontend};
use super::{App, Service};
use crate::admission::{Admission, InFlight, Load};
use crate::argument::{Requirement, Source};
use crate::background::BackgroundLimit;
use crate::depends::Plan;
use crate::frontend::{self, Frontend};
use crate::health::Health;
use crate::live::{Live, LiveRoute, Secrecy, Tally, WatchCell};
use crate::middleware::Next;
use crate::model::Place;
use crate::observe::{Observer, SeriesTable};
use crate::openapi::{self, DocumentedRoute};
use crate::operation::{BodyShape, Parameter, ResponseSettings};
use crate::route::{
    Endpoint, Entry, Inherited, Names, Pattern, Route, Router, Table, Target, UrlBase,
};
use crate::serve::lane::RouteLane;
use crate::websocket::Conversations;

/// Everything a service needs to answer.
pub(crate) fn build(mut app: App) -> Service {
    let exceptions = Arc::new(std::mem::take(&mut app.exceptions));
    let conversations = Conversations {
        exceptions: Arc::clone(&exceptions),
        handlers: Arc::new(std::mem::take(&mut app.websocket_handlers)),
        settings: Arc::new(std::mem::take(&mut app.websocket_settings)),
    };
    super::unguarded::warn(&app.router);
    let flat = flatten(&app.router);
    let url_base = Arc::new(url_base(&app));
    let largest_body = flat.iter().filter_map(Flat::max_body_size).max();
    let largest_body = largest_body.unwrap_or_default();
    let mut table = Table::default();
    let mut frontends = Vec::new();
    let mut websockets = Table::default();
    let documented: Vec<DocumentedRoute> = flat
        .iter()
        .filter_map(|entry| match entry {
            Flat::Route(route) if route.operation.is_websocket() => None,
            Flat::Route(route) => Some(documented(&app, route)),
            Flat::Mount(_) | Flat::Frontend(_) => None,
        })
        .collect();
    let health = Health::new(app.checks.clone());
    for (path, answer) in app.probes.pages(&health) {
        let methods = vec!["GET".to_owned(), "HEAD".to_owned()];
        table.push(
            pattern(&path, "a probe of health"),
            methods,
            Target::Page(answer),
        );
    }
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
                if route.operation.is_websocket() {
                    let shared = &route.inherited.dependencies;
                    let plan = Plan::new(shared, route.operation.parameters, &app.overrides);
                    let last = |endpoint| Next::of_websocket(endpoint, conversations.clone());
                    let endpoint = guarded(endpoint(&app, &route, plan), &route, last);
                    let target = Target::WebSocket(endpoint);
                    websockets.push(
                        pattern(&route.path, route.operation.location),
                        Vec::new(),
                        target,
                    );
                    continue;
                }
                let Some(documented) = documented.next() else {
                    continue;
                };
                let methods = route
                    .operation
                    .methods
                    .iter()
                    .map(ToString::to_string)
                    .collect();
                let target = Target::Endpoint(guarded(
                    endpoint(&app, &route, documented.plan),
                    &route,
                    Next::of_handler,
                ));
                table.push(
                    pattern(&route.path, route.operation.location),
                    methods,
                    target,
                );
            }
            Flat::Mount(mount) => {
                // Middleware lets handshakes pass, so that nothing else may get to see them.
                let speaks_websockets = mount.service.names.is_some();
                let target = Target::Mount(Arc::new(mount.service));
                if speaks_websockets {
                    websockets.push(below(&mount.path), Vec::new(), target.clone());
                }
                table.push(below(&mount.path), Vec::new(), target);
            }
            Flat::Frontend(frontend) => frontends.push(served(&app, *frontend)),
        }
    }
    table.warn_of_unreachable(|it| !matches!(it, Target::Page(_)));
    websockets.warn_of_unreachable(|it| matches!(it, Target::WebSocket(_)));
    let mut states = app.states;
    if states.get::<BackgroundLimit>().is_none() {
        states.insert(BackgroundLimit::default());
    }
    let mut tasks: Vec<Arc<BackgroundLimit>> = states.get().into_iter().collect();
    tasks.extend(table.mounted().flat_map(|app| app.live().tasks.clone()));
    let mut series = SeriesTable::default();
    let secrets = app.observing.flight_recorder.secrets_mut();
    table.observed(&mut series, secrets);
    websockets.observed(&mut series, secrets);
    for frontend in &mut frontends {
        frontend.series = series.any(&frontend.path);
    }
    let limit = app.serving.limits(app.compat).requests;
    let in_flight = Arc::new(InFlight::new(limit));
    let name = (app.metadata.title.clone(), app.metadata.version.clone());
    let secrecy = Secrecy::new(secrets.clone());
    states.insert(secrets.clone());
    let live = Live::new(name, live_routes(&table, &websockets), tasks, secrecy);
    let running = Running {
        live: Arc::new(live),
        table,
        websockets,
        frontends,
        url_base,
        states: Arc::new(states),
        exceptions,
        conversations,
        lifespans: app.lifespans,
        health,
        root_path: Arc::from(app.root_path),
        redirect_slashes: !app.keep_slashes,
        compat: app.compat,
        body_limit: app.serving.limits(app.compat).body_bytes,
        limits: app.router.inherited.limits,
        in_flight: Arc::clone(&in_flight),
        largest_body,
        observer: Observer::new(app.observing, series, in_flight),
    };
    Service::new(running, &app.middleware)
}

/// The routes that live probes can sit at, those of mounted applications too.
fn live_routes(table: &Table, websockets: &Table) -> Vec<LiveRoute> {
    let mut routes = Vec::new();
    let conversations = websockets.targets();
    // What is mounted is in both.
    let conversations = conversations.filter(|target| matches!(target, Target::WebSocket(_)));
    for target in table.targets().chain(conversations) {
        match target {
            Target::Endpoint(endpoint) | Target::WebSocket(endpoint) => routes.push(LiveRoute {
                path: endpoint.path.to_string(),
                endpoint: Arc::clone(endpoint),
            }),
            Target::Mount(mount) => {
                let app = mount.app.iter();
                routes.extend(
                    app.flat_map(|app| &app.live().routes)
                        .map(|route| LiveRoute {
                            path: format!("{}{}", mount.prefix, route.path),
                            endpoint: Arc::clone(&route.endpoint),
                        }),
                );
            }
            Target::Page(_) => {}
        }
    }
    routes
}

/// The routes of an application as the document needs them.
pub(crate) fn documented_routes(app: &App) -> Vec<DocumentedRoute> {
    flatten(&app.router)
        .iter()
        .filter_map(|entry| match entry {
            Flat::Route(route) => Some(documented(app, route)),
            Flat::Mount(_) | Flat::Frontend(_) => None,
        })
        .collect()
}

/// The prefixes of an application's mounts and frontends, their names, and which it is.
pub(crate) fn mounts(app: &App) -> Vec<(String, String, &'static str)> {
    flatten(&app.router)
        .into_iter()
        .filter_map(|entry| match entry {
            Flat::Route(_) => None,
            Flat::Mount(mount) => Some((mount.path, mount.name.unwrap_or_default(), "mount")),
            Flat::Frontend(frontend) => Some((frontend.path, String::new(), "frontend")),
        })
        .collect()
}

/// The names of an application's routes and mounts.
pub(crate) fn url_base(app: &App) -> UrlBase {
    let mut names = Names::default();
    for (name, path) in openapi::page_names(&app.metadata) {
        names.route(name, pattern(path, "a page of the documentation"));
    }
    for entry in flatten(&app.router) {
        match entry {
            Flat::Route(route) => {
                let location = route.operation.location;
                names.route(route.name(), pattern(&route.path, location));
            }
            Flat::Mount(mount) => {
                let pattern = below(&mount.path);
                names.mount(mount.name, pattern, mount.service.names);
            }
            Flat::Frontend(_) => {}
        }
    }
    UrlBase::new(names, app.root_path.clone())
}

/// Everything below a mount.
fn below(path: &str) -> Pattern {
    pattern(&format!("{path}/{{path:path}}"), "a mount")
}

/// A frontend with the dependencies that guard it.
fn served(app: &App, frontend: FrontendRoute) -> ServedFrontend {
    let route = Route {
        inherited: frontend.inherited,
        path: frontend.path,
        ..Route::from(frontend::OPERATION)
    };
    let plan = Plan::new(&route.inherited.dependencies, &[], &app.overrides);
    ServedFrontend {
        endpoint: guarded(endpoint(app, &route, plan), &route, Next::of_handler),
        path: route.path,
        frontend: frontend.frontend,
        series: 0,
    }
}

enum Flat {
    Route(Box<Route>),
    Mount(crate::route::Mount),
    Frontend(Box<FrontendRoute>),
}

struct FrontendRoute {
    path: String,
    inherited: Inherited,
    frontend: Arc<Frontend>,
}

impl Flat {
    /// The largest body it takes, where that is said.
    fn max_body_size(&self) -> Option<usize> {
        match self {
            Self::Route(route) => route.inherited.limits.max_body_size,
            Self::Mount(mount) => mount
                .service
                .limits
                .max_body_size
                .max(mount.service.largest_body),
            Self::Frontend(frontend) => frontend.inherited.limits.max_body_size,
        }
    }
}

fn flatten(router: &Router) -> Vec<Flat> {
    let mut flat = Vec::new();
    collect(router, "", &Inherited::default(), &mut flat);
    flat
}

fn collect(router: &Router, prefix: &str, outer: &Inherited, flat: &mut Vec<Flat>) {
    let prefix = format!("{prefix}{}", router.prefix);
    for gate in &router.inherited.gates {
        gate.stands_before(|| format!("{prefix}/*"));
    }
    let inherited = router.inherited.below(outer);
    for entry in &router.entries {
        match entry {
            Entry::Route(route) => {
                let path = format!("{prefix}{}", route.path);
                for gate in &route.inherited.gates {
                    let methods = route.operation.methods.join(" ");
                    gate.stands_before(|| format!("{methods} {path}"));
                }
                flat.push(Flat::Route(Box::new(Route {
                    operation: route.operation,
                    path,
                    inherited: route.inherited.below(&inherited),
                })));
            }
            Entry::Include(router) => collect(router, &prefix, &inherited, flat),
            Entry::Mount(mount) => flat.push(Flat::Mount(crate::route::Mount {
                path: format!("{prefix}{}", mount.path),
                name: mount.name.clone(),
                service: mount
                    .service
                    .clone()
                    .placed(&format!("{prefix}{}", mount.path), inherited.limits),
            })),
            Entry::Frontend(path, frontend) => flat.push(Flat::Frontend(Box::new(FrontendRoute {
                path: frontend::joined(&prefix, path),
                inherited: inherited.clone(),
                frontend: Arc::clone(frontend),
            }))),
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
        !path.contains("{$"),
        "`{path}` of {location} is the URL of a callback, which nobody can ask here: give it to an \
         operation with `callbacks(…)`"
    );
    assert!(
        path.is_empty() || path.starts_with('/') || path.starts_with('{'),
        "the path `{path}` of {location} must start with `/`; a webhook goes to `App::webhooks`"
    );
    match Pattern::new(path) {
        Ok(pattern) => pattern,
        Err(error) => panic!("{error} ({location})"),
    }
}

fn endpoint(app: &App, route: &Route, plan: Plan) -> Endpoint {
    let operation = route.operation;
    super::answers::check(route);
    let parameters: Vec<&Parameter> = plan.parameters(operation.parameters).collect();
    for parameter in &parameters {
        check(app, route, parameter);
    }
    // What the body is made up of stays as it is declared, whatever stands in for a dependency.
    let declared = Plan::new(
        &route.inherited.dependencies,
        operation.parameters,
        &Default::default(),
    );
    let declared: Vec<&Parameter> = declared.parameters(operation.parameters).collect();
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
        path: Arc::from(&*route.path),
        admission: Admission {
            load: Load::new(operation.details.weight),
            gates: route.inherited.gates.clone(),
        },
        lane: RouteLane::new(
            format!("{} {}", operation.methods.join(" "), route.path),
            route.inherited.lane,
        ),
        settings: Arc::new(
            ResponseSettings::new(status, operation.details.response_model)
                .with_class(route.inherited.response_class),
        ),
        body: body_shape(&declared),
        form: declared.iter().any(|parameter| parameter.is_form()),
        file_contents: file_contents(&parameters),
        limits: route.inherited.limits,
        strict_content_type: route.inherited.strict_content_type.unwrap_or(true),
        live: WatchCell::default(),
        tally: Tally::default(),
        middleware: None,
        plan,
    }
}

/// The endpoint with the middleware of its routers around it.
fn guarded(
    mut endpoint: Endpoint,
    route: &Route,
    last: impl Fn(Weak<Endpoint>) -> Next,
) -> Arc<Endpoint> {
    Arc::new_cyclic(|handler| {
        for layered in &route.inherited.middleware {
            let next = endpoint.middleware.take();
            let next = next.unwrap_or_else(|| last(handler.clone()));
            endpoint.middleware = Some(layered.before(next, None));
        }
        endpoint
    })
}

fn file_contents(parameters: &[&Parameter]) -> Vec<&'static str> {
    let contents = parameters.iter().filter(|parameter| parameter.content);
    contents
        .flat_map(|parameter| parameter.field.names())
        .collect()
}

/// Whether the body is one parameter, or an object with one key for each.
pub(crate) fn body_shape(parameters: &[&Parameter]) -> BodyShape {
    let mut bodies: Vec<&&Parameter> = parameters
        .iter()
        .filter(|parameter| parameter.place() == Some(Place::Body) || parameter.is_form())
        .collect();
    bodies.sort_by_key(|parameter| parameter.field.name);
    bodies.dedup_by_key(|parameter| parameter.field.name);
    match &bodies[..] {
        [] => BodyShape::None,
        [only] if !only.embed && !only.is_form() => BodyShape::Whole,
        _ => BodyShape::Keyed,
    }
}

fn check(app: &App, route: &Route, parameter: &Parameter) {
    let place = &route.operation;
    if let Some(required) = (parameter.requires)() {
        if required.type_id == Requirement::websocket().type_id {
            assert!(
                place.is_websocket(),
                "`{}` ({}) takes a `WebSocket`, or a dependency of it does, and is no WebSocket: \
                 put `#[websocket(\"{}\")]` on it",
                place.name,
                place.location,
                route.path,
            );
            return;
        }
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
