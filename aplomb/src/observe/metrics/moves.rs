//! How often routes changed lanes.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::sink::{Kind, Sink};

/// A route's change of lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// It held a worker.
    ToIsolated,
    /// It has proven light.
    ToInline,
}

/// Lanes belong to the process, and changing them is rare.
static MOVES: [AtomicU64; 2] = [AtomicU64::new(0), AtomicU64::new(0)];

/// Counts a route's change of lane.
pub(crate) fn moved(to: Move) {
    MOVES[to as usize].fetch_add(1, Relaxed);
}

pub(super) fn write(sink: &mut dyn Sink) {
    let name = "aplomb_lane_moves_total";
    sink.metric(name, Kind::Counter, "Changes of a route to another lane.");
    for (to, lane) in [(Move::ToIsolated, "isolated"), (Move::ToInline, "inline")] {
        sink.sample(&[("to", lane)], MOVES[to as usize].load(Relaxed));
    }
}
