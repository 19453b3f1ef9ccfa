//! [`Exclusive`]: a dependency's result that one at a time may change.

use std::ops::{Deref, DerefMut};

use tokio::sync::{Mutex, MutexGuard};

/// A value that one at a time may change, for results such as a database transaction.
///
/// The result of a dependency is shared within the request; whoever needs it mutably locks it.
///
/// ```
/// use aplomb::{Depends, Result, dependency};
/// use aplomb::depends::{Exclusive, Outcome, Yield};
///
/// #[derive(Default)]
/// struct Ledger(Vec<String>);
///
/// #[dependency]
/// async fn ledger(give: Yield<Exclusive<Ledger>>) -> Result<()> {
///     let (ledger, outcome) = give.lend(Exclusive::new(Ledger::default())).await;
///     if matches!(outcome, Outcome::Ok) {
///         println!("{:?}", ledger.into_inner().0);
///     }
///     Ok(())
/// }
///
/// async fn pay(ledger: Depends<ledger>) {
///     ledger.lock().await.0.push("paid".to_owned());
/// }
/// ```
#[derive(Debug, Default)]
pub struct Exclusive<T>(Mutex<T>);

impl<T> Exclusive<T> {
    /// A value nobody holds yet.
    pub fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    /// Waits for everybody else and holds the value until the guard is dropped.
    pub async fn lock(&self) -> ExclusiveGuard<'_, T> {
        ExclusiveGuard(self.0.lock().await)
    }

    /// The value, which nobody else can hold.
    pub fn get_mut(&mut self) -> &mut T {
        self.0.get_mut()
    }

    /// The value itself.
    pub fn into_inner(self) -> T {
        self.0.into_inner()
    }
}

impl<T> From<T> for Exclusive<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// The value of an [`Exclusive`] while one holds it.
#[derive(Debug)]
pub struct ExclusiveGuard<'a, T>(MutexGuard<'a, T>);

impl<T> Deref for ExclusiveGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for ExclusiveGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}
