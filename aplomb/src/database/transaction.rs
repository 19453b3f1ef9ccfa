//! [`Transaction`]: statements that all take effect, or none of them.

use std::ops::{Deref, DerefMut};

use sqlx::Result;
use sqlx::pool::PoolConnection;

use super::connection::Session;
use super::{Connected, Connection};

/// Statements that all take effect, or none: they are undone unless it is committed.
///
/// [`Pool::begin`](super::Pool::begin) gives one, with an example; `&mut *transaction` is what sqlx
/// sends statements by.
#[derive(Debug)]
pub struct Transaction<DB: sqlx::Database>(Connection<DB>);

impl<DB: sqlx::Database> Transaction<DB> {
    pub(super) async fn begin(
        connection: PoolConnection<DB>,
        mut connected: Connected,
    ) -> Result<Self> {
        let call = connected.call("BEGIN");
        let begun = call
            .answer(sqlx::Transaction::begin(connection, None))
            .await?;
        Ok(Self(Connection::new(
            Session::Transaction(begun),
            connected,
        )))
    }

    /// Makes its statements take effect.
    ///
    /// # Errors
    /// As [`sqlx::Transaction::commit`].
    pub async fn commit(self) -> Result<()> {
        let (session, mut connected) = self.0.into_parts();
        let Session::Transaction(transaction) = session else {
            return Err(swapped());
        };
        connected.call("COMMIT").answer(transaction.commit()).await
    }

    /// Undoes its statements.
    ///
    /// # Errors
    /// As [`sqlx::Transaction::rollback`].
    pub async fn rollback(self) -> Result<()> {
        let (session, mut connected) = self.0.into_parts();
        let Session::Transaction(transaction) = session else {
            return Err(swapped());
        };
        let call = connected.call("ROLLBACK");
        call.answer(transaction.rollback()).await
    }
}

/// Somebody has put another connection in the place of the transaction's.
fn swapped() -> sqlx::Error {
    sqlx::Error::Protocol("the connection has no transaction".to_owned())
}

impl<DB: sqlx::Database> Deref for Transaction<DB> {
    type Target = Connection<DB>;

    fn deref(&self) -> &Connection<DB> {
        &self.0
    }
}

impl<DB: sqlx::Database> DerefMut for Transaction<DB> {
    fn deref_mut(&mut self) -> &mut Connection<DB> {
        &mut self.0
    }
}
