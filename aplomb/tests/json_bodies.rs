//! The recorded answers to odd JSON bodies, asked of a whole service.

use aplomb::prelude::*;
use aplomb::testing::TestClient;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

const MATRIX: &str = include_str!("../../conformance/json_matrix.jsonl");

/// Where FastAPI fails with 500 on the client's input alone, and what is answered here instead:
/// half a surrogate pair is a replacement character, a number JSON cannot spell is null.
const INSTEAD_OF_500: [(&str, &str); 5] = [
    (r#""\ud800""#, "\"\u{fffd}\""),
    ("NaN", "null"),
    ("Infinity", "null"),
    (r#"{"v":NaN}"#, r#"{"v":null}"#),
    (r#"{"v":1e999}"#, r#"{"v":null}"#),
];

#[post("/")]
async fn echo(#[body] value: Value) -> Value {
    value
}

fn body(row: &Value) -> Vec<u8> {
    match &row["body_b64"] {
        Value::String(text) => BASE64_STANDARD.decode(text).expect("base64"),
        repeated => {
            let length = repeated["length"]
                .as_u64()
                .and_then(|length| usize::try_from(length).ok());
            let part = repeated["repeat"].as_str().expect("a part");
            part.bytes()
                .cycle()
                .take(length.expect("a length"))
                .collect()
        }
    }
}

#[test]
fn odd_bodies_are_answered_as_recorded() {
    let client = TestClient::new(App::new().routes(routes![echo]));
    let rows: Vec<Value> = MATRIX
        .lines()
        .map(|row| row.parse().expect("a row"))
        .collect();
    let mut agreeing = 0;
    for row in &rows {
        let sent = body(row);
        let answer = client
            .post("/")
            .header("content-type", "application/json")
            .body(sent.clone())
            .send();
        let sent = String::from_utf8_lossy(&sent);
        if row["status"] == 500 {
            let instead = INSTEAD_OF_500.iter().find(|(known, _)| *known == sent);
            let (_, wanted) = instead.unwrap_or_else(|| panic!("no answer chosen for {sent}"));
            assert_eq!(answer.status(), 200, "{sent}");
            assert_eq!(answer.text(), *wanted, "{sent}");
            continue;
        }
        assert_eq!(row["status"], i64::from(answer.status()), "{sent}");
        let wanted: Value = row["answer"]
            .as_str()
            .and_then(|text| text.parse().ok())
            .expect("JSON");
        assert!(
            answer.json().same(&wanted),
            "{sent}: {} instead of {wanted}",
            answer.text()
        );
        agreeing += 1;
    }
    println!(
        "json bodies: {agreeing} of {} rows agree, {} answered where FastAPI fails",
        rows.len(),
        INSTEAD_OF_500.len()
    );
    assert_eq!(agreeing + INSTEAD_OF_500.len(), rows.len());
}
