//! [`Probes`]: those of a service, and what room there is for more.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use crate::live::armed::Armed;
use crate::live::level::Level;
use crate::live::metric::full_name;
use crate::live::point::Point;
use crate::live::probe::Probe;
use crate::live::refusal::Refusal;

/// The most probes that are active at a time.
const ACTIVE: usize = 64;
/// The most at one point of one route.
const AT_A_POINT: usize = 16;

/// The probes of a service that are set, and those that were.
#[derive(Debug)]
pub(super) struct Probes {
    pub(super) active: Vec<Active>,
    /// Those that ended last, the last one first.
    pub(super) ended: VecDeque<Arc<Probe>>,
    /// When it was last looked whether probes use too much.
    pub(super) looked: Instant,
}

/// A probe and where it sits.
#[derive(Debug)]
pub(super) struct Active {
    pub(super) probe: Arc<Probe>,
    /// Each with the number of its route.
    pub(super) armed: Vec<(usize, Point, Arc<Armed>)>,
    /// What it decides about events and spans, if it does.
    pub(super) level: Option<Arc<Level>>,
}

impl Probes {
    /// About how many bytes of memory the expressions of the active ones take.
    pub(super) fn weight(&self) -> usize {
        let armed = self.active.iter().flat_map(|active| &active.armed);
        armed.map(|(.., armed)| armed.weight).sum()
    }

    /// Whether there is room for one more probe.
    pub(super) fn has_room(
        &self,
        armed: &[(usize, Point, Arc<Armed>)],
        probe: &Probe,
    ) -> Result<(), Refusal> {
        if self.active.len() >= ACTIVE {
            let message = format!("there are {ACTIVE} probes already; remove one");
            return Err(Refusal::new(409, message));
        }
        for (route, point, new) in armed {
            let there = self.active.iter().flat_map(|active| &active.armed);
            let there = there.filter(|(of, at, _)| of == route && at == point);
            if there.count() >= AT_A_POINT {
                let message = format!("there are {AT_A_POINT} probes at {} already", new.place);
                return Err(Refusal::new(409, message));
            }
        }
        let name = |probe: &Probe| probe.definition.metric().map(full_name);
        let wanted = name(probe);
        let mut active = self.active.iter().map(|active| &active.probe);
        match active.find(|other| wanted.is_some() && name(other) == wanted) {
            Some(other) => {
                let message = format!("probe {} makes a metric of this name already", other.id);
                Err(Refusal::new(409, message))
            }
            None => Ok(()),
        }
    }
}
