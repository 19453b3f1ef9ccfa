//! Levels among the probes of a service.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Active, Live, LiveRoute};
use crate::live::asked::Asked;
use crate::live::expression::Mistake;
use crate::live::level::{Directive, Level, LevelDefinition};
use crate::live::probe::{Probe, State};
use crate::live::refusal::Refusal;
use crate::live::target::Target;

impl Live {
    /// Checks a level, and sets it unless it is only to be checked.
    ///
    /// # Errors
    /// Why it cannot be set.
    pub(crate) fn set_level(
        &self,
        definition: LevelDefinition,
        owner: &str,
        only_check: bool,
    ) -> Result<Arc<Level>, Refusal> {
        let directive = Directive::read(&definition.directive)
            .map_err(|mistake| Refusal::of_part("directive", mistake))?;
        let route = definition.route.as_deref();
        let meant = route.map(|route| self.routes_of(route)).transpose()?;
        let lanes = meant.as_ref().map(|routes| {
            let lanes = routes.iter().map(|route| route.endpoint.lane.number());
            lanes.collect()
        });
        let names = meant.map(|routes| routes.iter().map(|route| route.name()).collect());
        let places = names.unwrap_or_else(|| vec![definition.directive.clone()]);
        let id = format!("l-{}", &uuid::Uuid::new_v4().simple().to_string()[..8]);
        let asked = Asked::Level(definition.clone());
        let probe = Arc::new(Probe::new(id, asked, owner.to_owned(), places));
        let shared = (Arc::clone(&self.hub), self.secrecy.clone());
        let asked = (definition, directive);
        let level = Arc::new(Level::new(Arc::clone(&probe), asked, lanes, shared));
        let mut probes = self.probes();
        let is_same = |other: &Level| {
            let (one, other) = (&level.definition, &other.definition);
            one.directive == other.directive && one.route == other.route
        };
        let mut levels = probes
            .active
            .iter()
            .filter_map(|active| active.level.as_ref());
        let same = levels
            .find(|other| is_same(other))
            .map(|level| Arc::clone(&level.probe));
        if same.is_none() {
            probes.has_room(&[], &probe)?;
        }
        if only_check {
            return Ok(level);
        }
        self.audit.set(&probe);
        if let Some(same) = same {
            same.end(State::Removed(format!("replaced by {}", probe.id)));
            self.settle(&mut probes);
        }
        probes.active.push(Active {
            probe,
            armed: Vec::new(),
            level: Some(Arc::clone(&level)),
        });
        self.refresh(&probes, &HashSet::new());
        Ok(level)
    }

    /// The routes that a level is limited to.
    fn routes_of(&self, route: &str) -> Result<Vec<&LiveRoute>, Refusal> {
        let wrong = |message| Refusal::of_part("route", Mistake::of_whole(message, route));
        let target = Target::read(route).map_err(wrong)?;
        if !target.is_route() {
            let message = "a route is meant, such as `GET /items/{id}`, without a point";
            return Err(wrong(message.to_owned()));
        }
        let routes = self.routes.iter();
        let routes: Vec<_> = routes
            .filter(|route| target.fits(route.endpoint.operation.methods, &route.path))
            .collect();
        match routes.is_empty() {
            true => Err(Refusal::new(404, format!("there is no route `{route}`"))),
            false => Ok(routes),
        }
    }

    /// The levels that are set.
    pub(crate) fn levels(&self) -> Vec<Arc<Level>> {
        self.tick();
        let probes = self.probes();
        let levels = probes
            .active
            .iter()
            .filter_map(|active| active.level.clone());
        levels.collect()
    }
}

/// Says in the log what a level had no room for.
pub(super) fn tell_drops(level: &Level) {
    let dropped = level.probe.untold_drops();
    if dropped > 0 {
        let (level, directive) = (&level.probe.id, &level.definition.directive);
        tracing::warn!(target: "aplomb::live", level, directive, dropped, "too many events");
    }
}
