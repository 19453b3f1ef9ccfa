//! What the lanes of this process are doing, in numbers.

pub(crate) use super::line::Figures as Isolated;
use super::polls::{self, Times};
use super::{isolated, spare};

/// What the lanes of this process are doing.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) isolated: Isolated,
    /// What polls took, and how long operations waited for a thread.
    pub(crate) times: Times,
    /// Spare workers that rest.
    pub(crate) resting: usize,
    /// How often one was released.
    pub(crate) released: u64,
}

/// What the lanes are doing now, and have done since the process started.
pub(crate) fn figures() -> Figures {
    let resting = spare::all().iter().map(|spares| spares.resting()).sum();
    Figures {
        isolated: isolated::figures(),
        times: polls::times(),
        resting,
        released: spare::released(),
    }
}
