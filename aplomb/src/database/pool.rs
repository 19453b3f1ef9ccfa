//! [`Pool`]: sqlx's pool of connections, watched.

use std::fmt;

use sqlx::pool::PoolConnection;
use sqlx::{Executor, Result};

use super::sent::Sent;
use super::{Connected, Connection, Connections, Database, Transaction};

/// A pool of sqlx that tells how long requests wait for its connections and for their statements.
///
/// It goes wherever sqlx takes an executor, and so do the [`Connection`] that
/// [`acquire`](Self::acquire) gives and the [`Transaction`] that [`begin`](Self::begin) gives. Cloning
/// it is cheap.
///
/// ```
/// use aplomb::database::Pool;
/// use aplomb::prelude::*;
/// use aplomb::testing::TestClient;
/// use sqlx::Sqlite;
///
/// #[get("/items")]
/// async fn items(pool: State<Pool<Sqlite>>) -> Result<Vec<String>> {
///     let names = sqlx::query_scalar("SELECT name FROM items ORDER BY name");
///     Ok(names.fetch_all(&*pool).await?)
/// }
///
/// #[post("/items")]
/// async fn add(pool: State<Pool<Sqlite>>, name: String) -> Result<()> {
///     let mut transaction = pool.begin().await?;
///     let insert = sqlx::query("INSERT INTO items (name) VALUES (?)").bind(name);
///     insert.execute(&mut *transaction).await?;
///     Ok(transaction.commit().await?)
/// }
/// # let runtime = tokio::runtime::Runtime::new()?;
/// # let _within = runtime.enter();
/// let options = sqlx::pool::PoolOptions::<Sqlite>::new().max_connections(1);
/// let pool = Pool::new("shop", options.connect_lazy("sqlite::memory:")?);
/// # runtime.block_on(sqlx::query("CREATE TABLE items (name TEXT)").execute(&pool))?;
/// let app = App::new().state(pool).routes(routes![items, add]);
/// let client = TestClient::new(app);
/// client.post("/items?name=fork").send().assert_status(200);
/// assert_eq!(client.get("/items").send().json(), json!(["fork"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Pool<DB: sqlx::Database> {
    pool: sqlx::Pool<DB>,
    database: Database,
}

impl<DB: sqlx::Database> Pool<DB> {
    /// A pool of connections to a database that is called so in metrics, traces and probes.
    pub fn new(name: &str, pool: sqlx::Pool<DB>) -> Self {
        // MySQL takes what is between double quotes for a value, and SQLite where nothing is called so.
        let quotes_names = DB::NAME == "PostgreSQL";
        let watched = pool.clone();
        let connections = move || {
            let (size, idle) = (u64::from(watched.size()), watched.num_idle() as u64);
            Connections {
                used: size.saturating_sub(idle),
                idle,
                most: u64::from(watched.options().get_max_connections()),
            }
        };
        Self {
            pool,
            database: Database::made(name, quotes_names, connections),
        }
    }

    /// The pool of sqlx; what is asked through it is not told.
    pub fn inner(&self) -> &sqlx::Pool<DB> {
        &self.pool
    }

    /// A connection for as long as it is held.
    ///
    /// # Errors
    /// As [`sqlx::Pool::acquire`].
    pub async fn acquire(&self) -> Result<Connection<DB>> {
        let (connection, connected) = self.connect().await?;
        Ok(Connection::of_pool(connection, connected))
    }

    /// A connection with a transaction, which is rolled back unless it is committed.
    ///
    /// # Errors
    /// As [`sqlx::Pool::begin`].
    pub async fn begin(&self) -> Result<Transaction<DB>> {
        let (connection, connected) = self.connect().await?;
        Transaction::begin(connection, connected).await
    }

    async fn connect(&self) -> Result<(PoolConnection<DB>, Connected)> {
        let connecting = self.database.connect();
        let connection = self.pool.acquire().await?;
        Ok((connection, connecting.connected()))
    }
}

impl<DB: sqlx::Database> Clone for Pool<DB> {
    fn clone(&self) -> Self {
        Self {
            pool: self.pool.clone(),
            database: self.database.clone(),
        }
    }
}

impl<DB: sqlx::Database> fmt::Debug for Pool<DB> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Pool")
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

impl<'p, DB: sqlx::Database> Executor<'p> for &'_ Pool<DB>
where
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
    type Database = DB;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> super::Steps<'e, DB>
    where
        'p: 'e,
        E: 'q + sqlx::Execute<'q, DB>,
    {
        let pool = self.clone();
        let (statement, query) = Sent::of(query);
        Box::pin(async_stream::try_stream! {
            let mut connection = pool.acquire().await?;
            let mut steps = connection.send(&statement, query);
            while let Some(step) = futures_util::StreamExt::next(&mut steps).await {
                yield step?;
            }
        })
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> super::Answer<'e, Option<DB::Row>>
    where
        'p: 'e,
        E: 'q + sqlx::Execute<'q, DB>,
    {
        let pool = self.clone();
        let (statement, query) = Sent::of(query);
        Box::pin(async move {
            let mut connection = pool.acquire().await?;
            connection.send_for_one(&statement, query).await
        })
    }

    fn prepare_with<'e>(
        self,
        sql: sqlx::SqlStr,
        parameters: &'e [DB::TypeInfo],
    ) -> super::Answer<'e, DB::Statement>
    where
        'p: 'e,
    {
        let pool = self.clone();
        Box::pin(async move { pool.acquire().await?.prepare(sql, parameters).await })
    }

    fn describe<'e>(self, sql: sqlx::SqlStr) -> super::Answer<'e, sqlx::Describe<DB>>
    where
        'p: 'e,
    {
        let pool = self.pool.clone();
        Box::pin(async move { pool.describe(sql).await })
    }
}
