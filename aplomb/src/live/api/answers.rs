//! What the API answers of probes.

use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crate::json::Value;
use crate::live::access::Rights;
use crate::live::asked::{Asked, LiveKind};
use crate::live::definition::written;
use crate::live::event::time;
use crate::live::probe::{Probe, State};
use crate::live::registry::Live;

/// A probe, and what it has done.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false)]
pub(crate) struct LiveProbe {
    pub(crate) id: String,
    pub(crate) kind: LiveKind,
    /// `active`, `throttled`, `done`, `expired`, `removed` or `tripped`.
    pub(crate) state: String,
    /// Why it is so, where more is to be said.
    pub(crate) reason: Option<String>,
    /// Who set it.
    pub(crate) owner: String,
    /// When it was set (RFC 3339).
    pub(crate) created: String,
    /// In how many seconds it ends.
    pub(crate) expires_in: u64,
    /// The routes and points it sits at.
    pub(crate) places: Vec<String>,
    /// As it was asked for.
    pub(crate) definition: Asked,
    /// How often its points were passed.
    pub(crate) passed: u64,
    /// How often its condition was evaluated.
    pub(crate) evaluated: u64,
    /// How often it held.
    pub(crate) matched: u64,
    /// How many logs, snapshots or samples there were.
    pub(crate) emitted: u64,
    /// How many there was no room for, by its rate or that of the service.
    pub(crate) dropped: u64,
    /// How often it was left out because the probes had used up their time.
    pub(crate) throttled: u64,
    /// How much time of processors it has taken, in microseconds.
    pub(crate) cpu_microseconds: u64,
    /// What a metric has counted; nothing for those who may not see values.
    pub(crate) series: Option<Value>,
}

impl LiveProbe {
    pub(super) fn of(probe: &Probe, live: &Live, rights: Rights) -> Self {
        let state = probe.state();
        let throttled =
            state == State::Active && probe.is_throttled(&live.hub.budgets, live.hub.now());
        let read = |counter: &AtomicU64| counter.load(Relaxed);
        let counters = &probe.counters;
        let left = probe.expires.saturating_duration_since(Instant::now());
        let metric = probe.definition.metric();
        let metric = metric.filter(|_| rights == Rights::Full);
        Self {
            id: probe.id.clone(),
            kind: probe.definition.kind(),
            state: match throttled {
                true => "throttled".to_owned(),
                false => state.name().to_owned(),
            },
            reason: match throttled {
                true => Some("the time of probes is used up for now".to_owned()),
                false => state.reason().map(str::to_owned),
            },
            owner: probe.owner.clone(),
            created: time(probe.created),
            expires_in: match state {
                State::Active => left.as_secs() + u64::from(left > Duration::ZERO),
                _ => 0,
            },
            places: probe.places.clone(),
            definition: probe.definition.clone(),
            passed: read(&counters.passed),
            evaluated: read(&counters.evaluated),
            matched: read(&counters.matched),
            emitted: read(&counters.emitted),
            dropped: read(&counters.dropped),
            throttled: read(&counters.throttled),
            cpu_microseconds: read(&counters.nanoseconds) / 1000,
            series: metric.map(|metric| {
                let series = probe.series.lock();
                series
                    .unwrap_or_else(PoisonError::into_inner)
                    .to_json(metric)
            }),
        }
    }

    /// As an event of its end has it.
    pub(super) fn to_json(&self) -> Value {
        written(self)
    }
}

/// How many probes were removed.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false)]
pub(crate) struct Removed {
    pub(crate) removed: usize,
}
