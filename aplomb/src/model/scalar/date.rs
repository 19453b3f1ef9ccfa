//! Dates.

use std::borrow::Cow;
use std::cmp::Ordering;

use chrono::{Datelike, NaiveDate};

use super::calendar::{self, Reason};
use super::{datetime, written_as_text};
use crate::json::{Object, Reader, Refused, Value};
use crate::model::{Accepts, Constraints, Exactness, Limit, Model, Problems, bounds, shape};
use crate::openapi::Schemas;

/// A date as Python would hold it, which has no year 0.
pub(super) fn to_chrono(date: &speedate::Date) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
        .filter(|date| date.year() > 0)
}

/// The text of a date: four digits of the year at least.
pub(super) fn text(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

fn compare(date: NaiveDate, limit: Limit) -> Option<Ordering> {
    let Limit::Text(limit) = limit else {
        return None;
    };
    let limit = to_chrono(&calendar::date(limit).ok()?)?;
    Some(date.cmp(&limit))
}

/// Reads the plain form and nothing else.
fn plain(text: &str, constraints: &Constraints) -> Option<NaiveDate> {
    if text.len() != 10 {
        return None;
    }
    let date = to_chrono(&speedate::Date::parse_str_rfc3339(text).ok()?)?;
    bounds::broken(constraints, |limit| compare(date, limit))
        .is_none()
        .then_some(date)
}

/// A date from a date and time whose time is midnight.
fn from_datetime(
    parsed: Result<speedate::DateTime, Reason>,
    value: &Value,
    problems: &mut Problems,
) -> Option<speedate::Date> {
    match parsed {
        Ok(parsed) if parsed.time.total_seconds() == 0 && parsed.time.microsecond == 0 => {
            return Some(parsed.date);
        }
        Ok(_) => problems.report(
            "date_from_datetime_inexact",
            "Datetimes provided to dates should have zero time - e.g. be exact dates",
            value,
            None,
        ),
        Err(reason) => calendar::refuse(
            "date_from_datetime_parsing",
            "Input should be a valid date or datetime",
            reason,
            value,
            problems,
        ),
    }
    None
}

impl Model for NaiveDate {
    const ACCEPTS: Accepts = calendar::ACCEPTS;

    fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
        plain(&reader.string()?, constraints).ok_or(Refused)
    }

    fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
        plain(text, constraints).ok_or(Refused)
    }

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        problems.floor(Exactness::Lax);
        let strict = problems.strict || constraints.strict;
        let parsed = match value {
            Value::String(text) => match calendar::date(text) {
                Ok(parsed) => parsed,
                Err(_) => from_datetime(calendar::datetime(text), value, problems)?,
            },
            value => match datetime::of_number(value).filter(|_| !strict) {
                Some(parsed) => from_datetime(parsed, value, problems)?,
                None => {
                    problems.report("date_type", "Input should be a valid date", value, None);
                    return None;
                }
            },
        };
        let Some(date) = to_chrono(&parsed) else {
            calendar::refuse(
                "date_parsing",
                "Input should be a valid date in the format YYYY-MM-DD",
                calendar::YEAR_ZERO,
                value,
                problems,
            );
            return None;
        };
        if let Some((bound, limit)) = bounds::broken(constraints, |limit| compare(date, limit)) {
            bound.report(Value::String(limit.text()), &limit.text(), value, problems);
            return None;
        }
        Some(date)
    }

    written_as_text!(|date| text(*date));

    fn schema(_: &mut Schemas, _: &Constraints) -> Object {
        shape::text_in("date")
    }

    fn label() -> Cow<'static, str> {
        "date".into()
    }
}
