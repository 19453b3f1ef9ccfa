//! The documents that FastAPI answers for its tutorial apps.

use std::fs;

use aplomb::App;
use aplomb::command::differences;
use aplomb::json::{self, Value};

/// Asserts that an application has the document recorded of a tutorial app.
#[track_caller]
pub(crate) fn assert_recorded(app: &App, tutorial: &str) {
    let differences = differences(&recorded(tutorial), &app.openapi());
    let list = differences.join("\n");
    assert!(differences.is_empty(), "{tutorial} differs:\n{list}");
}

fn recorded(tutorial: &str) -> Value {
    let root = env!("CARGO_MANIFEST_DIR");
    let file = format!("{root}/../conformance/transcripts/{tutorial}.jsonl");
    let lines = fs::read_to_string(&file).expect(&file);
    for line in lines.lines() {
        let record = json::parse(line.as_bytes()).expect("a record");
        if record["target"] == "/openapi.json" && record["status"] == 200 {
            let text = record["response_body"]["text"].as_str().expect("text");
            return json::parse(text.as_bytes()).expect("a document");
        }
    }
    panic!("{file} has no document")
}
