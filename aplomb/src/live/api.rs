//! The API of live probes: an application of its own on the management listener.

mod answers;
mod events;
mod levels;
mod profile;

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use super::access::{Access, Rights};
use super::audit::Change;
use super::catalog::{Catalog, Points, catalog, points};
use super::definition::ProbeDefinition;
use super::figures::Figures;
use super::rates::Rates;
use super::refusal::Refusal;
use super::registry::Live;
use crate::app::{App, Service};
use crate::error::{HttpException, Result};
use crate::http::{Request, Response};
use crate::middleware::Next;
use crate::observe::Metrics;
use crate::state::State;
use answers::{LiveProbe, Removed};

/// What the handlers share.
#[derive(Debug)]
pub(super) struct Served {
    live: Arc<Live>,
    access: Arc<Access>,
    metrics: Arc<Metrics>,
    rates: Rates,
    /// The points of the routes, once somebody has asked for the catalog.
    points: OnceLock<Vec<Points>>,
}

/// The API as a service; its paths begin with `/live/`.
pub(crate) fn service(live: Arc<Live>, metrics: Arc<Metrics>, access: Arc<Access>) -> Service {
    let served = Served {
        live,
        access,
        metrics,
        rates: Rates::new(),
        points: OnceLock::new(),
    };
    App::new()
        .title("Live probes")
        .description(
            "Logs, metrics, snapshots and profiles of a running service, on demand, and what its \
             events and spans give out. Without the token of \
             `LIVE_TOKEN` only those on the same machine set probes and see values.",
        )
        .version(env!("CARGO_PKG_VERSION"))
        .openapi_url("/live/openapi.json")
        .docs_url(None)
        .redoc_url(None)
        .state(served)
        .middleware(guard)
        .routes(crate::routes![
            read_catalog,
            read_figures,
            set_probe,
            list_probes,
            remove_probes,
            read_probe,
            remove_probe,
            levels::set_level,
            levels::list_levels,
            levels::reset_levels,
            levels::reset_level,
            levels::list_callsites,
            events::listen,
            profile::profile,
            read_audit
        ])
        .build()
}

/// Checks what must hold for every request.
async fn guard(request: Request, next: Next) -> Result<Response> {
    if let Some(served) = request.state::<Served>() {
        served.access.check(&request)?;
    }
    let response = next.run(request).await?;
    let response = response.header("cache-control", "no-store");
    Ok(response.header("x-content-type-options", "nosniff"))
}

/// What can be looked at: routes, their points, and the fields that expressions may name there.
#[aplomb_macros::get("/live/catalog", crate = crate, tags = ["catalog"])]
async fn read_catalog(served: State<Served>) -> Catalog {
    let (_, figures) = served.metrics.figures();
    let routes = &served.live.routes;
    let rates = served.rates.look(Instant::now(), &figures, routes);
    let points = served.points.get_or_init(|| points(&served.live));
    catalog(&served.live, points, &figures, &rates)
}

/// What has gone through the service and each of its routes, who is let in, and what lanes do.
///
/// What happened of late is the difference of two answers.
#[aplomb_macros::get("/live/figures", crate = crate, tags = ["catalog"])]
async fn read_figures(request: Request, served: State<Served>) -> Figures {
    let (open, routes) = served.metrics.figures();
    // Whoever asks for the catalog next has its rates from here on.
    let known = &served.live.routes;
    served.rates.look(Instant::now(), &routes, known);
    let rights = served.access.rights(&request);
    Figures {
        may_set: rights == Rights::Full,
        needs_token: served.access.needs_token(),
        ..Figures::of(&served.live, &served.metrics, open, routes)
    }
}

/// Sets a probe, or with `check=true` says only whether it could be set.
///
/// What is wrong with an expression is answered with 400, the place of the character and the names
/// that there are.
#[aplomb_macros::post("/live/probes", crate = crate, status = 201, tags = ["probes"])]
async fn set_probe(
    definition: ProbeDefinition,
    check: Option<bool>,
    request: Request,
    served: State<Served>,
) -> Result<LiveProbe> {
    served.access.demand(&request)?;
    let owner = owner(definition.owner.as_deref(), &request);
    let only_check = check.unwrap_or_default();
    match served.live.set(definition, &owner, only_check) {
        Ok(probe) => Ok(LiveProbe::of(&probe, &served.live, Rights::Full)),
        Err(refusal) => Err(refused(&refusal).into()),
    }
}

/// All probes: the active ones, then those that ended last.
#[aplomb_macros::get("/live/probes", crate = crate, tags = ["probes"])]
async fn list_probes(request: Request, served: State<Served>) -> Vec<LiveProbe> {
    let rights = served.access.rights(&request);
    let probes = served.live.all();
    let probes = probes.iter();
    probes
        .map(|probe| LiveProbe::of(probe, &served.live, rights))
        .collect()
}

/// Removes all probes at once.
#[aplomb_macros::delete("/live/probes", crate = crate, tags = ["probes"])]
async fn remove_probes(request: Request, served: State<Served>) -> Result<Removed> {
    served.access.demand(&request)?;
    let removed = served.live.remove_all(&client(&request));
    Ok(Removed { removed })
}

/// A probe, and what it has done.
#[aplomb_macros::get("/live/probes/{id}", crate = crate, tags = ["probes"])]
async fn read_probe(id: String, request: Request, served: State<Served>) -> Result<LiveProbe> {
    let rights = served.access.rights(&request);
    match served.live.get(&id) {
        Some(probe) => Ok(LiveProbe::of(&probe, &served.live, rights)),
        None => Err(no_probe(&id).into()),
    }
}

/// Removes a probe.
#[aplomb_macros::delete("/live/probes/{id}", crate = crate, tags = ["probes"])]
async fn remove_probe(id: String, request: Request, served: State<Served>) -> Result<LiveProbe> {
    served.access.demand(&request)?;
    match served.live.remove(&id, &client(&request)) {
        Some(probe) => Ok(LiveProbe::of(&probe, &served.live, Rights::Full)),
        None => Err(no_probe(&id).into()),
    }
}

/// Who has set and ended which probes, the last change first.
#[aplomb_macros::get("/live/audit", crate = crate, tags = ["audit"])]
async fn read_audit(served: State<Served>) -> Vec<Change> {
    served.live.tick();
    served.live.audit.changes()
}

fn no_probe(id: &str) -> HttpException {
    HttpException::not_found(format!("there is no probe {id}"))
}

/// Who asks for something: who they say they are, and where they are.
fn owner(said: Option<&str>, request: &Request) -> String {
    let client = client(request);
    match said {
        Some(owner) => format!("{} ({client})", super::bounds::text(owner, 128)),
        None => client,
    }
}

fn client(request: &Request) -> String {
    match request.head().peer.address() {
        Some(address) => address.ip().to_string(),
        None => "unix socket".to_owned(),
    }
}

fn refused(refusal: &Refusal) -> HttpException {
    let mistakes = refusal.mistakes.iter().map(|wrong| {
        crate::json!({
            "part": wrong.part,
            "place": wrong.place,
            "message": wrong.mistake.message,
            "at": wrong.mistake.at(),
            "length": wrong.mistake.length(),
        })
    });
    let mistakes: crate::json::Value = mistakes.take(50).collect();
    let detail = crate::json!({"message": refusal.message, "mistakes": mistakes});
    HttpException::new(refusal.status, detail)
}

#[cfg(test)]
mod tests;
