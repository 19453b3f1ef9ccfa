//! The parser of dates and times, with its messages.

use speedate::{DateConfig, DateTimeConfig, MicrosecondsPrecisionOverflowBehavior, TimeConfig};
use strum::EnumMessage;

use crate::json::{Object, Value};
use crate::model::{Accepts, Bounds, Problems};

/// What all dates and times accept.
pub(super) const ACCEPTS: Accepts = Accepts {
    bounds: Bounds::Text,
    ..Accepts::NONE
};

const TIME: TimeConfig = TimeConfig {
    microseconds_precision_overflow_behavior: MicrosecondsPrecisionOverflowBehavior::Truncate,
    unix_timestamp_offset: Some(0),
};

/// A message of the parser.
pub(super) type Reason = &'static str;

fn reason(error: &speedate::ParseError) -> Reason {
    error.get_documentation().unwrap_or_default()
}

pub(super) const NOT_A_NUMBER: Reason = "NaN values not permitted";

/// The reason for a year that Python does not have.
pub(super) const YEAR_ZERO: Reason = "year 0 is out of range";

/// Records that a text or number is no date or time, for `reason`.
pub(super) fn refuse(
    kind: &'static str,
    words: &str,
    reason: Reason,
    value: &Value,
    problems: &mut Problems,
) {
    let mut context = Object::new();
    context.insert("error".to_owned(), reason.into());
    problems.report(kind, format!("{words}, {reason}"), value, Some(context));
}

/// A text with `Z` in the words of Python's `isoformat`.
pub(super) fn isoformat(mut text: String) -> String {
    if text.ends_with('Z') {
        text.pop();
        text.push_str("+00:00");
    }
    text
}

pub(super) fn date(text: &str) -> Result<speedate::Date, Reason> {
    let config = DateConfig::builder().build();
    speedate::Date::parse_bytes_with_config(text.as_bytes(), &config)
        .map_err(|error| reason(&error))
}

pub(super) fn time(text: &str) -> Result<speedate::Time, Reason> {
    speedate::Time::parse_bytes_with_config(text.as_bytes(), &TIME).map_err(|error| reason(&error))
}

/// A time from the seconds since midnight.
pub(super) fn time_of_seconds(seconds: f64) -> Result<speedate::Time, Reason> {
    if seconds.is_nan() {
        return Err(NOT_A_NUMBER);
    }
    if seconds.floor() < 0.0 {
        return Err("time in seconds should be positive");
    }
    let microseconds = (seconds.fract().abs() * 1_000_000.0).round();
    // The conversion saturates, and the parser has the message for too great a number.
    speedate::Time::from_timestamp_with_config(seconds.floor() as u32, microseconds as u32, &TIME)
        .map_err(|error| reason(&error))
}

fn datetime_config() -> DateTimeConfig {
    DateTimeConfig::builder().time_config(TIME).build()
}

pub(super) fn datetime(text: &str) -> Result<speedate::DateTime, Reason> {
    speedate::DateTime::parse_bytes_with_config(text.as_bytes(), &datetime_config())
        .map_err(|error| reason(&error))
}

/// A date and time from a Unix time.
pub(super) fn datetime_of_integer(timestamp: i64) -> Result<speedate::DateTime, Reason> {
    speedate::DateTime::from_timestamp_with_config(timestamp, 0, &datetime_config())
        .map_err(|error| reason(&error))
}

/// A date and time from a Unix time.
pub(super) fn datetime_of_float(timestamp: f64) -> Result<speedate::DateTime, Reason> {
    if timestamp.is_nan() {
        return Err(NOT_A_NUMBER);
    }
    speedate::DateTime::from_float_with_config(timestamp, &datetime_config())
        .map_err(|error| reason(&error))
}

pub(super) fn duration(text: &str) -> Result<speedate::Duration, Reason> {
    speedate::Duration::parse_bytes_with_config(text.as_bytes(), &TIME)
        .map_err(|error| reason(&error))
}

/// A duration from its seconds.
pub(super) fn duration_of_seconds(seconds: f64) -> Result<speedate::Duration, Reason> {
    if seconds.is_nan() {
        return Err(NOT_A_NUMBER);
    }
    let (positive, seconds) = (seconds >= 0.0, seconds.abs());
    let microseconds = (seconds.fract() * 1_000_000.0).round() as u32;
    let days = (seconds / 86_400.0) as u32;
    let rest = (seconds as u64 % 86_400) as u32;
    speedate::Duration::new(positive, days, rest, microseconds).map_err(|error| reason(&error))
}
