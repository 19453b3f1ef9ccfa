//! Every recorded exchange of every app, answered in-process and compared.

mod differences;
mod record;
mod session;
mod sockets;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use aplomb::app::Compat;
use record::Record;
use session::Session;
use tutorial::apps;

/// Records whose answers differ, and why: app, part of the record's test or target, reason.
const EXPECTED: &[(&str, &str, &str)] = &[
    (
        "tests.test_custom_schema_fields",
        "/openapi.json",
        "the schema of a field can be added to, not replaced",
    ),
    (
        "tests.test_sse",
        "/openapi.json",
        "a stream of models and events is one of events, without the model",
    ),
    (
        "tests.test_stream_bare_type",
        "/openapi.json",
        "a stream of any values has a schema without a title",
    ),
];

/// Apps whose sessions cannot be played here, and why; `conformance/run` plays them.
const LEFT_OUT: &[(&str, &str)] = &[
    (
        "tests.test_dependency_cache",
        "its test sets the counter of the service back in between",
    ),
    (
        "sql_databases.tutorial001",
        "a database in the working directory",
    ),
    (
        "sql_databases.tutorial002",
        "a database in the working directory",
    ),
];

#[derive(Default)]
struct Tally {
    agree: usize,
    records: usize,
    left_out: usize,
    failures: Vec<String>,
}

impl Tally {
    fn count(&mut self, app: &str, record: &Record, differences: &[String]) {
        self.records += 1;
        let label = format!("{app} [{}] {}", record.test(), record.label());
        let expected = EXPECTED
            .iter()
            .any(|(name, part, _)| *name == app && label.contains(part));
        match (differences.is_empty(), expected) {
            (true, false) => self.agree += 1,
            (false, true) => {}
            (true, true) => self
                .failures
                .push(format!("{label}: agrees, but is expected to differ")),
            (false, false) => self
                .failures
                .extend(differences.iter().map(|one| format!("{label}: {one}"))),
        }
    }
}

fn transcript(app: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../conformance/transcripts")
        .join(format!("{app}.jsonl"))
}

#[tokio::test]
async fn answers_agree_with_the_recorded_ones() {
    let only = std::env::var("REPLAY").unwrap_or_default();
    let mut tally = Tally::default();
    for (app, make) in apps::all().filter(|(app, _)| app.starts_with(&only)) {
        let Ok(text) = std::fs::read_to_string(transcript(app)) else {
            continue;
        };
        let records: Vec<Record> = text.lines().map(Record::parse).collect();
        let left_out = LEFT_OUT.iter().any(|(name, _)| name == app);
        // A life begins with the record of its start.
        for life in records.chunk_by(|_, next| !next.is_start()) {
            let start = life.first().filter(|record| record.is_start());
            match start {
                Some(start) if !left_out && start.can_be_played() => {
                    // Recorded redirects name the host.
                    let built = make().compat(Compat::Exact);
                    let session = Session::start(built, start).await;
                    session
                        .play(&life[1..], |record, differences| {
                            tally.count(app, record, differences);
                        })
                        .await;
                    session.end().await;
                }
                _ => tally.left_out += life.iter().filter(|record| !record.is_start()).count(),
            }
        }
    }
    // Written past the test harness, which shows only what a failing test prints.
    let summary = writeln!(
        std::io::stderr(),
        "replay: {} of {} records agree, {} left out",
        tally.agree,
        tally.records,
        tally.left_out
    );
    summary.expect("standard error is open");
    assert!(tally.records > 0, "no record was played");
    assert!(tally.failures.is_empty(), "\n{}", tally.failures.join("\n"));
}
