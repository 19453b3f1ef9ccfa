//! Dates, times and durations are computed with as such.

use aplomb::model::{Datetime, Problem, Time};
use aplomb::prelude::*;
use aplomb::{Error, RequestValidationError};
use chrono::{Datelike, TimeDelta};
use uuid::Uuid;

#[put("/items/{item_id}")]
async fn read_items(
    item_id: Uuid,
    #[body] start_datetime: Datetime,
    #[body] end_datetime: Datetime,
    #[body] process_after: TimeDelta,
    #[body] repeat_at: Option<Time>,
) -> Result<Value> {
    let start_process = later(start_datetime, process_after).ok_or_else(|| {
        problem(
            "process_after",
            "The process starts in no year from 1 to 9999",
        )
    })?;
    let duration = distance(start_process, end_datetime).ok_or_else(|| {
        problem(
            "end_datetime",
            "Only one of start and end has timezone info",
        )
    })?;
    Ok(json!({
        "item_id": item_id.to_string(),
        "start_datetime": start_datetime.isoformat(),
        "end_datetime": end_datetime.isoformat(),
        "process_after": process_after.as_seconds_f64(),
        "repeat_at": repeat_at.map(|time| time.isoformat()),
        "start_process": start_process.isoformat(),
        "duration": duration.as_seconds_f64(),
    }))
}

fn later(start: Datetime, after: TimeDelta) -> Option<Datetime> {
    let naive = start.naive().checked_add_signed(after)?;
    (1..=9999)
        .contains(&naive.year())
        .then(|| Datetime::new(naive, start.offset()))
}

fn distance(start: Datetime, end: Datetime) -> Option<TimeDelta> {
    match (start.to_utc(), end.to_utc()) {
        (Some(start), Some(end)) => Some(end - start),
        (None, None) => Some(end.naive() - start.naive()),
        _ => None,
    }
}

fn problem(field: &'static str, message: &str) -> Error {
    let problem = Problem {
        kind: "value_error".into(),
        location: vec!["body".into(), field.into()],
        message: message.to_owned(),
        input: Value::Null,
        context: None,
    };
    RequestValidationError::new(vec![problem], Value::Null).into()
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
