//! What is told of the databases that a service uses.

use std::sync::Arc;

use super::histogram::{Histogram, Sum};
use super::sink::{Kind, Sink};
use crate::database::{Database, Figures, Operation, OperationFigures};

type All = [(Arc<str>, Figures)];
type Part = (&'static str, Kind, &'static str, fn(&Figures) -> u64);

/// Counts of a database as a whole.
const PARTS: [Part; 4] = [
    (
        "aplomb_database_connections_waiting",
        Kind::Gauge,
        "Those who wait for a connection.",
        |figures| figures.waiting,
    ),
    (
        "aplomb_database_connection_waits_given_up_total",
        Kind::Counter,
        "Waits for a connection that were given up or failed.",
        |figures| figures.given_up,
    ),
    (
        "aplomb_database_connections_limit",
        Kind::Gauge,
        "The most connections that the pool may have.",
        |figures| figures.connections.most,
    ),
    (
        "aplomb_database_connections_idle",
        Kind::Gauge,
        "Connections of the pool that nobody uses.",
        |figures| figures.connections.idle,
    ),
];

/// Writes nothing where no database is known.
pub(super) fn write(sink: &mut dyn Sink) {
    let all = Database::all();
    if all.is_empty() {
        return;
    }
    statements(sink, &all);
    let name = "aplomb_database_connection_wait_seconds";
    let help = "How long a connection was waited for.";
    sink.metric(name, Kind::Histogram, help);
    for (database, figures) in &all {
        spread(sink, &[("database", database)], &figures.waits);
    }
    for (name, kind, help, part) in PARTS {
        sink.metric(name, kind, help);
        // Only a pool has a limit.
        let is_known =
            |figures: &Figures| figures.connections.most > 0 || !name.ends_with("_limit");
        for (database, figures) in all.iter().filter(|(_, figures)| is_known(figures)) {
            sink.sample(&[("database", database)], part(figures));
        }
    }
    let name = "aplomb_database_connections_used";
    let help = "Connections of the pool that somebody uses.";
    sink.metric(name, Kind::Gauge, help);
    for (database, figures) in &all {
        sink.sample(&[("database", database)], figures.connections.used);
    }
}

/// What is told by what statements begin with.
fn statements(sink: &mut dyn Sink, all: &All) {
    let name = "aplomb_database_statement_duration_seconds";
    let help = "How long statements ran, by what they begin with.";
    sink.metric(name, Kind::Histogram, help);
    for (labels, figures) in operations(all) {
        spread(sink, &labels, &figures.times);
    }
    let name = "aplomb_database_statement_failures_total";
    sink.metric(name, Kind::Counter, "Statements that failed.");
    for (labels, figures) in operations(all) {
        sink.sample(&labels, figures.failed);
    }
    let name = "aplomb_database_rows_total";
    sink.metric(name, Kind::Counter, "Rows that databases have given.");
    for (labels, figures) in operations(all) {
        sink.sample(&labels, figures.rows);
    }
}

/// The statements that there were, with their labels.
fn operations(all: &All) -> impl Iterator<Item = ([(&str, &str); 2], &OperationFigures)> {
    all.iter().flat_map(|(database, figures)| {
        let each = Operation::ALL.into_iter().zip(&figures.operations);
        let called = each.filter(|(_, figures)| !figures.times.is_empty());
        called.map(|(operation, figures)| {
            let labels = [("database", &**database), ("operation", operation.name())];
            (labels, figures)
        })
    })
}

fn spread(sink: &mut dyn Sink, labels: &[(&str, &str)], times: &Histogram) {
    let mut sum = Sum::default();
    sum.add(times);
    sink.histogram(labels, &sum, |_| true);
}
