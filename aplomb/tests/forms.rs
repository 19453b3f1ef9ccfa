//! Forms and files: how they are read, what is missing or wrong, and what the answer says of it.

#[path = "forms/fields.rs"]
mod fields;
#[path = "forms/files.rs"]
mod files;
#[path = "forms/malformed.rs"]
mod malformed;
#[path = "forms/models.rs"]
mod models;

use aplomb::prelude::*;
use aplomb::testing::{TestClient, TestResponse};

/// Posts these fields, url-encoded and in parts, and checks that both are answered alike.
#[track_caller]
fn post(client: &TestClient, path: &str, fields: &[(&str, &str)]) -> TestResponse {
    let encoded = client.post(path).form(fields.iter().copied());
    match fields {
        [] => encoded.send(),
        _ => {
            let encoded = encoded.send();
            let parts = client.post(path).form(fields.iter().copied()).multipart();
            let parts = parts.send();
            assert_eq!(parts.status(), encoded.status());
            assert_eq!(parts.text(), encoded.text());
            encoded
        }
    }
}

/// What is wrong, as pairs of place and type.
fn problems(answer: &TestResponse) -> Vec<(String, String)> {
    assert_eq!(answer.status(), 422, "{}", answer.text());
    let answer = answer.json();
    let detail = answer["detail"].as_array().expect("a list of problems");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    detail
        .iter()
        .map(|problem| {
            let steps = problem["loc"].as_array().expect("a place");
            let steps: Vec<String> = steps
                .iter()
                .map(|step| {
                    step.as_str()
                        .map_or_else(|| step.to_string(), str::to_owned)
                })
                .collect();
            (steps.join("."), text(&problem["type"]))
        })
        .collect()
}

#[track_caller]
fn assert_problems(answer: &TestResponse, wanted: &[(&str, &str)]) {
    let wanted: Vec<_> = wanted
        .iter()
        .map(|(place, kind)| ((*place).to_owned(), (*kind).to_owned()))
        .collect();
    assert_eq!(problems(answer), wanted);
}
