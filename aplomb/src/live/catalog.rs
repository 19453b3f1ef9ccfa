//! What can be looked at: routes, their points, and what is known there.

use std::sync::Arc;

use super::expression::Root;
use super::point::Point;
use super::rates::PerSecond;
use super::registry::{Live, LiveRoute};
use super::vocabulary::Vocabulary;
use crate::observe::RouteFigures;

/// What can be looked at.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false, rename = "LiveCatalog")]
pub(crate) struct Catalog {
    pub(crate) routes: Vec<CatalogRoute>,
    /// What every expression may use besides fields.
    pub(crate) functions: Vec<String>,
}

/// A route.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false, rename = "LiveRoute")]
pub(crate) struct CatalogRoute {
    /// As a target names it: `GET /items/{id}`.
    pub(crate) target: String,
    pub(crate) methods: Vec<String>,
    pub(crate) path: String,
    /// The name of the function.
    pub(crate) handler: String,
    /// File and line of the function.
    pub(crate) location: String,
    /// How many requests there have been since the service started.
    pub(crate) requests: u64,
    pub(crate) points: Vec<CatalogPoint>,
}

/// A point of a route.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false, rename = "LivePoint")]
pub(crate) struct CatalogPoint {
    /// As a target names it: `@handler`.
    pub(crate) point: String,
    /// About how often a second it was passed lately: since somebody asked within the last half
    /// minute, or since the service started. Of `@invalid` all answers with 4xx are counted, and of
    /// `@error` those with 5xx too; of a dependency, the requests that came to any. Statements and
    /// what conversations pass are counted for all places together where an application is mounted,
    /// and so is what middleware around the whole app asks of databases once there is an answer.
    pub(crate) per_second: f64,
    /// What an expression may name.
    pub(crate) fields: Arc<Vec<CatalogField>>,
}

/// What an expression may name, or may not.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false, rename = "LiveField")]
pub(crate) struct CatalogField {
    /// As an expression has it: `body.price`.
    pub(crate) name: String,
    /// `integer`, `number`, `text`, `boolean`, `list`, `object` or `anything`, or several with `or`.
    #[field(alias = "type")]
    pub(crate) kind: String,
    /// Whether it never leaves the service; an expression that names it is refused.
    pub(crate) secret: bool,
}

/// The points of a route, and what is known at each.
pub(crate) type Points = Vec<(Point, Arc<Vec<CatalogField>>)>;

/// The points of each route. They stay as they are as long as the service, and to find out what is
/// known there takes the schemas of everything.
pub(crate) fn points(live: &Live) -> Vec<Points> {
    let of = |route: &LiveRoute| {
        let steps = route.endpoint.plan.steps.iter();
        let dependencies = steps.map(|step| Point::Dependency(step.definition.name.to_owned()));
        let mut points: Vec<Point> = Vec::new();
        let of_websockets = Point::of_every_websocket().into_iter();
        let of_websockets = of_websockets.filter(|_| route.is_websocket());
        let of_all = Point::of_every_route().into_iter();
        for point in dependencies.chain(of_all).chain(of_websockets) {
            if !points.contains(&point) {
                points.push(point);
            }
        }
        let points = points.into_iter().map(|point| {
            let vocabulary = Vocabulary::of(&route.endpoint, &point, &live.secrecy);
            (point, Arc::new(fields(&vocabulary)))
        });
        points.collect()
    };
    live.routes.iter().map(of).collect()
}

/// The catalog of a service with these points, whose routes have counted this, and so often of late.
pub(crate) fn catalog(
    live: &Live,
    points: &[Points],
    figures: &[RouteFigures],
    rates: &PerSecond,
) -> Catalog {
    let requests = |route: &LiveRoute| -> u64 {
        let methods = route.endpoint.operation.methods;
        let of = |figures: &&RouteFigures| {
            figures.route == route.path && methods.contains(&&*figures.method)
        };
        let of = figures.iter().filter(of);
        of.map(|figures| figures.requests).sum()
    };
    let routes = live.routes.iter().zip(points).map(|(route, points)| {
        let operation = &route.endpoint.operation;
        CatalogRoute {
            target: route.name(),
            methods: operation.methods.iter().map(ToString::to_string).collect(),
            path: route.path.clone(),
            handler: operation.name.to_owned(),
            location: operation.location.to_owned(),
            requests: requests(route),
            points: points
                .iter()
                .map(|(point, fields)| CatalogPoint {
                    point: point.to_string(),
                    per_second: rates
                        .of(&route.path, operation.methods, point)
                        .unwrap_or_default(),
                    fields: Arc::clone(fields),
                })
                .collect(),
        }
    });
    let functions = [
        "size(x)",
        "has(x)",
        "x.startsWith(text)",
        "x.endsWith(text)",
        "x.contains(text)",
        "x.matches(pattern)",
        "x in [a, b]",
    ];
    Catalog {
        routes: routes.collect(),
        functions: functions.map(str::to_owned).to_vec(),
    }
}

fn fields(vocabulary: &Vocabulary) -> Vec<CatalogField> {
    let mut fields = Vec::new();
    for root in Root::ALL {
        if let Some(known) = vocabulary.root(root) {
            known.list(root, &mut |name, kinds, secret| {
                fields.push(CatalogField {
                    name,
                    kind: kinds.to_string(),
                    secret,
                });
            });
        }
    }
    fields
}
