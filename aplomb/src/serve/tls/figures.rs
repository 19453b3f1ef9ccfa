//! How handshakes went.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How a handshake went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handshake {
    Done,
    /// One side does not take what the other says, or it is no TLS.
    Failed,
    /// The client was gone before, or has said nothing.
    Left,
    /// It took longer than a head may.
    Late,
}

impl Handshake {
    pub(crate) const ALL: [Self; 4] = [Self::Done, Self::Failed, Self::Left, Self::Late];

    /// As metrics spell it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Left => "left",
            Self::Late => "late",
        }
    }
}

static COUNTS: [AtomicU64; Handshake::ALL.len()] = [const { AtomicU64::new(0) }; _];

pub(super) fn count(how: Handshake) {
    COUNTS[how as usize].fetch_add(1, Relaxed);
}

/// How many handshakes of this process went so.
pub(crate) fn handshakes(how: Handshake) -> u64 {
    COUNTS[how as usize].load(Relaxed)
}
