//! [`Connection`]: one connection of a pool, watched.

use std::fmt;

use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use sqlx::pool::PoolConnection;
use sqlx::{Either, Execute, Executor, Result, SqlStr};

use super::Connected;
use super::sent::Sent;

/// What a statement gives, a step at a time.
pub(super) type Steps<'e, DB> =
    BoxStream<'e, Result<Either<<DB as sqlx::Database>::QueryResult, <DB as sqlx::Database>::Row>>>;

/// What a statement gives at its end.
pub(super) type Answer<'e, T> = BoxFuture<'e, Result<T>>;

/// One connection of a pool: all statements that are sent by it go to the same.
///
/// [`Pool::acquire`](super::Pool::acquire) gives one; `&mut connection` is what sqlx sends statements
/// by.
pub struct Connection<DB: sqlx::Database> {
    session: Session<DB>,
    connected: Connected,
}

/// What a connection is held for.
pub(super) enum Session<DB: sqlx::Database> {
    Connection(PoolConnection<DB>),
    Transaction(sqlx::Transaction<'static, DB>),
}

impl<DB: sqlx::Database> Connection<DB> {
    pub(super) fn new(session: Session<DB>, connected: Connected) -> Self {
        Self { session, connected }
    }

    pub(super) fn of_pool(connection: PoolConnection<DB>, connected: Connected) -> Self {
        Self::new(Session::Connection(connection), connected)
    }

    pub(super) fn into_parts(self) -> (Session<DB>, Connected) {
        (self.session, self.connected)
    }

    /// The connection of sqlx; what is asked through it is not told.
    pub fn inner(&mut self) -> &mut DB::Connection {
        match &mut self.session {
            Session::Connection(connection) => connection,
            Session::Transaction(transaction) => transaction,
        }
    }

    /// Sends a query.
    pub(super) fn send<'e>(&'e mut self, statement: &SqlStr, query: Sent<DB>) -> Steps<'e, DB>
    where
        for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    {
        let call = self.connected.call(statement.as_str());
        Box::pin(call.steps(self.inner().fetch_many(query)))
    }

    /// Sends a query of which one row is wanted.
    pub(super) async fn send_for_one(
        &mut self,
        statement: &SqlStr,
        query: Sent<DB>,
    ) -> Result<Option<DB::Row>>
    where
        for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    {
        let call = self.connected.call(statement.as_str());
        call.row(self.inner().fetch_optional(query)).await
    }

    pub(super) async fn prepare(
        &mut self,
        sql: SqlStr,
        parameters: &[DB::TypeInfo],
    ) -> Result<DB::Statement>
    where
        for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    {
        let call = self.connected.call(sql.as_str());
        call.answer(self.inner().prepare_with(sql, parameters))
            .await
    }
}

impl<DB: sqlx::Database> fmt::Debug for Connection<DB> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Connection")
            .field("connected", &self.connected)
            .finish_non_exhaustive()
    }
}

impl<'c, DB: sqlx::Database> Executor<'c> for &'c mut Connection<DB>
where
    for<'a> &'a mut DB::Connection: Executor<'a, Database = DB>,
{
    type Database = DB;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> Steps<'e, DB>
    where
        'c: 'e,
        E: 'q + Execute<'q, DB>,
    {
        let (statement, query) = Sent::of(query);
        self.send(&statement, query)
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> Answer<'e, Option<DB::Row>>
    where
        'c: 'e,
        E: 'q + Execute<'q, DB>,
    {
        let (statement, query) = Sent::of(query);
        Box::pin(async move { self.send_for_one(&statement, query).await })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [DB::TypeInfo],
    ) -> Answer<'e, DB::Statement>
    where
        'c: 'e,
    {
        Box::pin(self.prepare(sql, parameters))
    }

    fn describe<'e>(self, sql: SqlStr) -> Answer<'e, sqlx::Describe<DB>>
    where
        'c: 'e,
    {
        self.inner().describe(sql)
    }
}
