//! The levels that are set in this process: callsites belong to no service.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};

use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::Interest;

use super::Level;
use crate::live::hub::Hub;

/// Whether any level is set, for those who must not wait for the lock.
static ANY: AtomicBool = AtomicBool::new(false);
/// The narrower before the wider, the later before the earlier.
static LEVELS: RwLock<Vec<Arc<Level>>> = RwLock::new(Vec::new());

/// Puts other levels in the place of those that the service with this hub has set.
pub(crate) fn replace(hub: &Arc<Hub>, levels: Vec<Arc<Level>>) {
    let mut all = LEVELS.write().unwrap_or_else(PoisonError::into_inner);
    let before = all.len();
    all.retain(|level| !Arc::ptr_eq(&level.hub, hub));
    if levels.is_empty() && all.len() == before {
        return;
    }
    all.extend(levels);
    all.sort_by_key(|level| std::cmp::Reverse((level.rank(), level.probe.created)));
    ANY.store(!all.is_empty(), Relaxed);
    drop(all);
    tracing::callsite::rebuild_interest_cache();
}

/// Whether any level is set.
#[inline]
pub(crate) fn is_any() -> bool {
    ANY.load(Relaxed)
}

/// The level that decides about a callsite now, on this thread.
#[inline]
pub(super) fn deciding(callsite: &Metadata<'_>) -> Option<Arc<Level>> {
    match is_any() {
        true => found(callsite),
        false => None,
    }
}

#[cold]
fn found(callsite: &Metadata<'_>) -> Option<Arc<Level>> {
    let levels = LEVELS.read().unwrap_or_else(PoisonError::into_inner);
    let deciding = levels.iter().find(|level| level.decides(callsite));
    deciding.cloned()
}

/// Whether a callsite has to ask each time that it is reached, which usually has this interest.
pub(super) fn interest(callsite: &Metadata<'_>, usual: Interest) -> Interest {
    if !is_any() {
        return usual;
    }
    let levels = LEVELS.read().unwrap_or_else(PoisonError::into_inner);
    let mut concerned = levels
        .iter()
        .filter(|level| level.directive.concerns(callsite))
        .peekable();
    let silent = usual.is_never() && !concerned.clone().any(|one| one.directive.allows(callsite));
    match concerned.peek().is_none() || silent {
        true => usual,
        false => Interest::sometimes(),
    }
}

/// The most verbose level that anything may have.
pub(super) fn most() -> LevelFilter {
    let levels = LEVELS.read().unwrap_or_else(PoisonError::into_inner);
    let most = levels.iter().map(|level| level.directive.most()).max();
    most.unwrap_or(LevelFilter::OFF)
}
