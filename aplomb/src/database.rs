//! Databases, as the requests of a service use them: how long each statement runs, how long a
//! request waits for a connection, and who has it meanwhile.
//!
//! What is told of goes to the record of the request ([`Record::database`]), and from there to
//! `Server-Timing`, the flight recorder, `aplomb live why` and the console; to the metrics; to a span
//! of `tracing` for each statement; and to live probes at the point `@database`.
//!
//! With the feature `sqlx`, [`Pool`] tells all of it by itself. For other clients there is
//! [`Database`], which is told when a statement begins and ends.
//!
//! What is shown of a statement is its text without the values in it: numbers and quoted texts are
//! `?`, comments are left out. What is bound to its parameters is never looked at.
//!
//! [`Record::database`]: crate::observe::Record::database

mod call;
mod connecting;
#[cfg(feature = "sqlx")]
mod connection;
mod figures;
#[cfg(feature = "sqlx")]
mod pool;
#[cfg(feature = "sqlx")]
mod sent;
mod statement;
#[cfg(feature = "sqlx")]
mod told;
#[cfg(feature = "sqlx")]
mod transaction;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, RwLock, Weak};

pub use call::Call;
pub(crate) use call::PassedCall;
use connecting::Holders;
pub(crate) use connecting::Holding;
pub use connecting::{Connected, Connecting};
#[cfg(feature = "sqlx")]
pub use connection::Connection;
#[cfg(feature = "sqlx")]
use connection::{Answer, Steps};
pub(crate) use figures::{Connections, Figures, OperationFigures};
#[cfg(feature = "sqlx")]
pub use pool::Pool;
pub(crate) use statement::{Operation, Statement};
#[cfg(feature = "sqlx")]
pub use transaction::Transaction;

/// What the spans of statements have for their target.
pub(crate) const SPANS: &str = "aplomb::database";

/// How many statements of a database are remembered as they are shown, and how long they are at the
/// most, in bytes: who builds a text for each call must not fill the memory.
const REMEMBERED: usize = 1000;
const LONGEST: usize = 4096;

/// All databases of the process.
static ALL: LazyLock<Mutex<Vec<Weak<Inner>>>> = LazyLock::new(Mutex::default);

/// A database that handlers and dependencies use, by its name.
///
/// It is told of each statement, and in it the request whose handler, dependency, middleware or
/// answer to an error is being polled finds itself: nothing has to be handed on, also by functions
/// that block. What is asked in a task of its own (`tokio::spawn`) or in the background counts in the
/// metrics alone.
///
/// ```
/// use aplomb::database::Database;
/// use aplomb::prelude::*;
/// use aplomb::testing::TestClient;
///
/// # struct Client;
/// # impl Client { async fn rows(&self, _: &str) -> Result<Vec<String>> { Ok(vec!["fork".into()]) } }
/// #[get("/items")]
/// async fn items(database: State<Database>) -> Result<Vec<String>> {
/// #   let client = Client;
///     let statement = "SELECT name FROM items";
///     let mut call = database.call(statement);
///     let rows = client.rows(statement).await;
///     match &rows {
///         Ok(rows) => call.rows(rows.len() as u64),
///         Err(_) => call.fail(),
///     }
///     drop(call);
///     rows
/// }
///
/// let app = App::new().state(Database::named("shop")).routes(routes![items]);
/// let answer = TestClient::new(app).get("/items").send();
/// assert_eq!(answer.json(), json!(["fork"]));
/// ```
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    name: Arc<str>,
    /// Whether what is between double quotes is a name, and not a value.
    quotes_names: bool,
    statements: RwLock<HashMap<Box<str>, Arc<Statement>>>,
    figures: Mutex<Figures>,
    holders: Holders,
    connections: Box<dyn Fn() -> Connections + Send + Sync>,
}

impl Database {
    /// A database of this name, which is one value of the label `database` in the metrics.
    pub fn named(name: &str) -> Self {
        Self::made(name, false, Connections::default)
    }

    pub(crate) fn made(
        name: &str,
        quotes_names: bool,
        connections: impl Fn() -> Connections + Send + Sync + 'static,
    ) -> Self {
        let inner = Arc::new(Inner {
            name: name.into(),
            quotes_names,
            statements: RwLock::default(),
            figures: Mutex::default(),
            holders: Holders::default(),
            connections: Box::new(connections),
        });
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| one.strong_count() > 0);
        all.push(Arc::downgrade(&inner));
        Self(inner)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// A statement is sent; it runs until the [`Call`] is dropped.
    pub fn call(&self, statement: &str) -> Call {
        Call::new(self, statement, None)
    }

    /// A connection is asked for, from a pool or by opening one.
    ///
    /// ```
    /// use aplomb::database::Database;
    ///
    /// let database = Database::named("shop");
    /// let connecting = database.connect();
    /// // Here the client waits for its connection.
    /// let mut connected = connecting.connected();
    /// let call = connected.call("DELETE FROM carts");
    /// ```
    pub fn connect(&self) -> Connecting {
        Connecting::new(self)
    }

    /// Its connections, as its pool knows them, or as far as they were told.
    fn connections(&self) -> Connections {
        let connections = (self.0.connections)();
        match connections.most {
            0 => Connections {
                used: self.0.holders.count(),
                ..connections
            },
            _ => connections,
        }
    }

    fn figures(&self) -> MutexGuard<'_, Figures> {
        self.0
            .figures
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The statement of a text, as it may be shown.
    fn statement(&self, text: &str) -> Arc<Statement> {
        let known = self.0.statements.read();
        let known = known.unwrap_or_else(PoisonError::into_inner);
        if let Some(statement) = known.get(text) {
            return Arc::clone(statement);
        }
        drop(known);
        let statement = Arc::new(Statement::of(text, self.0.quotes_names));
        if text.len() <= LONGEST {
            let known = self.0.statements.write();
            let mut known = known.unwrap_or_else(PoisonError::into_inner);
            if known.len() >= REMEMBERED {
                // Those that are still sent come back.
                known.clear();
            }
            known.insert(text.into(), Arc::clone(&statement));
        }
        statement
    }

    /// The figures of all databases of the process by name, those of one name together.
    pub(crate) fn all() -> Vec<(Arc<str>, Figures)> {
        let all = ALL.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut named: std::collections::BTreeMap<Arc<str>, Figures> = Default::default();
        for inner in all.iter().filter_map(Weak::upgrade) {
            let database = Self(inner);
            let sum = named.entry(Arc::clone(&database.0.name)).or_default();
            sum.add(&database.figures());
            sum.connections.add(database.connections());
        }
        named.into_iter().collect()
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Database")
            .field(&self.0.name)
            .finish()
    }
}
