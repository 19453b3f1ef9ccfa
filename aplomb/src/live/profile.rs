//! [`take`]: where the time of the processors goes, as a flame graph.

#[cfg(all(
    feature = "profile",
    target_os = "linux",
    target_env = "gnu",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
#[path = "profile/sampled.rs"]
mod sampler;
#[cfg(not(all(
    feature = "profile",
    target_os = "linux",
    target_env = "gnu",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
#[path = "profile/missing.rs"]
mod sampler;

use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, TryLockError};

use super::refusal::Refusal;
use super::registry::Live;

/// What a profile is answered as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, aplomb_macros::Model)]
#[model(crate = crate, serde = false, rename_all = "lowercase")]
pub(crate) enum ProfileFormat {
    /// A flame graph that can be searched and zoomed in a browser.
    Svg,
    /// A stack on each line, and how often it was found: what other tools make graphs of.
    Folded,
}

/// A profile as it is asked for.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false, extra = "forbid", example = {"seconds": 10})]
pub(crate) struct ProfileDefinition {
    /// How long it takes.
    #[field(ge = 1, le = 60, default = 10)]
    pub(crate) seconds: u32,
    /// How many samples there are for each second that a processor works.
    #[field(ge = 1, le = 250, default = 99)]
    pub(crate) frequency: u32,
    /// What it is answered as: `svg` unless `Accept` prefers `text/plain`.
    pub(crate) format: Option<ProfileFormat>,
    /// Who wants it.
    #[field(max_length = 128)]
    pub(crate) owner: Option<String>,
    /// What for.
    #[field(max_length = 256)]
    pub(crate) reason: Option<String>,
}

/// There is one timer and one signal for the whole process.
static ONLY: Mutex<()> = Mutex::new(());

/// Takes a profile, which takes as long as it is asked for: less where whoever asks goes away, which
/// is when the other end of `stay` is dropped.
///
/// # Errors
/// When another one is being taken, or there can be none.
pub(crate) fn take(
    live: &Arc<Live>,
    definition: &ProfileDefinition,
    format: ProfileFormat,
    owner: &str,
    stay: &Receiver<()>,
) -> Result<Vec<u8>, Refusal> {
    let _only = match ONLY.try_lock() {
        Ok(only) => only,
        Err(TryLockError::Poisoned(only)) => only.into_inner(),
        Err(TryLockError::WouldBlock) => {
            let message = "a profile is being taken already; there is one at a time";
            return Err(Refusal::new(409, message));
        }
    };
    sampler::check()?;
    let note = live.audit.profile(definition, owner);
    let taken = sampler::taken(&live.routes, definition, format, stay);
    note.ended(match &taken {
        Ok(_) => "done",
        Err(_) => "refused",
    });
    taken
}
