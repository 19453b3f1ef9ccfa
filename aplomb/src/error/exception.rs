//! [`Exception`]: what an error can be looked at as, and handlers by it.

use std::any::TypeId;
use std::collections::HashMap;
use std::error::Error as StdError;

use super::{Error, Foreign, HttpException, Kind, RequestValidationError};

/// What can be raised, and has handlers: [`HttpException`], [`RequestValidationError`], and every
/// error.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can never be raised",
    label = "expected `HttpException`, `RequestValidationError` or a type with `std::error::Error`"
)]
pub trait Exception: Send + Sync + 'static {
    /// The error as this type, where it is one.
    #[doc(hidden)]
    fn of(error: &Error) -> Option<&Self>;
}

impl Exception for HttpException {
    fn of(error: &Error) -> Option<&Self> {
        error.http()
    }
}

impl Exception for RequestValidationError {
    fn of(error: &Error) -> Option<&Self> {
        error.validation()
    }
}

/// Also one that came in a box, as those of tower layers do.
impl<E: StdError + Send + Sync + 'static> Exception for E {
    fn of(error: &Error) -> Option<&Self> {
        let Kind::Other(error) = &*error.0 else {
            return None;
        };
        let error = error.as_any();
        let boxed = || error.downcast_ref::<Foreign>()?.0.downcast_ref();
        error.downcast_ref().or_else(boxed)
    }
}

/// Handlers by the type of the errors that they are for.
#[derive(Clone, Debug)]
pub(crate) struct ByType<H>(HashMap<TypeId, Entry<H>>);

#[derive(Clone, Debug)]
struct Entry<H> {
    is: fn(&Error) -> bool,
    handler: H,
}

impl<H> Default for ByType<H> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<H> ByType<H> {
    /// Puts a handler in the place of the one that errors of this type had.
    pub(crate) fn insert<E: Exception>(&mut self, handler: H) {
        let is: fn(&Error) -> bool = |error| E::of(error).is_some();
        self.0.insert(TypeId::of::<E>(), Entry { is, handler });
    }

    /// The handler of an error.
    pub(crate) fn get(&self, error: &Error) -> Option<&H> {
        let found = match error.kind() {
            Some(kind) => self.0.get(&kind),
            // The box does not tell its type, only whether it is a certain one.
            None => self.0.values().find(|entry| (entry.is)(error)),
        };
        found.map(|entry| &entry.handler)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
