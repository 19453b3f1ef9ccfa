//! Times of day.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use chrono::{FixedOffset, NaiveTime, Timelike};

use super::{calendar, written_as_text};
use crate::json::{Object, Reader, Refused, Value};
use crate::model::{Accepts, Constraints, Exactness, Limit, Model, Problems, bounds, shape};
use crate::openapi::Schemas;

/// A time of day, with or without its distance from UTC: what Python's `time` holds.
///
/// ```
/// use aplomb::model::{Constraints, Model, Time};
///
/// let time = Time::read_text("10:20:30+01:00", &Constraints::NONE).unwrap();
/// assert_eq!(time.offset().unwrap().local_minus_utc(), 3600);
/// assert_eq!(time.to_string(), "10:20:30+01:00");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Time {
    naive: NaiveTime,
    offset: Option<FixedOffset>,
}

impl Time {
    /// A time of day at a distance from UTC, if that is known.
    pub const fn new(naive: NaiveTime, offset: Option<FixedOffset>) -> Self {
        Self { naive, offset }
    }

    /// The time as a clock on the wall shows it.
    pub const fn naive(&self) -> NaiveTime {
        self.naive
    }

    /// The distance from UTC, if it is known.
    pub const fn offset(&self) -> Option<FixedOffset> {
        self.offset
    }

    /// The text of Python's `isoformat`, which says `+00:00` where [`Display`](fmt::Display) and
    /// models say `Z`.
    ///
    /// ```
    /// use aplomb::model::{Constraints, Model, Time};
    ///
    /// let time = Time::read_text("10:20:30Z", &Constraints::NONE).unwrap();
    /// assert_eq!(time.isoformat(), "10:20:30+00:00");
    /// ```
    pub fn isoformat(&self) -> String {
        calendar::isoformat(self.to_string())
    }

    pub(super) fn from_speedate(time: &speedate::Time) -> Option<Self> {
        let naive = NaiveTime::from_hms_micro_opt(
            time.hour.into(),
            time.minute.into(),
            time.second.into(),
            time.microsecond,
        )?;
        let offset = match time.tz_offset {
            Some(seconds) => Some(FixedOffset::east_opt(seconds)?),
            None => None,
        };
        Some(Self { naive, offset })
    }

    pub(super) fn to_speedate(self) -> speedate::Time {
        speedate::Time {
            hour: self.naive.hour() as u8,
            minute: self.naive.minute() as u8,
            second: self.naive.second() as u8,
            // A leap second holds more than a million microseconds.
            microsecond: (self.naive.nanosecond() / 1000).min(999_999),
            tz_offset: self.offset.map(|offset| offset.local_minus_utc()),
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.to_speedate())
    }
}

impl From<NaiveTime> for Time {
    fn from(naive: NaiveTime) -> Self {
        Self {
            naive,
            offset: None,
        }
    }
}

fn compare(time: Time, limit: Limit) -> Option<Ordering> {
    let Limit::Text(limit) = limit else {
        return None;
    };
    time.to_speedate().partial_cmp(&calendar::time(limit).ok()?)
}

/// Reads texts that begin as the plain form does.
fn plain(text: &str, constraints: &Constraints) -> Option<Time> {
    let time = Time::from_speedate(&calendar::time(text).ok()?)?;
    bounds::broken(constraints, |limit| compare(time, limit))
        .is_none()
        .then_some(time)
}

impl Model for Time {
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
        let parsed = match (value, value.as_f64()) {
            (Value::String(text), _) => calendar::time(text),
            (_, Some(seconds)) if !strict => calendar::time_of_seconds(seconds),
            _ => {
                problems.report("time_type", "Input should be a valid time", value, None);
                return None;
            }
        };
        let parsed = match parsed {
            Ok(parsed) => parsed,
            Err(reason) => {
                let words = "Input should be in a valid time format";
                calendar::refuse("time_parsing", words, reason, value, problems);
                return None;
            }
        };
        let time = Self::from_speedate(&parsed)?;
        if let Some((bound, limit)) = bounds::broken(constraints, |limit| compare(time, limit)) {
            bound.report(Value::String(limit.text()), &limit.text(), value, problems);
            return None;
        }
        Some(time)
    }

    written_as_text!(|time| time.to_string());

    fn schema(_: &mut Schemas, _: &Constraints) -> Object {
        shape::text_in("time")
    }

    fn label() -> Cow<'static, str> {
        "time".into()
    }
}

impl Model for NaiveTime {
    const ACCEPTS: Accepts = calendar::ACCEPTS;

    fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
        Self::read_text(&reader.string()?, constraints)
    }

    fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
        plain(text, constraints)
            .filter(|time| time.offset.is_none())
            .map(|time| time.naive)
            .ok_or(Refused)
    }

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        let time = Time::validate(value, constraints, problems)?;
        // A number of seconds has a distance from UTC in Python only by convention.
        if time.offset.is_some() && matches!(value, Value::String(_)) {
            let message = "Input should not have timezone info";
            problems.report("timezone_naive", message, value, None);
            return None;
        }
        Some(time.naive)
    }

    written_as_text!(|time| Time::from(*time).to_string());

    fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object {
        Time::schema(schemas, constraints)
    }

    fn label() -> Cow<'static, str> {
        Time::label()
    }
}
