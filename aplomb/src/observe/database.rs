//! [`DatabaseUse`]: what a request has asked of databases.

mod shown;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Phase;
use crate::database::{Holding, Statement};

/// How many different statements of a request are kept.
const STATEMENTS: usize = 16;
/// How many are told of that run, or wait for a connection.
const OPEN: usize = 8;

/// What a request has asked of databases, and how long that took.
///
/// Times are those of the clock: calls that ran at once count once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DatabaseTimes {
    /// How many statements were sent.
    pub calls: u64,
    /// How many of them failed, or were cut off.
    pub failed: u64,
    /// How long statements ran.
    pub running: Duration,
    /// How long it waited for a connection, while no statement of it ran.
    pub waiting: Duration,
}

/// Where in a request a database was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) phase: Phase,
    /// The dependency, by its place in the plan.
    pub(crate) dependency: Option<u32>,
}

/// What a request has asked of databases.
#[derive(Debug, Default)]
pub(crate) struct DatabaseUse(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    calls: u64,
    failed: u64,
    /// What has begun, in its order.
    open: Vec<Open>,
    /// The number of the next to begin.
    next: u64,
    /// Until when time was charged.
    charged: Option<Instant>,
    places: Vec<PlaceTimes>,
    statements: Vec<StatementTimes>,
    /// How many calls there were of statements that are not kept.
    others: u64,
    /// Who had the connections in the longest wait, and how long that was.
    held_by: Vec<Holding>,
    held_up: Duration,
}

#[derive(Debug)]
struct Open {
    number: u64,
    place: Place,
    database: Arc<str>,
    /// Nothing while it waits for a connection.
    statement: Option<Arc<Statement>>,
    since: Instant,
}

/// How long a request has waited for databases at one place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlaceTimes {
    pub(crate) place: Place,
    pub(crate) running: Duration,
    pub(crate) waiting: Duration,
}

/// How often a request has sent a statement, and how long that took.
#[derive(Clone, Debug)]
pub(crate) struct StatementTimes {
    pub(crate) database: Arc<str>,
    pub(crate) statement: Arc<Statement>,
    pub(crate) calls: u64,
    pub(crate) total: Duration,
    pub(crate) longest: Duration,
}

/// A statement that runs, or a wait for a connection.
#[derive(Clone, Debug)]
pub(crate) struct OpenCall {
    pub(crate) database: Arc<str>,
    /// Nothing while it waits for a connection.
    pub(crate) statement: Option<Arc<Statement>>,
    pub(crate) time: Duration,
}

/// All that is known of what a request has asked of databases until now.
#[derive(Clone, Debug)]
pub(crate) struct DatabaseAccount {
    pub(crate) times: DatabaseTimes,
    pub(crate) places: Vec<PlaceTimes>,
    pub(crate) statements: Vec<StatementTimes>,
    /// How many calls there were of statements that are not kept.
    pub(crate) others: u64,
    pub(crate) open: Vec<OpenCall>,
    /// Who held the connections that it waited for.
    pub(crate) held_by: Vec<Holding>,
}

impl DatabaseUse {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A statement begins, or without one a wait for a connection; its number.
    pub(crate) fn begins(
        &self,
        place: Place,
        database: &Arc<str>,
        statement: Option<&Arc<Statement>>,
    ) -> u64 {
        let mut kept = self.kept();
        let since = kept.charge();
        kept.calls += u64::from(statement.is_some());
        kept.next += 1;
        let number = kept.next;
        kept.open.push(Open {
            number,
            place,
            database: Arc::clone(database),
            statement: statement.cloned(),
            since,
        });
        number
    }

    /// What has this number ends.
    pub(crate) fn ends(&self, number: u64, failed: bool) {
        let mut kept = self.kept();
        let now = kept.charge();
        let Some(place) = kept.open.iter().position(|open| open.number == number) else {
            return;
        };
        let open = kept.open.remove(place);
        let Some(statement) = open.statement else {
            return;
        };
        kept.failed += u64::from(failed);
        let took = now.saturating_duration_since(open.since);
        kept.count(open.database, statement, took);
    }

    /// These had the connections when it began to wait for one, for so long.
    pub(crate) fn was_held_up(&self, time: Duration, by: Vec<Holding>) {
        let mut kept = self.kept();
        if time > kept.held_up {
            (kept.held_up, kept.held_by) = (time, by);
        }
    }

    pub(crate) fn times(&self) -> DatabaseTimes {
        let mut kept = self.kept();
        kept.charge();
        kept.times()
    }

    /// All that is known until now.
    pub(crate) fn account(&self) -> DatabaseAccount {
        let mut kept = self.kept();
        let now = kept.charge();
        let open = kept.open.iter().take(OPEN);
        let open = open.map(|open| OpenCall {
            database: Arc::clone(&open.database),
            statement: open.statement.clone(),
            time: now.saturating_duration_since(open.since),
        });
        let mut statements = kept.statements.clone();
        statements.sort_by_key(|of| std::cmp::Reverse(of.total));
        DatabaseAccount {
            times: kept.times(),
            places: kept.places.clone(),
            statements,
            others: kept.others,
            open: open.collect(),
            held_by: kept.held_by.clone(),
        }
    }
}

impl Kept {
    /// Charges the time until now to what is open: to a statement before a wait, and to what began
    /// last.
    fn charge(&mut self) -> Instant {
        let now = Instant::now();
        let since = self.charged.replace(now).unwrap_or(now);
        let passed = now.saturating_duration_since(since);
        let runs = |open: &&Open| open.statement.is_some();
        let running = self.open.iter().rfind(runs);
        let Some(open) = running.or(self.open.last()) else {
            return now;
        };
        let (place, is_running) = (open.place, open.statement.is_some());
        if !self.places.iter().any(|of| of.place == place) {
            self.places.push(PlaceTimes {
                place,
                running: Duration::ZERO,
                waiting: Duration::ZERO,
            });
        }
        let times = self.places.iter_mut().filter(|of| of.place == place);
        for of in times {
            match is_running {
                true => of.running += passed,
                false => of.waiting += passed,
            }
        }
        now
    }

    fn count(&mut self, database: Arc<str>, statement: Arc<Statement>, took: Duration) {
        let is_same =
            |of: &&mut StatementTimes| of.statement == statement && of.database == database;
        if let Some(of) = self.statements.iter_mut().find(is_same) {
            of.calls += 1;
            of.total += took;
            of.longest = of.longest.max(took);
        } else if self.statements.len() < STATEMENTS {
            self.statements.push(StatementTimes {
                database,
                statement,
                calls: 1,
                total: took,
                longest: took,
            });
        } else {
            self.others += 1;
        }
    }

    fn times(&self) -> DatabaseTimes {
        DatabaseTimes {
            calls: self.calls,
            failed: self.failed,
            running: self.places.iter().map(|of| of.running).sum(),
            waiting: self.places.iter().map(|of| of.waiting).sum(),
        }
    }
}
