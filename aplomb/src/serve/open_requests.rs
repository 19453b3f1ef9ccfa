//! [`OpenRequests`]: what a server is answering, for whoever looks.

use std::fmt;
use std::sync::{Arc, Weak};

use super::shared::Shared;
use crate::json::Value;
use crate::observe::FlightRecorder;

/// What a server is answering, as long as it runs.
#[derive(Clone)]
pub(crate) struct OpenRequests(Weak<Shared>);

impl OpenRequests {
    pub(super) fn of(shared: &Arc<Shared>) -> Self {
        Self(Arc::downgrade(shared))
    }

    /// The requests that are open, the oldest first, as the flight recorder tells of others.
    pub(crate) fn to_json(&self, recorder: &FlightRecorder) -> Value {
        let unfinished = self
            .0
            .upgrade()
            .map(|shared| shared.connections.unfinished());
        let unfinished = unfinished.unwrap_or_default();
        let mut open: Vec<_> = unfinished
            .iter()
            .filter_map(|one| Some((one.record()?, one.state())))
            .collect();
        open.sort_by_key(|(record, _)| record.arrived());
        open.into_iter()
            .map(|(record, state)| {
                let mut open = recorder.describe(record);
                if let Value::Object(open) = &mut open {
                    open.insert("state".to_owned(), state.into());
                }
                open
            })
            .collect()
    }
}

impl fmt::Debug for OpenRequests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenRequests")
    }
}
