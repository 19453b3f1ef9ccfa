//! [`Call`]: a statement that runs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::Span;
use tracing::field::Empty;

use super::{Database, Statement};
use crate::live::Point;
use crate::observe::Current;

/// A statement that runs, until this is dropped.
#[must_use = "the statement ends when this is dropped"]
pub struct Call {
    database: Database,
    statement: Arc<Statement>,
    request: Option<Current>,
    /// What the request calls it.
    number: u64,
    began: Instant,
    /// How long its connection was waited for, as far as that is known.
    waited: Option<Duration>,
    rows: u64,
    failed: bool,
    span: Span,
}

/// A statement that has run, as live probes see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PassedCall<'a> {
    pub(crate) database: &'a str,
    pub(crate) statement: &'a Statement,
    pub(crate) rows: u64,
    pub(crate) ok: bool,
    pub(crate) waited: Option<Duration>,
    pub(crate) took: Duration,
}

impl Call {
    pub(super) fn new(database: &Database, text: &str, waited: Option<Duration>) -> Self {
        let statement = database.statement(text);
        let request = Current::here();
        let number = request.as_ref().map(|request| {
            let (record, name) = (&request.record, &database.0.name);
            let place = record.place();
            record.database_use().begins(place, name, Some(&statement))
        });
        let span = tracing::info_span!(
            target: super::SPANS,
            "database",
            otel.kind = "client",
            otel.name = statement.operation.name(),
            db.namespace = &*database.0.name,
            db.operation.name = statement.operation.name(),
            db.query.text = &*statement.text,
            db.response.returned_rows = Empty,
            otel.status_code = Empty,
        );
        Self {
            number: number.unwrap_or_default(),
            database: database.clone(),
            statement,
            request,
            began: Instant::now(),
            waited,
            rows: 0,
            failed: false,
            span,
        }
    }

    /// The database has given so many rows more.
    pub fn rows(&mut self, count: u64) {
        self.rows += count;
    }

    /// The statement has failed.
    pub fn fail(&mut self) {
        self.failed = true;
    }

    /// It has not.
    #[cfg(feature = "sqlx")]
    pub(super) fn succeed(&mut self) {
        self.failed = false;
    }

    /// The span that it has in traces; what the client opens within it is below it.
    pub fn span(&self) -> &Span {
        &self.span
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let took = self.began.elapsed();
        let (rows, failed, operation) = (self.rows, self.failed, self.statement.operation);
        self.database
            .figures()
            .called(operation, took, rows, failed);
        self.span.record("db.response.returned_rows", rows);
        if failed {
            self.span.record("otel.status_code", "ERROR");
        }
        let Some(request) = &self.request else {
            return;
        };
        request.record.database_use().ends(self.number, failed);
        if let Some(endpoint) = request.record.endpoint() {
            endpoint.tally.count(&Point::Database);
        }
        if let Some(watched) = &request.watched
            && let Some(seen) = request.record.seen()
        {
            let call = PassedCall {
                database: &self.database.0.name,
                statement: &self.statement,
                rows,
                ok: !failed,
                waited: self.waited,
                took,
            };
            seen.asked_database(watched, call);
        }
    }
}

impl std::fmt::Debug for Call {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Call")
            .field("database", &self.database)
            .field("statement", &self.statement.text)
            .finish_non_exhaustive()
    }
}
