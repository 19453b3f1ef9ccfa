//! The lock and the bell of the lanes as models know them.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

pub(crate) use loom::sync::{Arc, Condvar, Mutex};

/// A lock that is held, and which it is.
pub(crate) struct MutexGuard<'a, T> {
    mutex: &'a Mutex<T>,
    guard: loom::sync::MutexGuard<'a, T>,
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    let guard = mutex.lock().expect("no panic");
    MutexGuard { mutex, guard }
}

pub(crate) fn wait<'a, T>(bell: &Condvar, held: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    let (mutex, guard) = (held.mutex, bell.wait(held.guard).expect("no panic"));
    MutexGuard { mutex, guard }
}

/// No time passes in the model: who waits for none hears no bell, and others wait for ever.
pub(crate) fn wait_for<'a, T>(
    bell: &Condvar,
    held: MutexGuard<'a, T>,
    time: Duration,
) -> (MutexGuard<'a, T>, bool) {
    if time > Duration::ZERO {
        return (wait(bell, held), false);
    }
    let mutex = held.mutex;
    drop(held);
    loom::thread::yield_now();
    (lock(mutex), true)
}
