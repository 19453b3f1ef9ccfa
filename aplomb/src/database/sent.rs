//! [`Sent`]: a query of sqlx, apart from its text.

use sqlx::error::BoxDynError;
use sqlx::{Database, Execute, SqlStr};

/// A query as it is sent. Its text can be had only by taking it apart.
pub(super) struct Sent<DB: Database> {
    text: SqlStr,
    statement: Option<DB::Statement>,
    arguments: Result<Option<DB::Arguments>, BoxDynError>,
    persistent: bool,
}

impl<DB: Database> Sent<DB> {
    /// The text of a query, and the query.
    pub(super) fn of<'q>(mut query: impl Execute<'q, DB>) -> (SqlStr, Self) {
        let (statement, persistent) = (query.statement().cloned(), query.persistent());
        let arguments = query.take_arguments();
        let text = query.sql();
        let sent = Self {
            text: text.clone(),
            statement,
            arguments,
            persistent,
        };
        (text, sent)
    }
}

impl<DB: Database> Execute<'_, DB> for Sent<DB> {
    fn sql(self) -> SqlStr {
        self.text
    }

    fn statement(&self) -> Option<&DB::Statement> {
        self.statement.as_ref()
    }

    fn take_arguments(&mut self) -> Result<Option<DB::Arguments>, BoxDynError> {
        std::mem::replace(&mut self.arguments, Ok(None))
    }

    fn persistent(&self) -> bool {
        self.persistent
    }
}
