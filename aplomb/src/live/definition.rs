//! [`ProbeDefinition`]: a probe as it is asked for.

use crate::json::Object;
use crate::model::Model;

/// What a probe does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, aplomb_macros::Model)]
#[model(crate = crate, serde = false, rename_all = "lowercase")]
pub(crate) enum ProbeKind {
    /// Logs a line.
    Log,
    /// Counts or measures.
    Metric,
    /// Keeps arguments, results of dependencies, headers, phases and outcome.
    Snapshot,
}

/// How urgent a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, aplomb_macros::Model)]
#[model(crate = crate, serde = false, rename_all = "lowercase")]
pub(crate) enum LogLevel {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}

/// How a metric is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, aplomb_macros::Model)]
#[model(crate = crate, serde = false, rename_all = "lowercase")]
pub(crate) enum MetricKind {
    /// How often the condition held.
    Counter,
    /// The last value of an expression.
    Gauge,
    /// How the values of an expression are spread.
    Histogram,
    /// How long the point took, or how long it was since another point, in seconds.
    Duration,
}

/// A metric as it is asked for.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false, extra = "forbid")]
pub(crate) struct MetricDefinition {
    /// Its name on `/metrics`, behind `live_`.
    #[field(pattern = "^[a-z][a-z0-9_]{0,62}$", example = "large_orders")]
    pub(crate) name: String,
    #[field(alias = "type")]
    pub(crate) kind: MetricKind,
    /// What a gauge or histogram takes: an expression that is a number.
    #[field(max_length = 1024)]
    pub(crate) value: Option<String>,
    /// The point where a duration begins, such as `@validate`; without it a duration is that of its
    /// own point.
    #[field(max_length = 64)]
    pub(crate) from: Option<String>,
    /// Two labels at the most: name and expression. What would be more than 50 series is counted as
    /// `other`.
    #[field(default)]
    pub(crate) labels: Object,
}

/// A probe as it is asked for.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false, extra = "forbid", example = {
    "kind": "log",
    "target": "POST /items @invalid",
    "when": "header[\"x-tenant\"] == \"acme\"",
    "message": "refused {body.name}: {errors[0].msg}",
    "hits": 20,
    "expires_in": 600
})]
pub(crate) struct ProbeDefinition {
    pub(crate) kind: ProbeKind,
    /// Where it sits: a route (`GET /items/{id}`), a pattern of routes (`/orders/**`), each with a
    /// point behind it (`@validate`, `@invalid`, `@dep:name`, `@database`, `@handler`, `@error`,
    /// `@response`, which is meant unless another is named), `ws /rooms/{room}` with one of those or
    /// `@open`, `@message` or `@close`, `dep name`, `validation`, `database`, `error 5xx`, or
    /// `task name`.
    #[field(min_length = 1, max_length = 256)]
    pub(crate) target: String,
    /// An expression that must be true: `path.item_id > 100 && elapsed_ms > 300`.
    #[field(max_length = 1024)]
    pub(crate) when: Option<String>,
    /// What a log says, with expressions between braces.
    #[field(max_length = 1024)]
    pub(crate) message: Option<String>,
    #[field(default)]
    pub(crate) level: LogLevel,
    pub(crate) metric: Option<MetricDefinition>,
    /// After how many hits it ends: 1 for a snapshot and 100 for a log unless it is said; a metric
    /// has no such end.
    #[field(ge = 1, le = 1_000_000)]
    pub(crate) hits: Option<u64>,
    /// How many logs or snapshots a second there may be.
    #[field(gt = 0, le = 50, default = 10.0)]
    pub(crate) per_second: f64,
    /// Looks at one request in so many.
    #[field(ge = 1, le = 1_000_000, default = 1)]
    pub(crate) sample: u32,
    /// After how many seconds it ends.
    #[field(ge = 1, le = 86400, default = 600)]
    pub(crate) expires_in: u32,
    /// Who set it.
    #[field(max_length = 128)]
    pub(crate) owner: Option<String>,
    /// What for.
    #[field(max_length = 256)]
    pub(crate) reason: Option<String>,
    /// Whether it ends with the stream of its events: when nobody has listened for 5 s.
    #[field(default)]
    pub(crate) attached: bool,
}

impl ProbeDefinition {
    /// After how many hits it ends.
    pub(crate) fn most_hits(&self) -> u64 {
        self.hits.unwrap_or(match self.kind {
            ProbeKind::Log => 100,
            ProbeKind::Snapshot => 1,
            ProbeKind::Metric => u64::MAX,
        })
    }
}

/// As the API has it.
pub(crate) fn written(model: &impl Model) -> crate::json::Value {
    model.dump(&crate::model::Dump::ALL)
}
