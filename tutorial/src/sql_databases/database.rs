//! `database.db` in the working directory, opened when it is first needed.

use std::sync::Arc;

use aplomb::prelude::*;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use tokio::sync::OnceCell;

/// The database, shared by everybody who has a copy of this.
#[derive(Clone, Default)]
pub struct Database(Arc<OnceCell<SqlitePool>>);

impl Database {
    /// The connections to the database, whose table is there.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub async fn pool(&self) -> Result<&SqlitePool> {
        self.0
            .get_or_try_init(|| async {
                let options = SqliteConnectOptions::new()
                    .filename("database.db")
                    .create_if_missing(true);
                let pool = SqlitePool::connect_with(options).await?;
                sqlx::query(
                    "CREATE TABLE IF NOT EXISTS hero
                     (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INTEGER, secret_name TEXT NOT NULL)",
                )
                .execute(&pool)
                .await?;
                Ok(pool)
            })
            .await
    }
}

#[dependency]
pub async fn get_pool(database: State<Database>) -> Result<SqlitePool> {
    Ok(database.pool().await?.clone())
}

/// An app whose database is opened before the first request.
pub fn app() -> App {
    let database = Database::default();
    App::new().state(database.clone()).on_startup(move || {
        let database = database.clone();
        async move { database.pool().await.map(drop) }
    })
}
