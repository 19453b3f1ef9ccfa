//! [`Given`]: the result of a dependency, which goes back to its lender with the last who has it.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::{DependencyFuture, Shared};
use crate::error::{Error, HttpException};
use crate::observe::Current;

/// The result of a dependency as it is shared.
#[derive(Debug)]
pub(crate) struct Given<T> {
    /// There until this is dropped or taken apart.
    value: Option<T>,
    lender: Option<oneshot::Sender<T>>,
}

impl<T> Given<T> {
    /// A result that nobody wants back.
    pub(crate) fn new(value: T) -> Self {
        Self {
            value: Some(value),
            lender: None,
        }
    }

    /// A result that goes back to where it came from.
    pub(crate) fn lent(value: T, lender: oneshot::Sender<T>) -> Self {
        Self {
            value: Some(value),
            lender: Some(lender),
        }
    }

    pub(crate) fn get(&self) -> &T {
        match &self.value {
            Some(value) => value,
            None => unreachable!("the value is there as long as anybody has it"),
        }
    }

    /// The value; the lender, if there is one, keeps the original.
    pub(crate) fn into_inner(mut self) -> T
    where
        T: Clone,
    {
        match (&self.lender, self.value.take()) {
            (None, Some(value)) => value,
            (_, value) => {
                self.value = value;
                self.get().clone()
            }
        }
    }
}

impl<T> Drop for Given<T> {
    fn drop(&mut self) {
        if let (Some(value), Some(lender)) = (self.value.take(), self.lender.take()) {
            // A lender that is gone wants nothing back.
            let _ = lender.send(value);
        }
    }
}

/// Makes what a function gives the result of a dependency.
pub fn share<T, F>(future: F) -> DependencyFuture
where
    T: Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
{
    Box::pin(async move {
        let shared: Shared = Arc::new(Given::new(future.await));
        Ok(shared)
    })
}

/// Makes what a function gives, if it does not fail, the result of a dependency.
pub fn share_result<T, E, F>(future: F) -> DependencyFuture
where
    T: Send + Sync + 'static,
    E: Into<Error>,
    F: Future<Output = Result<T, E>> + Send + 'static,
{
    Box::pin(async move {
        let value = future.await.map_err(Into::into)?;
        let shared: Shared = Arc::new(Given::new(value));
        Ok(shared)
    })
}

/// Makes what a function that blocks gives the result of a dependency; it runs on a thread where
/// that hurts nobody.
pub fn share_blocking<T, E, F>(function: F) -> DependencyFuture
where
    T: Send + Sync + 'static,
    E: Into<Error> + Send + 'static,
    F: FnOnce() -> Result<T, E> + Send + 'static,
{
    share_result(async move {
        match tokio::task::spawn_blocking(Current::during(function)).await {
            Ok(result) => result.map_err(Into::into),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(HttpException::status_only(503).into()),
            },
        }
    })
}
