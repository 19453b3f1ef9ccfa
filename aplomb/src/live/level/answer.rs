//! [`LiveLevel`]: a level as the API answers it.

use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use tracing::level_filters::STATIC_MAX_LEVEL;

use super::{Level, callsites, filter};
use crate::live::event::time;
use crate::live::probe::State;

/// A level, and what it has done.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false)]
pub(crate) struct LiveLevel {
    /// Also that of a probe, whose events `/live/events` has.
    pub(crate) id: String,
    /// `active`, `expired`, `removed` or `tripped`.
    pub(crate) state: String,
    /// Why it is so, where more is to be said.
    pub(crate) reason: Option<String>,
    /// Who set it.
    pub(crate) owner: String,
    /// When it was set (RFC 3339).
    pub(crate) created: String,
    /// In how many seconds it ends.
    pub(crate) expires_in: u64,
    /// As it was asked for.
    pub(crate) directive: String,
    /// The route it is limited to.
    pub(crate) route: Option<String>,
    /// How many callsites it is about, of those that are known.
    pub(crate) callsites: usize,
    /// How many events and spans there were.
    pub(crate) emitted: u64,
    /// How many there was no room for.
    pub(crate) dropped: u64,
    /// Whether anybody asks what it says; if not, `notes` has what to do.
    pub(crate) heard: bool,
    /// What one should know of it.
    pub(crate) notes: Vec<String>,
}

impl LiveLevel {
    pub(crate) fn of(level: &Level) -> Self {
        let probe = &level.probe;
        let state = probe.state();
        let left = probe.expires.saturating_duration_since(Instant::now());
        let callsites = callsites::count(|callsite| level.directive.concerns(callsite));
        let heard = filter::is_installed();
        let mut notes = Vec::new();
        if !heard {
            notes.push(
                "nothing will be heard: no subscriber of this program has a \
                 `aplomb::observe::LiveFilter` around the filter of a layer, as the one of \
                 `#[aplomb::main]` has"
                    .to_owned(),
            );
        } else if callsites == 0 {
            notes.push(
                "no callsite that is known is like this; one becomes known when it is first reached"
                    .to_owned(),
            );
        }
        if level.directive.is_compiled_out() {
            notes.push(format!(
                "the program was built with nothing above `{STATIC_MAX_LEVEL}`"
            ));
        }
        Self {
            id: probe.id.clone(),
            state: state.name().to_owned(),
            reason: state.reason().map(str::to_owned),
            owner: probe.owner.clone(),
            created: time(probe.created),
            expires_in: match state {
                State::Active => left.as_secs() + u64::from(left > Duration::ZERO),
                _ => 0,
            },
            directive: level.definition.directive.clone(),
            route: level.definition.route.clone(),
            callsites,
            emitted: probe.counters.emitted.load(Relaxed),
            dropped: probe.counters.dropped.load(Relaxed),
            heard,
            notes,
        }
    }
}
