//! The lock of [`turns`](super::turns), which a model of its concurrency replaces.

pub(super) use std::sync::{Mutex, MutexGuard};

/// Locks, also after a panic: nothing is left half done.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
