//! Every recorded exchange of every app, answered in-process and compared.

mod differences;
mod record;
mod session;
mod sockets;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

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

/// Apps that cannot be made without `ADMIN_EMAIL`, which a test cannot put into its environment.
const NEED_ENVIRONMENT: &[&str] = &["settings.app01.main", "settings.tutorial001"];

/// Transcripts of which something is played, at least; it only ever rises.
const TRANSCRIPTS: usize = 357;

#[derive(Default)]
struct Tally {
    agree: usize,
    records: usize,
    left_out: usize,
    transcripts: usize,
    /// The entries of [`EXPECTED`] that a record has met.
    met: BTreeSet<usize>,
    failures: Vec<String>,
}

impl Tally {
    fn count(&mut self, app: &str, record: &Record, differences: &[String]) {
        self.records += 1;
        let label = format!("{app} [{}] {}", record.test(), record.label());
        let expected = EXPECTED
            .iter()
            .position(|(name, part, _)| *name == app && label.contains(part));
        self.met.extend(expected);
        match (differences.is_empty(), expected) {
            (true, None) => self.agree += 1,
            (false, Some(_)) => {}
            (true, Some(_)) => self
                .failures
                .push(format!("{label}: agrees, but is expected to differ")),
            (false, None) => self
                .failures
                .extend(differences.iter().map(|one| format!("{label}: {one}"))),
        }
    }

    /// Whether all was played that there is to play.
    fn check_whole(&mut self) {
        for (index, (app, part, _)) in EXPECTED.iter().enumerate() {
            if !self.met.contains(&index) {
                let failure = format!("{app} {part}: is expected to differ, and is in no record");
                self.failures.push(failure);
            }
        }
        if self.transcripts < TRANSCRIPTS {
            let played = self.transcripts;
            let failure = format!("{played} transcripts were played, not {TRANSCRIPTS}");
            self.failures.push(failure);
        }
    }
}

fn transcript(app: &str) -> Option<Vec<Record>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../conformance/transcripts")
        .join(format!("{app}.jsonl"));
    // Apps without a transcript are asked for their document only.
    let text = std::fs::read_to_string(path).ok()?;
    Some(text.lines().map(Record::parse).collect())
}

#[tokio::test]
async fn answers_agree_with_the_recorded_ones() {
    // Logs and databases are files of the working directory.
    let folder = tempfile::tempdir().expect("a folder");
    std::env::set_current_dir(&folder).expect("the folder is there");
    for mounted in ["static", "templates", "dist"] {
        std::fs::create_dir(mounted).expect("a folder");
    }
    for fallback in ["dist/index.html", "dist/404.html"] {
        std::fs::write(fallback, "").expect("a file");
    }
    let only = std::env::var("REPLAY").unwrap_or_default();
    let mut tally = Tally::default();
    for (app, make) in apps::all().filter(|(app, _)| app.starts_with(&only)) {
        if !NEED_ENVIRONMENT.contains(app) {
            let document = make().openapi();
            assert!(document["openapi"].as_str().is_some(), "{app}: {document}");
        }
        let Some(records) = transcript(app) else {
            continue;
        };
        let before = tally.records;
        // A life begins with the record of its start.
        for life in records.chunk_by(|_, next| !next.is_start()) {
            let start = life.first().filter(|record| record.is_start());
            match start {
                Some(start) if start.can_be_played() => {
                    // Each life of the SQL tutorials begins without rows, as in `conformance/run`.
                    let _ = std::fs::remove_file("database.db");
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
        tally.transcripts += usize::from(tally.records > before);
    }
    if only.is_empty() {
        tally.check_whole();
    }
    // Written past the test harness, which shows only what a failing test prints.
    let summary = writeln!(
        std::io::stderr(),
        "replay: {} of {} records of {} transcripts agree, {} left out",
        tally.agree,
        tally.records,
        tally.transcripts,
        tally.left_out
    );
    summary.expect("standard error is open");
    assert!(tally.records > 0, "no record was played");
    assert!(tally.failures.is_empty(), "\n{}", tally.failures.join("\n"));
}
