//! [`State`]: a value that lives as long as the application.

use std::any::{TypeId, type_name};
use std::ops::Deref;
use std::sync::Arc;

use crate::argument::{Argument, Requirement, Source};
use crate::operation::{Binder, Parameter};

/// A value of the application, such as a pool or settings, as an argument.
///
/// Give it with [`App::state`](crate::App::state). An application whose handlers ask for a state
/// nobody gave does not start.
///
/// ```
/// use aplomb::State;
///
/// struct Settings { page_size: usize }
/// let settings = State::new(Settings { page_size: 20 });
/// assert_eq!(settings.page_size, 20);
/// ```
#[derive(Debug)]
pub struct State<T>(Arc<T>);

impl<T> State<T> {
    /// A state for calling a handler from a unit test.
    pub fn new(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Send + Sync + 'static> Argument for State<T> {
    const SOURCE: Source = Source::Context;

    fn bind(binder: &mut Binder<'_>, _: &'static Parameter) -> Option<Self> {
        binder.request().state::<T>().map(Self)
    }

    fn requires() -> Option<Requirement> {
        Some(Requirement {
            type_id: TypeId::of::<T>(),
            name: type_name::<T>(),
        })
    }
}
