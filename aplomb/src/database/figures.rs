//! [`Figures`]: what is counted of a database.

use std::time::Duration;

use super::Operation;
use crate::observe::Histogram;

/// What is counted of a database.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) operations: [OperationFigures; Operation::ALL.len()],
    /// How long connections were waited for.
    pub(crate) waits: Histogram,
    /// How many wait for one now.
    pub(crate) waiting: u64,
    /// How many were given up before there was one.
    pub(crate) given_up: u64,
    pub(crate) connections: Connections,
}

/// What is counted of the statements of one kind.
#[derive(Debug, Default)]
pub(crate) struct OperationFigures {
    /// How long they ran.
    pub(crate) times: Histogram,
    pub(crate) failed: u64,
    pub(crate) rows: u64,
}

/// The connections of a pool; without one there are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Connections {
    pub(crate) used: u64,
    pub(crate) idle: u64,
    /// How many there may be.
    pub(crate) most: u64,
}

impl Connections {
    pub(crate) fn add(&mut self, other: Self) {
        self.used += other.used;
        self.idle += other.idle;
        self.most += other.most;
    }
}

impl Figures {
    pub(crate) fn add(&mut self, other: &Self) {
        for (sum, part) in self.operations.iter_mut().zip(&other.operations) {
            sum.times.merge(&part.times);
            sum.failed += part.failed;
            sum.rows += part.rows;
        }
        self.waits.merge(&other.waits);
        self.waiting += other.waiting;
        self.given_up += other.given_up;
    }

    /// A statement has ended.
    pub(super) fn called(&mut self, operation: Operation, took: Duration, rows: u64, failed: bool) {
        let of = &mut self.operations[operation as usize];
        of.times.add(nanoseconds(took));
        of.failed += u64::from(failed);
        of.rows += rows;
    }

    /// Somebody has stopped waiting for a connection.
    pub(super) fn waited(&mut self, took: Duration, connected: bool) {
        self.waiting = self.waiting.saturating_sub(1);
        self.waits.add(nanoseconds(took));
        self.given_up += u64::from(!connected);
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
