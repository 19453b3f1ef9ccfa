//! Durations.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::time::Duration;

use chrono::TimeDelta;

use super::{calendar, written_as_text};
use crate::json::{Object, Reader, Refused, Value};
use crate::model::bounds::{self, Bound};
use crate::model::{Accepts, Constraints, Exactness, Limit, Model, Problems, shape};
use crate::openapi::Schemas;

fn from_speedate(duration: &speedate::Duration) -> Option<TimeDelta> {
    let sign = if duration.positive { 1 } else { -1 };
    let seconds = i64::from(duration.day) * 86_400 + i64::from(duration.second);
    let nanoseconds = i64::from(duration.microsecond) * 1000;
    TimeDelta::try_seconds(sign * seconds)?.checked_add(&TimeDelta::nanoseconds(sign * nanoseconds))
}

/// The ISO 8601 text; of durations beyond Python's the greatest.
fn text(duration: TimeDelta) -> String {
    let magnitude = duration.abs();
    let days = u32::try_from(magnitude.num_days()).unwrap_or(999_999_999);
    let seconds = (magnitude.num_seconds() % 86_400) as u32;
    let microseconds = magnitude.subsec_nanos() as u32 / 1000;
    let positive = duration >= TimeDelta::zero();
    speedate::Duration::new(positive, days, seconds, microseconds).map_or_else(
        |_| "P999999999D".to_owned(),
        |duration| duration.to_string(),
    )
}

/// The words for a limit: `1 day and 5 seconds`.
fn words(duration: TimeDelta) -> String {
    let seconds = duration.num_seconds();
    let parts = [
        (seconds / 86_400, "day"),
        (seconds % 86_400 / 3600, "hour"),
        (seconds % 3600 / 60, "minute"),
        (seconds % 60, "second"),
        (i64::from(duration.subsec_nanos()) / 1000, "microsecond"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count != 0)
        .map(|(count, unit)| format!("{count} {unit}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    if parts.is_empty() {
        "0 seconds".to_owned()
    } else {
        parts.join(" and ")
    }
}

/// What a problem shows of a duration that breaks a bound: its seconds, however it was given.
fn seconds(duration: TimeDelta) -> Value {
    Value::Float(duration.as_seconds_f64())
}

fn limit(limit: Limit) -> Option<TimeDelta> {
    let Limit::Text(limit) = limit else {
        return None;
    };
    from_speedate(&calendar::duration(limit).ok()?)
}

fn compare(duration: TimeDelta, bound: Limit) -> Option<Ordering> {
    Some(duration.cmp(&limit(bound)?))
}

impl Model for TimeDelta {
    const ACCEPTS: Accepts = calendar::ACCEPTS;

    fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
        Self::read_text(&reader.string()?, constraints)
    }

    fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
        let parsed = calendar::duration(text).map_err(|_| Refused)?;
        from_speedate(&parsed)
            .filter(|own| bounds::broken(constraints, |limit| compare(*own, limit)).is_none())
            .ok_or(Refused)
    }

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        problems.floor(Exactness::Lax);
        let strict = problems.strict || constraints.strict;
        let parsed = match value {
            Value::String(text) => Some(calendar::duration(text)),
            _ if strict => None,
            Value::Bool(flag) => Some(calendar::duration_of_seconds(f64::from(u8::from(*flag)))),
            value => value.as_f64().map(calendar::duration_of_seconds),
        };
        let duration = match parsed {
            Some(Ok(parsed)) => from_speedate(&parsed)?,
            Some(Err(reason)) => {
                let words = "Input should be a valid timedelta";
                calendar::refuse("time_delta_parsing", words, reason, value, problems);
                return None;
            }
            None => {
                let message = "Input should be a valid timedelta";
                problems.report("time_delta_type", message, value, None);
                return None;
            }
        };
        let broken = bounds::broken(constraints, |limit| compare(duration, limit));
        if let Some((bound, broken)) = broken {
            let words = limit(broken).map_or_else(|| broken.text(), words);
            bound.report(
                Value::String(words.clone()),
                &words,
                &seconds(duration),
                problems,
            );
            return None;
        }
        Some(duration)
    }

    written_as_text!(|duration| text(*duration));

    fn schema(_: &mut Schemas, _: &Constraints) -> Object {
        shape::text_in("duration")
    }

    fn label() -> Cow<'static, str> {
        "timedelta".into()
    }
}

impl Model for Duration {
    const ACCEPTS: Accepts = calendar::ACCEPTS;

    fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
        TimeDelta::read(reader, constraints)?
            .to_std()
            .map_err(|_| Refused)
    }

    fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
        TimeDelta::read_text(text, constraints)?
            .to_std()
            .map_err(|_| Refused)
    }

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        let duration = TimeDelta::validate(value, constraints, problems)?;
        if duration < TimeDelta::zero() {
            let none = words(TimeDelta::zero());
            Bound::Ge.report(
                Value::String(none.clone()),
                &none,
                &seconds(duration),
                problems,
            );
        }
        duration.to_std().ok()
    }

    written_as_text!(|duration| text(TimeDelta::from_std(*duration).unwrap_or(TimeDelta::MAX)));

    fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object {
        TimeDelta::schema(schemas, constraints)
    }

    fn label() -> Cow<'static, str> {
        TimeDelta::label()
    }
}
