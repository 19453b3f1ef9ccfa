//! [`Asked`]: what was asked for, a probe or a level.

use super::definition::{LogLevel, MetricDefinition, ProbeDefinition, ProbeKind};
use super::level::LevelDefinition;

/// What somebody has set: a probe, or a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, aplomb_macros::Model)]
#[model(crate = crate, serde = false, rename_all = "lowercase")]
pub(crate) enum LiveKind {
    Log,
    Metric,
    Snapshot,
    /// Decides what events and spans give out.
    Level,
}

/// What was asked for, a probe or a level.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false, untagged)]
pub(crate) enum Asked {
    Probe(ProbeDefinition),
    Level(LevelDefinition),
}

impl Asked {
    pub(crate) const fn kind(&self) -> LiveKind {
        match self {
            Self::Probe(probe) => match probe.kind {
                ProbeKind::Log => LiveKind::Log,
                ProbeKind::Metric => LiveKind::Metric,
                ProbeKind::Snapshot => LiveKind::Snapshot,
            },
            Self::Level(_) => LiveKind::Level,
        }
    }

    /// After how many hits it ends.
    pub(crate) fn most_hits(&self) -> u64 {
        match self {
            Self::Probe(probe) => probe.most_hits(),
            Self::Level(_) => u64::MAX,
        }
    }

    /// It looks at one request in so many.
    pub(crate) const fn sample(&self) -> u32 {
        match self {
            Self::Probe(probe) => probe.sample,
            Self::Level(_) => 1,
        }
    }

    /// How many logs, snapshots or events a second there may be.
    pub(crate) const fn per_second(&self) -> f64 {
        match self {
            Self::Probe(probe) => probe.per_second,
            Self::Level(level) => level.per_second,
        }
    }

    /// After how many seconds it ends.
    pub(crate) const fn expires_in(&self) -> u32 {
        match self {
            Self::Probe(probe) => probe.expires_in,
            Self::Level(level) => level.expires_in,
        }
    }

    /// Whether it ends with the stream of its events.
    pub(crate) const fn attached(&self) -> bool {
        match self {
            Self::Probe(probe) => probe.attached,
            Self::Level(level) => level.attached,
        }
    }

    /// How urgent what it logs is, if it logs.
    pub(crate) fn log_level(&self) -> Option<LogLevel> {
        match self {
            Self::Probe(probe) => (probe.kind == ProbeKind::Log).then_some(probe.level),
            Self::Level(_) => None,
        }
    }

    /// The metric that it makes, if it makes one.
    pub(crate) const fn metric(&self) -> Option<&MetricDefinition> {
        match self {
            Self::Probe(probe) => probe.metric.as_ref(),
            Self::Level(_) => None,
        }
    }
}
