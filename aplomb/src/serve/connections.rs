//! [`Connections`]: all connections of a server, for whoever asks what is open.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::pulse::Pulse;
use super::unfinished::Unfinished;

/// The connections of a server, and those that have gone but whose requests go on.
#[derive(Default)]
pub(super) struct Connections(Mutex<Numbered>);

#[derive(Default)]
struct Numbered {
    next: u64,
    all: HashMap<u64, Weak<Pulse>>,
}

impl Connections {
    /// Takes in what a connection is doing, made with the number under which it is
    /// [taken out](Self::remove).
    pub(super) fn insert(&self, pulse: impl FnOnce(u64) -> Pulse) -> Arc<Pulse> {
        let mut numbered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = numbered.next;
        numbered.next += 1;
        let pulse = Arc::new(pulse(number));
        numbered.all.insert(number, Arc::downgrade(&pulse));
        pulse
    }

    /// Forgets a connection.
    pub(super) fn remove(&self, number: u64) {
        let mut numbered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        numbered.all.remove(&number);
    }

    /// What is unfinished on all of them.
    pub(super) fn unfinished(&self) -> Vec<Unfinished> {
        // The last hold on a pulse takes it out of here, so none may go while this is locked.
        let pulses: Vec<Arc<Pulse>> = {
            let numbered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            numbered.all.values().filter_map(Weak::upgrade).collect()
        };
        pulses.iter().flat_map(|pulse| pulse.unfinished()).collect()
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connections")
    }
}
