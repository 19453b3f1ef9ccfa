//! The recorded answers to malformed bodies.

use aplomb::json::{ParseError, Value, parse};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

const MATRIX: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../conformance/json_matrix.jsonl"
));

/// The bytes of a matrix row's body.
fn body(row: &Value) -> Vec<u8> {
    match &row["body_b64"] {
        Value::String(text) => BASE64_STANDARD.decode(text).unwrap(),
        repeated => {
            let length = usize::try_from(repeated["length"].as_u64().unwrap()).unwrap();
            let part = repeated["repeat"].as_str().unwrap();
            part.bytes().cycle().take(length).collect()
        }
    }
}

/// What the parser makes of a row, where that differs from the record.
fn disagreement(row: &Value) -> Option<String> {
    let body = body(row);
    let parsed = parse(&body);
    let answer = row["answer"].as_str().unwrap().parse::<Value>();
    let agrees = match (row["status"].as_i64(), &parsed) {
        (Some(200), Ok(value)) => value.same(&answer.unwrap()),
        (Some(500), Ok(_)) | (Some(400), Err(ParseError::Unreadable)) => true,
        (Some(422), Err(ParseError::Syntax { message, position })) => {
            let error = &answer.unwrap()["detail"][0];
            error["type"] == "json_invalid"
                && error["ctx"]["error"] == *message
                && error["loc"][1] == *position
        }
        _ => false,
    };
    (!agrees).then(|| {
        format!(
            "{:?}: {parsed:?}, recorded {row}",
            String::from_utf8_lossy(&body)
        )
    })
}

#[test]
fn answers_malformed_bodies_as_recorded() {
    let rows: Vec<Value> = MATRIX.lines().map(|line| line.parse().unwrap()).collect();
    // An empty body never reaches the parser.
    let rows: Vec<&Value> = rows.iter().filter(|row| row["body_b64"] != "").collect();
    let differing: Vec<String> = rows.iter().filter_map(|row| disagreement(row)).collect();
    println!(
        "json matrix: {} of {} rows agree",
        rows.len() - differing.len(),
        rows.len()
    );
    assert!(rows.len() > 40 && differing.is_empty(), "{differing:#?}");
}
