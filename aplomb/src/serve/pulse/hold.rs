//! [`Hold`]: a connection that a WebSocket has.

use std::sync::Arc;
use std::time::Instant;

use super::{Pulse, forget};
use crate::observe::Record;

/// Keeps a connection among those that are open while a WebSocket has it.
pub(in crate::serve) struct Hold {
    pulse: Arc<Pulse>,
    record: Arc<Record>,
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut state = self.pulse.state();
        forget(&mut state.conversations, &self.record);
        state.rest(Instant::now());
        drop(state);
        self.pulse.released.notify_one();
    }
}

impl Pulse {
    /// Counts as an open request until it is dropped; the record is that of the handshake.
    pub(in crate::serve) fn hold(self: &Arc<Self>, record: &Arc<Record>) -> Hold {
        self.state().conversations.push(Arc::clone(record));
        Hold {
            pulse: Arc::clone(self),
            record: Arc::clone(record),
        }
    }

    /// Waits until nobody holds the connection.
    pub(in crate::serve) async fn released(&self) {
        while !self.state().conversations.is_empty() {
            self.released.notified().await;
        }
    }
}
