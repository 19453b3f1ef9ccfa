//! What events and spans give out, changed while the service runs.

use super::answers::Removed;
use super::{Served, client, owner, refused};
use crate::error::{HttpException, Result};
use crate::http::Request;
use crate::live::level::{Callsite, LevelDefinition, LiveLevel, known};
use crate::state::State;

/// The levels that are set.
#[aplomb_macros::get("/live/levels", crate = crate, tags = ["levels"])]
pub(super) async fn list_levels(served: State<Served>) -> Vec<LiveLevel> {
    let levels = served.live.levels();
    levels.iter().map(|level| LiveLevel::of(level)).collect()
}

/// Sets a level in the place of one with the same directive and route, or with `check=true` says
/// only whether it could be set.
///
/// What is wrong with a directive is answered with 400 and the place of the character.
#[aplomb_macros::put("/live/levels", crate = crate, tags = ["levels"])]
pub(super) async fn set_level(
    definition: LevelDefinition,
    check: Option<bool>,
    request: Request,
    served: State<Served>,
) -> Result<LiveLevel> {
    served.access.demand(&request)?;
    let owner = owner(definition.owner.as_deref(), &request);
    let only_check = check.unwrap_or_default();
    match served.live.set_level(definition, &owner, only_check) {
        Ok(level) => Ok(LiveLevel::of(&level)),
        Err(refusal) => Err(refused(&refusal).into()),
    }
}

/// Resets everything to what the program's own filter says.
#[aplomb_macros::delete("/live/levels", crate = crate, tags = ["levels"])]
pub(super) async fn reset_levels(request: Request, served: State<Served>) -> Result<Removed> {
    served.access.demand(&request)?;
    let by = client(&request);
    let levels = served.live.levels();
    let removed = levels
        .iter()
        .filter(|level| served.live.remove(&level.probe.id, &by).is_some());
    Ok(Removed {
        removed: removed.count(),
    })
}

/// Resets one level.
#[aplomb_macros::delete("/live/levels/{id}", crate = crate, tags = ["levels"])]
pub(super) async fn reset_level(
    id: String,
    request: Request,
    served: State<Served>,
) -> Result<LiveLevel> {
    served.access.demand(&request)?;
    let levels = served.live.levels();
    let level = levels.iter().find(|level| level.probe.id == id);
    match level.zip(served.live.remove(&id, &client(&request))) {
        Some((level, _)) => Ok(LiveLevel::of(level)),
        None => Err(HttpException::not_found(format!("there is no level {id}")).into()),
    }
}

/// The events and spans of the program that are known, with `q` those whose target, file or name has
/// this in it. One becomes known when it is first reached and its level is let through.
#[aplomb_macros::get("/live/callsites", crate = crate, tags = ["catalog"])]
pub(super) async fn list_callsites(q: Option<String>) -> Vec<Callsite> {
    known(q.as_deref().unwrap_or_default())
}
