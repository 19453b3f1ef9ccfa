//! [`Live`]: the probes of a service.

mod levels;
mod probes;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::armed::Armed;
use super::arming::arm;
use super::asked::LiveKind;
use super::audit::Audit;
use super::definition::ProbeDefinition;
use super::hub::Hub;
use super::level;
use super::point::Point;
use super::probe::{Probe, State};
use super::refusal::Refusal;
use super::secrecy::Secrecy;
use super::spans;
use super::watch::Watch;
use crate::background::BackgroundLimit;
use crate::observe::Sink;
use crate::route::Endpoint;
use probes::{Active, Probes};

/// How many probes that have ended are remembered.
const ENDED: usize = 64;
/// How often it is looked whether probes use too much.
const WINDOW: Duration = Duration::from_secs(1);

/// What stands for the number of a route where background tasks are meant.
pub(crate) const TASKS: usize = usize::MAX;

/// A route that probes can sit at.
#[derive(Clone, Debug)]
pub(crate) struct LiveRoute {
    /// The path template with the prefixes of its mounts.
    pub(crate) path: String,
    pub(crate) endpoint: Arc<Endpoint>,
}

impl LiveRoute {
    /// Whether it holds conversations.
    pub(crate) fn is_websocket(&self) -> bool {
        self.endpoint.operation.is_websocket()
    }

    /// Method and path.
    pub(crate) fn name(&self) -> String {
        format!(
            "{} {}",
            self.endpoint.operation.methods.join(" "),
            self.path
        )
    }
}

/// The probes of a service.
#[derive(Debug)]
pub(crate) struct Live {
    /// What the service is called, and the version of its interface.
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) hub: Arc<Hub>,
    pub(crate) routes: Vec<LiveRoute>,
    /// For each route the first that is answered by the same.
    first: Vec<usize>,
    /// Where the background tasks of the service, and of those mounted in it, keep their probes.
    pub(crate) tasks: Vec<Arc<BackgroundLimit>>,
    pub(crate) secrecy: Secrecy,
    probes: Mutex<Probes>,
    pub(crate) audit: Audit,
}

impl Live {
    pub(crate) fn new(
        (title, version): (String, String),
        routes: Vec<LiveRoute>,
        tasks: Vec<Arc<BackgroundLimit>>,
        secrecy: Secrecy,
    ) -> Self {
        let mut known = HashMap::new();
        let numbered = routes.iter().enumerate();
        let first = numbered
            .map(|(number, route)| {
                let endpoint = Arc::as_ptr(&route.endpoint);
                *known.entry(endpoint).or_insert(number)
            })
            .collect();
        Self {
            title,
            version,
            hub: Arc::new(Hub::new()),
            first,
            routes,
            tasks,
            secrecy,
            probes: Mutex::new(Probes {
                active: Vec::new(),
                ended: VecDeque::new(),
                looked: Instant::now(),
            }),
            audit: Audit::default(),
        }
    }

    /// Whether what answers a route answers others too: an application is mounted twice.
    pub(crate) fn shares_endpoint(&self, number: usize) -> bool {
        let of = self.first.get(number);
        of.is_some() && self.first.iter().filter(|first| Some(*first) == of).count() > 1
    }

    fn probes(&self) -> MutexGuard<'_, Probes> {
        self.probes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Checks a probe, and sets it unless it is only to be checked.
    ///
    /// # Errors
    /// Why it cannot be set.
    pub(crate) fn set(
        &self,
        definition: ProbeDefinition,
        owner: &str,
        only_check: bool,
    ) -> Result<Arc<Probe>, Refusal> {
        let id = format!("p-{}", &uuid::Uuid::new_v4().simple().to_string()[..8]);
        let taken = self.probes().weight();
        let (probe, armed) = arm(self, id, definition, owner, taken)?;
        let mut probes = self.probes();
        probes.has_room(&armed, &probe)?;
        if only_check {
            return Ok(probe);
        }
        // Everybody learns of it before it takes effect.
        self.audit.set(&probe);
        let touched = armed.iter().map(|(number, ..)| *number).collect();
        probes.active.push(Active {
            probe: Arc::clone(&probe),
            armed,
            level: None,
        });
        self.refresh(&probes, &touched);
        Ok(probe)
    }

    /// Takes a probe away; nothing where there is none that is active.
    pub(crate) fn remove(&self, id: &str, by: &str) -> Option<Arc<Probe>> {
        let mut probes = self.probes();
        let found = probes.active.iter().find(|active| active.probe.id == id);
        let probe = Arc::clone(&found?.probe);
        probe.end(State::Removed(format!("by {by}")));
        self.settle(&mut probes);
        Some(probe)
    }

