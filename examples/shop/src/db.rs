//! The database: SQLite in a file, or PostgreSQL.

use std::str::FromStr;
use std::time::Duration;

use aplomb::database::{Pool, Transaction};
use aplomb::depends::{Exclusive, Outcome, Yield};
use aplomb::prelude::*;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, ConnectOptions};

/// Readers beside a writer, writers that wait for each other, and references that hold.
const SQLITE: [&str; 3] = [
    "PRAGMA journal_mode = WAL",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA foreign_keys = ON",
];

/// A pool of connections to the shop's database.
#[derive(Clone)]
pub struct Db {
    pool: Pool<Any>,
    url: String,
}

impl Db {
    /// Connects and brings the tables up to date.
    ///
    /// # Errors
    /// When the database cannot be reached or migrated, or would not be the same for each connection.
    pub async fn connect(url: &str) -> Result<Self> {
        if is_in_memory(url) {
            let why = format!(
                "{url}: in memory each connection would have a database of its own; name a file, \
                 such as sqlite:shop.db"
            );
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, why).into());
        }
        sqlx::any::install_default_drivers();
        let sqlite = url.starts_with("sqlite:");
        let target = if sqlite && !url.contains('?') {
            format!("{url}?mode=rwc")
        } else {
            url.to_owned()
        };
        let options = AnyConnectOptions::from_str(&target)?.disable_statement_logging();
        let pool = AnyPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(Duration::from_secs(5))
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if sqlite {
                        for pragma in SQLITE {
                            sqlx::query(pragma).execute(&mut *connection).await?;
                        }
                    }
                    Ok(())
                })
            })
            .connect_with(options)
            .await?;
        let migrator = if sqlite {
            sqlx::migrate!("migrations/sqlite")
        } else {
            sqlx::migrate!("migrations/postgres")
        };
        migrator.run(&pool).await?;
        Ok(Self {
            pool: Pool::new("shop", pool),
            url: url.to_owned(),
        })
    }

    /// The pool itself.
    pub fn pool(&self) -> &Pool<Any> {
        &self.pool
    }

    /// Which database this is, without its password.
    pub fn describe(&self) -> String {
        let bare = self.url.split('?').next().unwrap_or_default();
        if let Some(file) = bare.strip_prefix("sqlite:") {
            return format!("SQLite in {}", file.trim_start_matches("//"));
        }
        let place = bare.split_once("://").map_or(bare, |(_, place)| place);
        let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
        format!("PostgreSQL at {place}")
    }
}

/// Whether SQLite keeps the database in memory, or in a file without a name, which is no different.
fn is_in_memory(url: &str) -> bool {
    let Some(place) = url.strip_prefix("sqlite:") else {
        return false;
    };
    let (file, parameters) = place.split_once('?').unwrap_or((place, ""));
    let file = file.trim_start_matches("//");
    let named = parameters.split('&').any(|one| one == "mode=memory");
    named || file.is_empty() || file == ":memory:"
}

/// A transaction that is committed if the handler succeeds, before the answer is sent.
#[dependency(scope = "function")]
pub async fn transaction(db: State<Db>, give: Yield<Exclusive<Transaction<Any>>>) -> Result<()> {
    let begun = db.pool().begin().await?;
    let (begun, outcome) = give.lend(Exclusive::new(begun)).await;
    match outcome {
        Outcome::Ok => begun.into_inner().commit().await?,
        Outcome::Failed(_) | Outcome::Cancelled => begun.into_inner().rollback().await?,
    }
    Ok(())
}
