//! [`Audit`]: who has set and ended which probes.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use super::definition::written;
use super::event::time;
use super::probe::{Probe, State};
use super::profile::ProfileDefinition;
use crate::json::Value;

/// How many changes are remembered.
const KEPT: usize = 256;

/// A change.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false, rename = "LiveChange")]
pub(crate) struct Change {
    /// When (RFC 3339).
    pub(crate) time: String,
    /// `set`, or what became of the probe: `removed`, `expired`, `done`, `tripped`. Of a profile
    /// `begun`, `done` or `refused`.
    pub(crate) change: String,
    /// The id of the probe or profile.
    pub(crate) probe: String,
    /// Who set the probe, or asked for the profile.
    pub(crate) owner: String,
    /// Why it ended, where more is to be said.
    pub(crate) reason: Option<String>,
    /// The routes and points.
    pub(crate) places: Vec<String>,
    /// The probe or profile as it was asked for.
    pub(crate) definition: Value,
}

/// A profile that is being taken, and is noted.
#[derive(Debug)]
pub(crate) struct NotedProfile<'a> {
    audit: &'a Audit,
    begun: Change,
}

impl NotedProfile<'_> {
    /// The profile has been taken, or not.
    pub(crate) fn ended(self, change: &str) {
        self.audit.add(Change {
            time: time(SystemTime::now()),
            change: change.to_owned(),
            ..self.begun
        });
    }
}

/// Who has set and ended which probes: a ring, and events of the level `warn` with the target
/// `aplomb::live::audit`.
#[derive(Debug, Default)]
pub(crate) struct Audit(Mutex<VecDeque<Change>>);

impl Audit {
    /// A probe is going to be set.
    pub(crate) fn set(&self, probe: &Probe) {
        self.note(probe, "set", None);
    }

    /// A probe has ended.
    pub(crate) fn ended(&self, probe: &Probe) {
        let state: State = probe.state();
        self.note(probe, state.name(), state.reason());
    }

    /// A profile is going to be taken.
    pub(crate) fn profile(&self, definition: &ProfileDefinition, owner: &str) -> NotedProfile<'_> {
        let begun = Change {
            time: time(SystemTime::now()),
            change: "begun".to_owned(),
            probe: format!(
                "profile-{}",
                &uuid::Uuid::new_v4().simple().to_string()[..8]
            ),
            owner: owner.to_owned(),
            reason: None,
            places: Vec::new(),
            definition: written(definition),
        };
        self.add(begun.clone());
        NotedProfile { audit: self, begun }
    }

    fn note(&self, probe: &Probe, change: &str, reason: Option<&str>) {
        self.add(Change {
            time: time(SystemTime::now()),
            change: change.to_owned(),
            probe: probe.id.clone(),
            owner: probe.owner.clone(),
            reason: reason.map(str::to_owned),
            places: probe.places.clone(),
            definition: written(&probe.definition),
        });
    }

    fn add(&self, change: Change) {
        let Change {
            probe,
            owner,
            definition,
            ..
        } = &change;
        tracing::warn!(
            target: "aplomb::live::audit",
            change = change.change,
            probe,
            owner,
            reason = change.reason,
            %definition,
            "live probe"
        );
        let mut changes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        changes.push_front(change);
        changes.truncate(KEPT);
    }

    /// The changes, the last one first.
    pub(crate) fn changes(&self) -> Vec<Change> {
        let changes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        changes.iter().cloned().collect()
    }
}
