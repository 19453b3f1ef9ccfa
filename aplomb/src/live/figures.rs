//! What goes through a service, in numbers that a page can draw.

use super::registry::Live;
use crate::observe::{AdmissionFigures, Metrics, RouteFigures, SpreadSum};
use crate::serve::lane;

/// What has gone through the service since it started, and how it is doing now.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false, rename = "LiveFigures")]
pub(crate) struct Figures {
    /// What the service is called.
    pub(crate) title: String,
    pub(crate) version: String,
    /// For how many seconds it has been there; differences of two tell how far apart they are.
    pub(crate) seconds: f64,
    /// Whether who asks may set probes and see values.
    pub(crate) may_set: bool,
    /// Whether that takes a token.
    pub(crate) needs_token: bool,
    /// How many requests are being answered.
    pub(crate) in_flight: u64,
    /// How many probes are active.
    pub(crate) probes: usize,
    /// How many levels are set.
    pub(crate) levels: usize,
    /// The bounds above the buckets of times, from 8 µs on each at most an eighth above the one
    /// before; there is one bucket more, for what is above all.
    pub(crate) bounds_ms: Vec<f64>,
    pub(crate) routes: Vec<RouteCounts>,
    pub(crate) admission: Vec<Admission>,
    pub(crate) lanes: Lanes,
}

/// What has gone through a route.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false, rename = "LiveRouteCounts")]
pub(crate) struct RouteCounts {
    pub(crate) method: String,
    /// The path template; empty for requests that no route answers.
    pub(crate) path: String,
    /// Whether it is polled in the isolated lane; nothing where no handler is known.
    pub(crate) isolated: Option<bool>,
    pub(crate) requests: u64,
    /// Those answered with 4xx.
    pub(crate) refused: u64,
    /// Those answered with 5xx.
    pub(crate) failed: u64,
    /// Those refused because of overload.
    pub(crate) shed: u64,
    pub(crate) timed_out: u64,
    /// Those whose client left before the answer.
    pub(crate) abandoned: u64,
    /// Those whose answer broke off.
    pub(crate) broken: u64,
    /// How many took how long: the number of each bucket that has any, from zero, and how many.
    pub(crate) buckets: Vec<(usize, u64)>,
}

/// Who is let in.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false, rename = "LiveAdmission")]
pub(crate) struct Admission {
    /// To which routes; empty for the whole service.
    pub(crate) scope: String,
    /// How many may be answered at a time.
    pub(crate) limit: u64,
    pub(crate) admitted: u64,
    pub(crate) waiting: u64,
}

/// What the lanes are doing.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false, rename = "LiveLanes")]
pub(crate) struct Lanes {
    /// Threads of the isolated lane.
    pub(crate) isolated_threads: usize,
    /// How many of them compute, and how many are blocked.
    pub(crate) computing: usize,
    pub(crate) blocked: usize,
    /// How many operations wait for one.
    pub(crate) waiting: usize,
    /// Workers that are there to stand in for those that are held, and how often one did.
    pub(crate) spare_resting: usize,
    pub(crate) spare_released: u64,
}

impl Figures {
    /// The figures for those who may do nothing.
    pub(crate) fn of(
        live: &Live,
        metrics: &Metrics,
        in_flight: u64,
        routes: Vec<RouteFigures>,
    ) -> Self {
        let (probes, levels) = live.active();
        Self {
            title: live.title.clone(),
            version: live.version.clone(),
            seconds: live.hub.now() as f64 / 1e9,
            may_set: false,
            needs_token: false,
            in_flight,
            probes,
            levels,
            bounds_ms: SpreadSum::bounds().collect(),
            routes: routes.into_iter().map(RouteCounts::of).collect(),
            admission: metrics.admission().into_iter().map(Admission::of).collect(),
            lanes: Lanes::now(),
        }
    }
}

impl RouteCounts {
    fn of(figures: RouteFigures) -> Self {
        Self {
            method: figures.method,
            path: figures.route,
            isolated: figures.isolated,
            requests: figures.requests,
            refused: figures.refused,
            failed: figures.failed,
            shed: figures.shed,
            timed_out: figures.timed_out,
            abandoned: figures.abandoned,
            broken: figures.broken,
            buckets: figures.times.buckets().collect(),
        }
    }
}

impl Admission {
    fn of(figures: AdmissionFigures) -> Self {
        Self {
            scope: figures.scope,
            limit: figures.limit,
            admitted: figures.admitted,
            waiting: figures.waiting,
        }
    }
}

impl Lanes {
    fn now() -> Self {
        let lane::Figures {
            isolated,
            resting,
            released,
            ..
        } = lane::figures();
        Self {
            isolated_threads: isolated.threads,
            computing: isolated.computing,
            blocked: isolated.blocked,
            waiting: isolated.new + isolated.light + isolated.heavy,
            spare_resting: resting,
            spare_released: released,
        }
    }
}
