//! [`Connecting`] and [`Connected`]: waiting for a connection, and having one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Call, Database};
use crate::observe::{Current, Record};

/// A shorter wait is no reason to tell who had the connections.
const LONG: Duration = Duration::from_millis(5);
/// How many of those who hold connections are told.
const TOLD: usize = 8;

/// A connection that is waited for, until this is dropped or it is [`connected`](Self::connected).
#[derive(Debug)]
#[must_use = "the wait ends when this is dropped"]
pub struct Connecting {
    database: Database,
    since: Instant,
    request: Option<Arc<Record>>,
    number: u64,
    /// Who had the connections when it began.
    held_by: Vec<Holder>,
    connected: bool,
}

/// Some connections of a pool, and for whom they are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Holding {
    /// Method and path template; nothing for what is no request.
    pub(crate) route: Option<String>,
    pub(crate) connections: usize,
    /// How long the first of them has been used.
    pub(crate) longest: Duration,
}

impl Connecting {
    pub(super) fn new(database: &Database) -> Self {
        database.figures().waiting += 1;
        let request = Current::here().map(|current| current.record);
        let number = request.as_ref().map(|record| {
            let (place, name) = (record.place(), &database.0.name);
            record.database_use().begins(place, name, None)
        });
        let connections = database.connections();
        let may_wait = connections.idle == 0 && connections.used >= connections.most;
        Self {
            held_by: match may_wait {
                true => database.0.holders.all(),
                false => Vec::new(),
            },
            database: database.clone(),
            since: Instant::now(),
            request,
            number: number.unwrap_or_default(),
            connected: false,
        }
    }

    /// The connection is there; it is used until what this gives is dropped.
    pub fn connected(mut self) -> Connected {
        self.connected = true;
        let (database, request) = (self.database.clone(), self.request.clone());
        let waited = self.since.elapsed();
        drop(self);
        Connected {
            number: database.0.holders.add(request),
            database,
            waited,
        }
    }
}

impl Drop for Connecting {
    fn drop(&mut self) {
        let took = self.since.elapsed();
        self.database.figures().waited(took, self.connected);
        if let Some(record) = &self.request {
            record.database_use().ends(self.number, false);
            if took >= LONG && !self.held_by.is_empty() {
                let told = told(&self.held_by, self.since);
                record.database_use().was_held_up(took, told);
            }
        }
    }
}

/// A connection that is used, until this is dropped.
#[derive(Debug)]
pub struct Connected {
    database: Database,
    number: u64,
    /// How long it was waited for, until a statement was sent.
    waited: Duration,
}

impl Connected {
    /// A statement is sent by it.
    pub fn call(&mut self, statement: &str) -> Call {
        let waited = std::mem::take(&mut self.waited);
        Call::new(&self.database, statement, Some(waited))
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.database.0.holders.remove(self.number);
    }
}

/// Who uses the connections of a database.
#[derive(Debug, Default)]
pub(super) struct Holders(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    next: u64,
    by: Vec<Holder>,
}

#[derive(Clone, Debug)]
struct Holder {
    number: u64,
    request: Option<Arc<Record>>,
    since: Instant,
}

impl Holders {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, request: Option<Arc<Record>>) -> u64 {
        let mut held = self.held();
        held.next += 1;
        let number = held.next;
        held.by.push(Holder {
            number,
            request,
            since: Instant::now(),
        });
        number
    }

    fn remove(&self, number: u64) {
        self.held().by.retain(|holder| holder.number != number);
    }

    /// How many are used now.
    pub(super) fn count(&self) -> u64 {
        self.held().by.len() as u64
    }

    /// Who uses them now.
    fn all(&self) -> Vec<Holder> {
        self.held().by.clone()
    }
}

/// Who used connections at a moment, by route, those first who had done so longest.
fn told(holders: &[Holder], at: Instant) -> Vec<Holding> {
    let mut told: Vec<Holding> = Vec::new();
    for holder in holders {
        let route = holder.request.as_ref().map(|record| {
            let path = record.route().unwrap_or_default();
            format!("{} {path}", record.method())
        });
        let time = at.saturating_duration_since(holder.since);
        match told.iter_mut().find(|of| of.route == route) {
            Some(of) => {
                of.connections += 1;
                of.longest = of.longest.max(time);
            }
            None => told.push(Holding {
                route,
                connections: 1,
                longest: time,
            }),
        }
    }
    told.sort_by_key(|of| std::cmp::Reverse(of.longest));
    told.truncate(TOLD);
    told
}
