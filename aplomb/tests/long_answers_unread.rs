//! Long answers are written on while they are read: early, ahead of slow readers, and no further
//! once nobody reads.

#[path = "answers/rows.rs"]
mod rows;
#[path = "server/served.rs"]
mod served;

use std::io::Read as _;

use aplomb::prelude::*;
use aplomb::serve::Limits;
use rows::{Living, MANY, Row, assert_rows, unchunked};
use served::{Served, answer, wait_until};

#[get("/rows")]
async fn rows_of(living: State<Living>, count: u64) -> Vec<Row> {
    (0..count).map(|id| living.row(id)).collect()
}

#[get("/blocking")]
#[expect(
    clippy::needless_pass_by_value,
    reason = "a handler's arguments are its own"
)]
fn rows_blocking(living: State<Living>) -> Vec<Row> {
    (0..MANY).map(|id| living.row(id)).collect()
}

#[get("/filtered", response_model_exclude("id"))]
async fn filtered(living: State<Living>) -> JsonResponse<Vec<Row>> {
    JsonResponse((0..MANY).map(|id| living.row(id)).collect())
}

#[get("/broken")]
async fn broken(living: State<Living>) -> Vec<Row> {
    let rows = (0..MANY).map(|id| living.row(id));
    rows.chain([living.row(u64::MAX)]).collect()
}

fn start() -> (Served, Living) {
    let living = Living::default();
    let app =
        App::new()
            .state(living.clone())
            .routes(routes![rows_of, rows_blocking, filtered, broken]);
    let limits = Limits {
        // As much as these tests leave unread at a time.
        answer_bytes: 1 << 30,
        ..Limits::default()
    };
    (Served::start(app, limits), living)
}

#[test]
fn what_an_answer_is_made_of_goes_before_it_is_read() {
    let (server, living) = start();
    let unread = server.ask("GET", &format!("/rows?count={MANY}"), "");
    wait_until("the text is written", || living.count() > 0);
    wait_until("the rows are dropped", || living.count() == 0);
    let (status, head, body) = answer(unread);
    assert_eq!(status, 200);
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    assert!(!head.contains("content-length"), "{head}");
    assert_rows(&unchunked(&body).expect("a whole body"), MANY);

    // A short one says its length, as ever.
    let (_, head, body) = answer(server.ask("GET", "/rows?count=1000", ""));
    assert!(
        head.contains(&format!("content-length: {}", body.len())),
        "{head}"
    );
    assert_rows(&body, 1000);
}

#[test]
fn every_kind_of_result_is_written_on() {
    let (server, living) = start();
    let (_, _, body) = answer(server.ask("GET", "/blocking", ""));
    assert_rows(&unchunked(&body).expect("a whole body"), MANY);
    let (_, _, body) = answer(server.ask("GET", "/filtered", ""));
    let rows: Vec<serde_json::Value> =
        serde_json::from_str(&unchunked(&body).expect("a whole body")).expect("rows");
    assert_eq!(rows.len() as u64, MANY);
    let text = serde_json::json!({"text": "x".repeat(1000)});
    assert!(rows.iter().all(|row| *row == text));
    assert_eq!(living.count(), 0);
}

#[test]
fn an_answer_that_cannot_be_written_is_cut() {
    let (server, living) = start();
    let (status, _, body) = answer(server.ask("GET", "/broken", ""));
    assert_eq!(status, 200);
    assert!(body.len() > 4 << 20);
    assert_eq!(unchunked(&body), None);
    wait_until("the rows are dropped", || living.count() == 0);
}

#[test]
fn nothing_is_written_for_a_client_that_has_left() {
    let (server, living) = start();
    let mut left = server.ask("GET", &format!("/rows?count={}", 4 * MANY), "");
    left.read_exact(&mut [0]).expect("a byte");
    drop(left);
    wait_until("the rows are dropped", || living.count() == 0);
    let (status, ..) = answer(server.ask("GET", "/rows?count=1", ""));
    assert_eq!(status, 200);
}
