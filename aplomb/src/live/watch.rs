//! [`Watch`]: the probes of one route, as its requests find them.

use std::fmt;
use std::sync::atomic::{AtomicU16, Ordering::Relaxed};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use http::HeaderMap;

use super::armed::{Action, Armed};
use super::expression::{Operand, Path, Root, Step};
use super::hub::{Held, Hub};
use super::moment::{EndedTask, Moment, Passed};
use super::point::Point;
use super::secrecy::Secrecy;
use super::seen::Values;
use super::vocabulary::Vocabulary;
use crate::http::Request;
use crate::model::Selection;
use crate::route::Endpoint;

/// Where a route keeps its probes: while there are none, a request reads one number.
#[derive(Default)]
pub(crate) struct WatchCell {
    /// The bits of the points that are looked at.
    mask: AtomicU16,
    watch: RwLock<Option<Arc<Watch>>>,
}

impl WatchCell {
    /// The probes of the route, if there are any.
    #[inline]
    pub(crate) fn watch(&self) -> Option<Arc<Watch>> {
        match self.mask.load(Relaxed) {
            0 => None,
            _ => self.found(),
        }
    }

    /// The probes of the route, if there are any at this point.
    #[inline]
    pub(crate) fn watch_at(&self, point: &Point) -> Option<Arc<Watch>> {
        match self.mask.load(Relaxed) & point.bit() {
            0 => None,
            _ => self.found(),
        }
    }

    #[cold]
    fn found(&self) -> Option<Arc<Watch>> {
        let watch = self.watch.read();
        watch.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts other probes in the place of those there were.
    pub(crate) fn set(&self, watch: Option<Watch>) {
        let mask = watch.as_ref().map_or(0, Watch::mask);
        let mut place = self.watch.write().unwrap_or_else(PoisonError::into_inner);
        *place = watch.map(Arc::new);
        self.mask.store(mask, Relaxed);
    }
}

impl fmt::Debug for WatchCell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WatchCell")
            .field("mask", &self.mask)
            .finish_non_exhaustive()
    }
}

/// What is wanted of an argument or a result.
#[derive(Debug, Default)]
pub(crate) struct Want {
    /// The fields; all of them where none are named.
    pub(crate) fields: Option<Selection>,
    /// Whether it may be long.
    pub(crate) long: bool,
    /// The places of the probes that want it.
    by: Vec<usize>,
}

/// The probes of one route.
#[derive(Debug)]
pub(crate) struct Watch {
    armed: Vec<(Point, Arc<Armed>)>,
    /// What is wanted by name; a body that is one argument as a whole has no name.
    wants: Vec<(Root, String, Want)>,
    /// What snapshots want: everything.
    everything: Want,
    pub(crate) hub: Arc<Hub>,
    is_of_conversations: bool,
    pub(crate) secrecy: Secrecy,
    /// What is known of a body that was refused, once there was one.
    vocabulary: OnceLock<Vocabulary>,
}

impl Watch {
    /// Those of a route, which holds conversations or does not.
    pub(crate) fn new(
        armed: Vec<(Point, Arc<Armed>)>,
        hub: Arc<Hub>,
        secrecy: Secrecy,
        is_of_conversations: bool,
    ) -> Self {
        let mut wanted: Vec<(Root, &str, Vec<&Path>, Vec<usize>)> = Vec::new();
        let mut snapshots = Vec::new();
        for (place, (_, armed)) in armed.iter().enumerate() {
            if matches!(armed.action, Action::Snapshot) {
                snapshots.push(place);
            }
            let paths = armed.paths().into_iter();
            for path in paths.filter(|path| path.root.is_read()) {
                let first = path.first().map_or("", |name| &name.written);
                let whole = (path.root == Root::Body && !first.is_empty()).then_some("");
                for name in [first].into_iter().chain(whole) {
                    let known =
                        |(root, of, ..): &(Root, &str, _, _)| *root == path.root && *of == name;
                    let at = wanted.iter().position(known).unwrap_or_else(|| {
                        wanted.push((path.root, name, Vec::new(), Vec::new()));
                        wanted.len() - 1
                    });
                    let (_, _, paths, by) = &mut wanted[at];
                    paths.push(path);
                    if by.last() != Some(&place) {
                        by.push(place);
                    }
                }
            }
        }
        let wants = wanted.into_iter().map(|(root, name, paths, by)| {
            let skipped = usize::from(!name.is_empty());
            let want = want(&paths, skipped, by);
            (root, name.to_owned(), want)
        });
        let wants = wants.collect();
        Self {
            armed,
            wants,
            everything: Want {
                fields: None,
                long: true,
                by: snapshots,
            },
            hub,
            is_of_conversations,
            secrecy,
            vocabulary: OnceLock::new(),
        }
    }

    fn mask(&self) -> u16 {
        let points = self.armed.iter();
        points.fold(0, |mask, (point, _)| mask | point.bit())
    }

    /// Which probes look at one more request, in their order; nothing if none does any more.
    pub(crate) fn draw(&self) -> Option<Box<[bool]>> {
        let are_active = self.armed.iter().any(|(_, armed)| !armed.probe.has_ended());
        let draws = |(_, armed): &(Point, Arc<Armed>)| armed.probe.draws();
        are_active.then(|| self.armed.iter().map(draws).collect())
    }

    /// What counts the memory that requests keep for these probes.
    pub(crate) fn held(&self) -> &Held {
        match self.is_of_conversations {
            true => &self.hub.held_long,
            false => &self.hub.held,
        }
    }

