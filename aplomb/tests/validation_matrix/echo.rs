//! How FastAPI's encoder spells a value that a route without response model returns, where that
//! differs from the value's own JSON form.

use aplomb::json::Value;
use aplomb::model::{Base64Bytes, Constraints, Model};
use chrono::TimeDelta;

pub(crate) fn same(value: &Value) -> Value {
    value.clone()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// Decimals become numbers.
pub(crate) fn number(value: &Value) -> Value {
    value
        .as_str()
        .map_or(Value::Null, |text| match text.trim_start_matches('-') {
            "0" => Value::Integer(0),
            _ => text.parse().expect("a number"),
        })
}

/// Dates and times spell UTC as an offset.
pub(crate) fn offset(value: &Value) -> Value {
    match text(value).strip_suffix('Z') {
        Some(start) => format!("{start}+00:00").into(),
        None => value.clone(),
    }
}

/// Durations become seconds.
pub(crate) fn seconds(value: &Value) -> Value {
    let duration = TimeDelta::read_text(text(value), &Constraints::NONE).expect("a duration");
    let microseconds = duration.num_microseconds().expect("a short duration");
    Value::Float(microseconds as f64 / 1e6)
}

/// Bytes become the text they spell.
pub(crate) fn decoded(value: &Value) -> Value {
    let bytes = Base64Bytes::read_text(text(value), &Constraints::NONE).expect("Base64");
    String::from_utf8(bytes.to_vec()).expect("UTF-8").into()
}
