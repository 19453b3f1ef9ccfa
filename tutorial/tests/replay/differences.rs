//! How an answer differs from the recorded one.

use aplomb::Value;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::record::Record;

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Option<Value> {
        aplomb::json::parse(&self.body).ok()
    }
}

/// Everything in which `answer` differs.
pub(crate) fn differences(record: &Record, answer: &Answer) -> Vec<String> {
    let mut found = Vec::new();
    if u64::from(answer.status.as_u16()) != record.status() {
        found.push(format!(
            "status {}, not {}",
            answer.status.as_u16(),
            record.status()
        ));
    }
    let json = record
        .response_headers()
        .iter()
        .any(|(name, value)| *name == "content-type" && value.contains("json"));
    found.extend(in_headers(record, answer, json));
    found.extend(in_body(record, answer, json));
    found
}

fn in_headers(record: &Record, answer: &Answer, json: bool) -> Vec<String> {
    let mut skipped = record.volatile_headers();
    if json || record.volatile_json().is_some() {
        skipped.push("content-length");
    }
    let mut left: Vec<(&str, &[u8])> = answer
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    let mut found = Vec::new();
    for (name, value) in record.response_headers() {
        if skipped.contains(&name) {
            continue;
        }
        let place = left
            .iter()
            .position(|(known, held)| *known == name && *held == value.as_bytes());
        match place {
            Some(place) => drop(left.swap_remove(place)),
            None => found.push(format!("header {name}: no {value:?}")),
        }
    }
    found
}

fn in_body(record: &Record, answer: &Answer, json: bool) -> Option<String> {
    let volatile = record.volatile_json().unwrap_or_default();
    if volatile.contains(&"") {
        return None;
    }
    let text = String::from_utf8_lossy(&answer.body);
    if let Some(facts) = record.facts() {
        let missing: Vec<_> = facts.iter().filter(|fact| !text.contains(**fact)).collect();
        return (!missing.is_empty()).then(|| format!("the page lacks {missing:?}"));
    }
    let recorded = record.response_body();
    if recorded == answer.body {
        return None;
    }
    if json && let (Ok(want), Some(have)) = (aplomb::json::parse(&recorded), answer.json()) {
        return in_value("", &want, &have, &volatile);
    }
    let recorded = String::from_utf8_lossy(&recorded);
    Some(format!("body {text:.300}, not {recorded:.300}"))
}

/// The first place where two values differ, as a JSON pointer.
fn in_value(path: &str, want: &Value, have: &Value, volatile: &[&str]) -> Option<String> {
    if volatile.contains(&path) || want.same(have) {
        return None;
    }
    match (want, have) {
        (Value::Object(want), Value::Object(have)) => {
            let missing = want.keys().find(|key| !have.contains_key(*key));
            let added = have.keys().find(|key| !want.contains_key(*key));
            if let Some(key) = missing {
                return Some(format!("no {path}/{key}: {}", want[key]));
            }
            if let Some(key) = added {
                return Some(format!("{path}/{key} is {}, not absent", have[key]));
            }
            want.iter().find_map(|(key, value)| {
                in_value(&format!("{path}/{key}"), value, &have[key], volatile)
            })
        }
        (Value::Array(want), Value::Array(have)) if want.len() == have.len() => {
            let pairs = want.iter().zip(have).enumerate();
            let mut found = pairs.map(|(index, (want, have))| {
                in_value(&format!("{path}/{index}"), want, have, volatile)
            });
            found.find_map(|difference| difference)
        }
        _ => Some(format!("{path} is {have}, not {want}")),
    }
}