    /// Takes all probes away; how many there were.
    pub(crate) fn remove_all(&self, by: &str) -> usize {
        let mut probes = self.probes();
        let count = probes.active.len();
        for active in &probes.active {
            active.probe.end(State::Removed(format!("by {by}")));
        }
        self.settle(&mut probes);
        count
    }

    /// How many probes are active, and how many levels.
    pub(crate) fn active(&self) -> (usize, usize) {
        let probes = self.probes();
        let is_level = |active: &&Active| active.level.is_some();
        let levels = probes.active.iter().filter(is_level).count();
        (probes.active.len() - levels, levels)
    }

    /// All probes: the active ones, then those that ended last.
    pub(crate) fn all(&self) -> Vec<Arc<Probe>> {
        self.tick();
        let probes = self.probes();
        let active = probes.active.iter().map(|active| &active.probe);
        active.chain(probes.ended.iter()).cloned().collect()
    }

    /// A probe by its id.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Probe>> {
        self.all().into_iter().find(|probe| probe.id == id)
    }

    /// Ends the probes whose time is over, and those that use too much.
    pub(crate) fn tick(&self) {
        self.hub.deliver();
        let mut probes = self.probes();
        let now = Instant::now();
        let look = now.duration_since(probes.looked) >= WINDOW;
        if look {
            probes.looked = now;
        }
        for Active { probe, level, .. } in &probes.active {
            if let (true, Some(level)) = (look, level) {
                levels::tell_drops(level);
            }
            if probe.is_done() {
                probe.end(State::Done);
            } else if now >= probe.expires {
                probe.end(State::Expired);
            } else if probe.is_left_alone() {
                let why = "nobody listened any more".to_owned();
                probe.end(State::Removed(why));
            } else if look && probe.is_too_greedy() {
                let why = "it wanted more than 0.5 % of a processor for three seconds".to_owned();
                probe.end(State::Tripped(why));
            }
        }
        self.settle(&mut probes);
    }

    /// Puts the probes that have ended aside.
    fn settle(&self, probes: &mut Probes) {
        let (ended, active): (Vec<Active>, Vec<Active>) = std::mem::take(&mut probes.active)
            .into_iter()
            .partition(|active| active.probe.state() != State::Active);
        probes.active = active;
        if ended.is_empty() {
            return;
        }
        let touched = ended.iter().flat_map(|active| &active.armed);
        let touched = touched.map(|(number, ..)| *number).collect();
        self.refresh(probes, &touched);
        for Active { probe, .. } in ended {
            self.audit.ended(&probe);
            probes.ended.push_front(probe);
        }
        probes.ended.truncate(ENDED);
    }

    /// Tells these routes which probes they have.
    fn refresh(&self, probes: &Probes, touched: &HashSet<usize>) {
        let first = |number: usize| self.first.get(number).copied().unwrap_or(number);
        let touched: HashSet<usize> = touched.iter().map(|number| first(*number)).collect();
        let mut armed: HashMap<usize, Vec<(Point, Arc<Armed>)>> = HashMap::new();
        for (number, point, one) in probes.active.iter().flat_map(|active| &active.armed) {
            let of = armed.entry(first(*number)).or_default();
            of.push((point.clone(), Arc::clone(one)));
        }
        for number in touched {
            let armed = armed.remove(&number).unwrap_or_default();
            let route = self.routes.get(number);
            let watch = || {
                let (hub, secrecy) = (Arc::clone(&self.hub), self.secrecy.clone());
                let lasts = route.is_some_and(LiveRoute::is_websocket);
                Watch::new(armed.clone(), hub, secrecy, lasts)
            };
            let watch = || (!armed.is_empty()).then(watch);
            match route {
                Some(route) => route.endpoint.live.set(watch()),
                None => self.tasks.iter().for_each(|tasks| tasks.live.set(watch())),
            }
        }
        let mut active = probes.active.iter();
        let snapshots = active.any(|active| active.probe.definition.kind() == LiveKind::Snapshot);
        spans::want(&self.hub, snapshots);
        let levels = probes.active.iter();
        let levels = levels.filter_map(|active| active.level.clone());
        level::replace(&self.hub, levels.collect());
    }

    /// Gives the metrics that active probes make to what takes them.
    pub(crate) fn write_metrics(&self, sink: &mut dyn Sink) {
        let probes = self.probes();
        for Active { probe, .. } in &probes.active {
            if let Some(metric) = probe.definition.metric() {
                let series = probe.series.lock();
                let series = series.unwrap_or_else(PoisonError::into_inner);
                series.write(&probe.id, metric, sink);
            }
        }
    }
}

impl Drop for Live {
    /// Callsites outlive the service.
    fn drop(&mut self) {
        level::replace(&self.hub, Vec::new());
        spans::want(&self.hub, false);
    }
}
