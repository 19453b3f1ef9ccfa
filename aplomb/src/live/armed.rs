//! [`Armed`]: a probe at one point of one route, its expressions checked against that.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, PoisonError};
use std::time::SystemTime;

use super::bounds;
use super::definition::MetricKind;
use super::expression::{Expression, Path, Template};
use super::hub::{Content, Hit, Hub};
use super::metric::LABEL;
use super::moment::Moment;
use super::point::Point;
use super::probe::{Probe, State};
use super::target::Target;

/// The longest time that a look counts as, in nanoseconds: none takes as long, and whatever has is
/// one whose thread lost its processor. To ask for how long it had that would cost more than most
/// looks do.
pub(super) const LONGEST: u64 = 1_000_000;
/// The most of a snapshot, in bytes.
const SNAPSHOT: usize = 16 << 10;

/// What happens when a probe is hit.
#[derive(Debug)]
pub(crate) enum Action {
    Log(Template),
    Snapshot,
    Measure {
        kind: MetricKind,
        value: Measured,
        labels: Vec<Expression>,
    },
}

impl Action {
    /// About how many bytes of memory its expressions take.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Log(template) => template.weight(),
            Self::Snapshot => 0,
            Self::Measure { value, labels, .. } => {
                let value = match value {
                    Measured::Value(value) => value.weight(),
                    Measured::Hit | Measured::Point | Measured::Since(_) => 0,
                };
                value + labels.iter().map(Expression::weight).sum::<usize>()
            }
        }
    }
}

/// What a metric takes.
#[derive(Debug)]
pub(crate) enum Measured {
    /// The hit itself.
    Hit,
    Value(Expression),
    /// How long the point took.
    Point,
    /// How long it was since another point.
    Since(Point),
}

/// A probe at one point of one route.
#[derive(Debug)]
pub(crate) struct Armed {
    pub(crate) probe: Arc<Probe>,
    pub(crate) condition: Option<Expression>,
    pub(crate) action: Action,
    /// What it was asked for: the statuses or the task that count.
    pub(crate) target: Target,
    /// The route and point, for people.
    pub(crate) place: String,
    /// About how many bytes of memory it takes.
    pub(crate) weight: usize,
    /// The path of the route, where what answers it answers others too.
    pub(crate) route: Option<String>,
}

impl Armed {
    /// The values it looks at.
    pub(crate) fn paths(&self) -> Vec<&Path> {
        let mut paths = self
            .condition
            .as_ref()
            .map(Expression::paths)
            .unwrap_or_default();
        match &self.action {
            Action::Log(template) => paths.extend(template.paths()),
            Action::Snapshot => {}
            Action::Measure { value, labels, .. } => {
                if let Measured::Value(value) = value {
                    paths.extend(value.paths());
                }
                paths.extend(labels.iter().flat_map(Expression::paths));
            }
        }
        paths
    }

    /// Looks at a moment of a request that was drawn, or not; whatever goes wrong, it goes on.
    pub(crate) fn look(self: &Arc<Self>, hub: &Hub, moment: &Moment<'_>, drawn: bool) {
        let probe = &self.probe;
        if probe.has_ended() || !self.counts(moment) {
            return;
        }
        probe.counters.passed.fetch_add(1, Relaxed);
        let now = hub.now();
        if !drawn || !probe.has_time(&hub.budgets, now) {
            return;
        }
        let looked = catch_unwind(AssertUnwindSafe(|| self.evaluate(hub, moment, now)));
        let took = hub.now().saturating_sub(now).min(LONGEST);
        probe.spend_time(now, took);
        hub.budgets.spend_time(now, took);
        if looked.is_err() {
            self.trip("it panicked; this is a bug of the evaluator");
        }
    }

    /// Ends the probe because of what it did.
    pub(crate) fn trip(&self, why: &str) {
        let probe = &self.probe;
        if probe.end(State::Tripped(why.to_owned())) {
            tracing::error!(probe = probe.id, why, "a live probe was removed");
        }
    }

    /// Whether a moment is one of those that are meant.
    fn counts(&self, moment: &Moment<'_>) -> bool {
        let status = |(first, last)| {
            let status = moment.status();
            status.is_some_and(|status| (first..=last).contains(&status))
        };
        let task = moment.task().is_none_or(|name| self.target.fits_task(name));
        // A route of an application that is mounted twice has the probes of both.
        let here = || {
            let route = self.route.as_ref();
            route.is_none_or(|route| moment.route().as_ref() == Some(route))
        };
        task && self.target.statuses.is_none_or(status) && here()
    }

    fn evaluate(self: &Arc<Self>, hub: &Hub, moment: &Moment<'_>, now: u64) {
        let probe = &self.probe;
        let counters = &probe.counters;
        counters.evaluated.fetch_add(1, Relaxed);
        let holds = |condition: &Expression| condition.holds(moment);
        if !self.condition.as_ref().is_none_or(holds) {
            return;
        }
        counters.matched.fetch_add(1, Relaxed);
        let content = match &self.action {
            Action::Measure {
                kind,
                value,
                labels,
            } => {
                self.measure(*kind, value, labels, moment);
                return;
            }
            _ if !probe.takes_rate(now) => {
                counters.dropped.fetch_add(1, Relaxed);
                return;
            }
            Action::Log(template) => Content::Values(Arc::clone(self), template.values(moment)),
            Action::Snapshot => Content::Snapshot(Arc::clone(self), moment.snapshot(SNAPSHOT)),
        };
        let bytes = content.bytes();
        if !hub.budgets.take_event(now, bytes) {
            counters.dropped.fetch_add(1, Relaxed);
            return;
        }
        if !probe.takes_hit() {
            return;
        }
        let sent = hub.send(Hit {
            probe: Arc::clone(probe),
            time: SystemTime::now(),
            request: moment.id(),
            request_id: moment.request_id().map(|id| bounds::text(id, 128)),
            #[cfg(feature = "otlp")]
            trace: moment.trace(),
            bytes,
            content,
        });
        if !sent {
            counters.dropped.fetch_add(1, Relaxed);
        }
    }

    fn measure(
        &self,
        kind: MetricKind,
        value: &Measured,
        labels: &[Expression],
        moment: &Moment<'_>,
    ) {
        const MILLISECONDS: f64 = 1000.0;
        let value = match value {
            Measured::Hit => Some(1.0),
            Measured::Value(value) => value.value(moment).number(),
            Measured::Point => moment.duration().map(|time| time / MILLISECONDS),
            Measured::Since(point) => moment.since(point).map(|time| time / MILLISECONDS),
        };
        let probe = &self.probe;
        let Some(value) = value.filter(|value| value.is_finite()) else {
            return;
        };
        if !probe.takes_hit() {
            return;
        }
        let labels = labels.iter().map(|label| {
            let value = label.value(moment).bounded(LABEL);
            match value.as_str() {
                Some(text) => text.to_owned(),
                None => value.to_string(),
            }
        });
        let labels = labels.collect();
        let series = probe.series.lock();
        series
            .unwrap_or_else(PoisonError::into_inner)
            .add(kind, labels, value);
    }
}
