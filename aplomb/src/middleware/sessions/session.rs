//! [`Session`]: the values of one client.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::argument::{Argument, Source};
use crate::http::Request;
use crate::json::{Object, Value};
use crate::operation::{Binder, Parameter};

/// The values that one client keeps from request to request; see [`Sessions`](super::Sessions).
///
/// Handlers and dependencies take it as an argument. It is sent to the client only if it changed.
#[derive(Clone, Default)]
pub struct Session(Arc<Mutex<Values>>);

#[derive(Default)]
struct Values {
    values: Object,
    accessed: bool,
    modified: bool,
}

/// What became of a session.
pub(super) struct End {
    pub(super) accessed: bool,
    pub(super) modified: bool,
    /// Nothing where it is empty.
    pub(super) values: Option<Object>,
}

impl Session {
    /// A session without values, for calling a handler from a unit test.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn of(values: Object) -> Self {
        Self(Arc::new(Mutex::new(Values {
            values,
            ..Values::default()
        })))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<Value> {
        self.lock().values.get(key).cloned()
    }

    /// Whether there is a value of this key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.lock().values.contains_key(key)
    }

    /// The keys in the order they were added.
    pub fn keys(&self) -> Vec<String> {
        self.lock().values.keys().cloned().collect()
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.lock().values.len()
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Sets a value.
    pub fn insert(&self, key: impl Into<String>, value: impl Into<Value>) {
        let mut held = self.lock();
        held.modified = true;
        held.values.insert(key.into(), value.into());
    }

    /// Takes a value out.
    pub fn remove(&self, key: &str) -> Option<Value> {
        let mut held = self.lock();
        let removed = held.values.shift_remove(key);
        held.modified |= removed.is_some();
        removed
    }

    /// Takes every value out, which ends the session.
    pub fn clear(&self) {
        let mut held = self.lock();
        held.modified = true;
        held.values.clear();
    }

    pub(super) fn end(&self) -> End {
        let held = self.lock();
        End {
            accessed: held.accessed || held.modified,
            modified: held.modified,
            values: (held.modified && !held.values.is_empty()).then(|| held.values.clone()),
        }
    }

    fn accessed(&self) -> Self {
        self.lock().accessed = true;
        self.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Values> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Request {
    /// The session of the client; none without [`Sessions`](super::Sessions).
    pub fn session(&self) -> Option<Session> {
        self.extensions().get::<Session>().map(Session::accessed)
    }
}

impl Argument for Session {
    const SOURCE: Source = Source::Context;

    fn bind(binder: &mut Binder<'_>, _: &'static Parameter) -> Option<Self> {
        let session = binder.request().session();
        if session.is_none() {
            *binder.fatal = Some(NoSessions.into());
        }
        session
    }
}

/// Names only: the values may be private.
impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Session")
            .field(&self.keys())
            .finish()
    }
}

/// Why a handler got no session.
#[derive(Debug)]
struct NoSessions;

impl fmt::Display for NoSessions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "a handler takes a `Session`, and nothing gives it one: \
             add `.middleware(Sessions::new(secret))` to the app",
        )
    }
}

impl std::error::Error for NoSessions {}
