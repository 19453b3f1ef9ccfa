//! What is told of routes and of who is let in, as numbers.

use super::series::Label;
use super::{Metrics, SeriesSums, SpreadSum, Sum, admission};
use crate::observe::{Fate, Phase};

/// What has gone through a route since its service started.
#[derive(Debug)]
pub(crate) struct RouteFigures {
    /// The path template; empty for what has no route.
    pub(crate) route: String,
    pub(crate) method: String,
    /// Whether it is in the isolated lane; nothing where no handler is known.
    pub(crate) isolated: Option<bool>,
    pub(crate) requests: u64,
    /// Those answered with 4xx.
    pub(crate) refused: u64,
    /// Those answered with 5xx.
    pub(crate) failed: u64,
    pub(crate) shed: u64,
    pub(crate) timed_out: u64,
    pub(crate) abandoned: u64,
    pub(crate) broken: u64,
    /// How many came to each phase.
    phases: [u64; Phase::ALL.len()],
    /// How long they took.
    pub(crate) times: SpreadSum,
}

impl RouteFigures {
    fn new(label: &Label, sums: &SeriesSums, isolated: Option<bool>) -> Self {
        let of = |class: usize| sums.classes[class].count();
        let fate = |fate: Fate| sums.fates[fate as usize];
        Self {
            route: label.route.clone(),
            method: label.method.clone(),
            isolated,
            requests: sums.classes.iter().map(Sum::count).sum(),
            refused: of(4),
            failed: of(5),
            shed: fate(Fate::Shed),
            timed_out: fate(Fate::TimedOut),
            abandoned: fate(Fate::Abandoned),
            broken: fate(Fate::Broken),
            phases: std::array::from_fn(|phase| sums.phases[phase].count()),
            times: sums.times.clone(),
        }
    }

    /// How many of the requests came to a phase.
    pub(crate) fn came_to(&self, phase: Phase) -> u64 {
        self.phases[phase as usize]
    }
}

/// Who is let in by what stands before some routes, or before the whole service.
#[derive(Debug)]
pub(crate) struct AdmissionFigures {
    /// Which routes; empty for all of them.
    pub(crate) scope: String,
    pub(crate) limit: u64,
    pub(crate) admitted: u64,
    pub(crate) waiting: u64,
}

impl Metrics {
    /// How many requests are open, and what has gone through each route, known or asked for.
    pub(crate) fn figures(&self) -> (u64, Vec<RouteFigures>) {
        let (open, sums) = self.sums();
        let idle = SeriesSums::default();
        let mut figures: Vec<RouteFigures> = self
            .lanes
            .iter()
            .map(|(label, lane)| {
                let sums = sums.get(label).unwrap_or(&idle);
                RouteFigures::new(label, sums, Some(lane.is_isolated()))
            })
            .collect();
        let others = sums
            .iter()
            .filter(|(label, _)| !self.lanes.contains_key(**label));
        figures.extend(others.map(|(label, sums)| RouteFigures::new(label, sums, None)));
        (open, figures)
    }

    /// Who is let in: first of the whole service, then of the routes that have their own limit.
    pub(crate) fn admission(&self) -> Vec<AdmissionFigures> {
        let scopes = admission::figures(&self.in_flight, &self.gates);
        let figures = |(scope, (limit, admitted, waiting)): (&str, _)| AdmissionFigures {
            scope: scope.to_owned(),
            limit,
            admitted,
            waiting,
        };
        scopes.into_iter().map(figures).collect()
    }
}
