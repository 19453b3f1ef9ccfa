//! [`Watch`]: the probes of one route, as its requests find them.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::armed::{Action, Armed};
use super::expression::{Path, Root, Step};
use super::hub::Hub;
use super::moment::{EndedTask, Moment};
use super::point::Point;
use super::secrecy::Secrecy;
use super::vocabulary::Vocabulary;
use crate::model::Selection;

/// Where a route keeps its probes: while there are none, a request reads one number.
#[derive(Default)]
pub(crate) struct WatchCell {
    /// The bits of the points that are looked at.
    mask: AtomicU8,
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
}

/// The probes of one route.
#[derive(Debug)]
pub(crate) struct Watch {
    armed: Vec<(Point, Arc<Armed>)>,
    wants: HashMap<(Root, String), Want>,
    /// Whether everything is wanted, for a snapshot.
    pub(crate) everything: bool,
    pub(crate) hub: Arc<Hub>,
    pub(crate) secrecy: Secrecy,
    /// What is known of a body that was refused.
    pub(crate) vocabulary: Vocabulary,
}

impl Watch {
    pub(crate) fn new(
        armed: Vec<(Point, Arc<Armed>)>,
        hub: Arc<Hub>,
        secrecy: Secrecy,
        vocabulary: Vocabulary,
    ) -> Self {
        let everything = armed
            .iter()
            .any(|(_, armed)| matches!(armed.action, Action::Snapshot));
        let mut wants: HashMap<(Root, String), Vec<&Path>> = HashMap::new();
        for path in armed.iter().flat_map(|(_, armed)| armed.paths()) {
            if matches!(
                path.root,
                Root::Path | Root::Query | Root::Header | Root::Body | Root::Dependency
            ) {
                let first = path.first().map(|name| name.written.clone());
                let key = (path.root, first.unwrap_or_default());
                wants.entry(key).or_default().push(path);
                // A body that is one argument as a whole has no name.
                if path.root == Root::Body {
                    wants
                        .entry((Root::Body, String::new()))
                        .or_default()
                        .push(path);
                }
            }
        }
        let wants = wants.into_iter();
        let wants = wants
            .map(|((root, name), paths)| {
                let skipped = usize::from(!name.is_empty());
                let want = want(&paths, skipped);
                ((root, name), want)
            })
            .collect();
        Self {
            armed,
            wants,
            everything,
            hub,
            secrecy,
            vocabulary,
        }
    }

    fn mask(&self) -> u8 {
        let points = self.armed.iter();
        points.fold(0, |mask, (point, _)| mask | point.bit())
    }

    /// The probes at a point.
    pub(crate) fn at<'a>(&'a self, point: &'a Point) -> impl Iterator<Item = &'a Arc<Armed>> {
        let armed = self.armed.iter();
        armed.filter_map(move |(at, armed)| (at == point).then_some(armed))
    }

    /// A background task has ended.
    pub(crate) fn task_ended(&self, task: EndedTask<'_>, took: Duration) {
        let moment = Moment::of_task(task, took);
        for armed in self.at(&Point::Task) {
            armed.look(&self.hub, &moment);
        }
    }

    /// All probes.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Armed>> {
        self.armed.iter().map(|(_, armed)| armed)
    }

    /// What is wanted of an argument or result.
    pub(crate) fn wants(&self, root: Root, name: &str) -> Option<&Want> {
        static EVERYTHING: Want = Want {
            fields: None,
            long: true,
        };
        match self.everything {
            true => Some(&EVERYTHING),
            false => self.wants.get(&(root, name.to_owned())),
        }
    }

    /// Whether anything is wanted from a place.
    pub(crate) fn wants_any(&self, root: Root) -> bool {
        self.everything || self.wants.keys().any(|(wanted, _)| *wanted == root)
    }
}

/// What these ways need of the value that so many steps of them lead to.
fn want(paths: &[&Path], skipped: usize) -> Want {
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
    }
}