    /// The probes at a point, with their places.
    pub(crate) fn at<'a>(
        &'a self,
        point: &'a Point,
    ) -> impl Iterator<Item = (usize, &'a Arc<Armed>)> {
        let armed = self.armed.iter().enumerate();
        armed.filter_map(move |(place, (at, armed))| (at == point).then_some((place, armed)))
    }

    /// A conversation passes a point; each time it is drawn which probes look. How many
    /// milliseconds ago its request arrived.
    pub(crate) fn converses(
        &self,
        point: &Point,
        request: &Request,
        values: &Values,
        passed: Passed<'_>,
    ) -> f64 {
        let moment = Moment::of_request(point, request, values, passed, self);
        for (_, armed) in self.at(point) {
            armed.look(&self.hub, &moment, armed.probe.draws());
        }
        moment.elapsed()
    }

    /// A background task has ended.
    pub(crate) fn task_ended(&self, task: EndedTask<'_>, took: Duration) {
        let moment = Moment::of_task(task, took);
        for (_, armed) in self.at(&Point::Task) {
            armed.look(&self.hub, &moment, armed.probe.draws());
        }
    }

    /// Whether any probe wants anything from a place.
    #[inline]
    pub(crate) fn looks_at(&self, root: Root) -> bool {
        !self.everything.by.is_empty() || self.wants.iter().any(|(of, ..)| *of == root)
    }

    /// What is wanted of an argument or result, and the probes that look at the request, want it
    /// and have time left.
    pub(crate) fn wants<'a>(
        &'a self,
        root: Root,
        name: &str,
        drawn: &[bool],
        now: u64,
    ) -> Option<(&'a Want, Vec<&'a Arc<Armed>>)> {
        let named = self.wants.iter();
        let mut named = named.filter(|(of, wanted, _)| *of == root && wanted == name);
        let named = named.next().map(|(.., want)| want);
        let mut wants = [Some(&self.everything), named].into_iter().flatten();
        wants.find_map(|want| {
            let payers = self.payers(&want.by, drawn, now);
            (!payers.is_empty()).then_some((want, payers))
        })
    }

    /// The probes that want anything from a place, look at the request and have time left.
    pub(crate) fn want_any(&self, root: Root, drawn: &[bool], now: u64) -> Vec<&Arc<Armed>> {
        let named = self.wants.iter().filter(|(of, ..)| *of == root);
        let mut by = self.everything.by.clone();
        by.extend(named.flat_map(|(.., want)| &want.by));
        by.sort_unstable();
        by.dedup();
        self.payers(&by, drawn, now)
    }

    /// The snapshots that look at a request and have time left.
    pub(crate) fn want_everything(&self, drawn: &[bool], now: u64) -> Vec<&Arc<Armed>> {
        self.payers(&self.everything.by, drawn, now)
    }

    /// The probes that may look at what was wrong with a request.
    pub(crate) fn want_errors(&self, drawn: &[bool], now: u64) -> Vec<&Arc<Armed>> {
        let wants = |armed: &Armed| {
            let is_snapshot = matches!(armed.action, Action::Snapshot);
            is_snapshot || armed.paths().iter().any(|path| path.root == Root::Errors)
        };
        let by = self.armed.iter().enumerate();
        let by: Vec<usize> = by
            .filter(|(_, (_, armed))| wants(armed))
            .map(|(place, _)| place)
            .collect();
        self.payers(&by, drawn, now)
    }

    fn payers(&self, by: &[usize], drawn: &[bool], now: u64) -> Vec<&Arc<Armed>> {
        let has_time = |armed: &&Arc<Armed>| {
            let probe = &armed.probe;
            !probe.has_ended() && probe.time.has_room(now) && self.hub.budgets.time.has_room(now)
        };
        by.iter()
            .filter(|place| drawn.get(**place) == Some(&true))
            .filter_map(|place| self.armed.get(*place))
            .map(|(_, armed)| armed)
            .filter(has_time)
            .collect()
    }

    /// The value of a header as far as it is no secret.
    pub(crate) fn header<'a>(&self, headers: &'a HeaderMap, name: &str) -> Operand<'a> {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        let shown = value.and_then(|value| self.secrecy.header(name, value));
        shown.map_or(Operand::Null, Operand::Text)
    }

    /// What is known of a body that was refused.
    pub(crate) fn vocabulary(&self, endpoint: &Endpoint) -> &Vocabulary {
        self.vocabulary
            .get_or_init(|| Vocabulary::of(endpoint, &Point::Invalid, &self.secrecy))
    }
}

/// What these ways need of the value that so many steps of them lead to.
fn want(paths: &[&Path], skipped: usize, by: Vec<usize>) -> Want {
    let mut fields = Vec::new();
    let mut all = false;
    let mut long = false;
    for path in paths {
        let steps = path.steps.get(skipped..).unwrap_or_default();
        // What is said of the fields of a list holds for all its items.
        let names = steps.iter().filter_map(|step| match step {
            Step::Name(name) => Some(name.code.as_deref()),
            Step::Index(_) => None,
        });
        let names: Option<Vec<&str>> = names.collect();
        long |= steps.iter().any(|step| matches!(step, Step::Index(_)));
        match names {
            Some(names) if !names.is_empty() => fields.push(names.join(".")),
            _ => all = true,
        }
    }
    Want {
        fields: (!all).then(|| fields.into_iter().collect()),
        long: long || all,
        by,
    }
}
