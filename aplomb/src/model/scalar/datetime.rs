//! Dates with a time of day.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, Local, NaiveDateTime, TimeZone, Utc};

use super::calendar::{self, Reason};
use super::{Time, date, written_as_text};
use crate::json::{Object, Reader, Refused, Value};
use crate::model::{Accepts, Constraints, Exactness, Limit, Model, Problems, bounds, shape};
use crate::openapi::Schemas;

/// A date and time, with or without its distance from UTC: what Python's `datetime` holds.
///
/// Use [`chrono::DateTime`] where the distance must be known and [`chrono::NaiveDateTime`] where
/// there must be none.
///
/// ```
/// use aplomb::model::{Constraints, Datetime, Model};
///
/// let noon = Datetime::read_text("2024-02-29T12:00:00Z", &Constraints::NONE).unwrap();
/// assert_eq!(noon.to_utc().unwrap().timestamp(), 1_709_208_000);
/// assert_eq!(noon.to_string(), "2024-02-29T12:00:00Z");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Datetime {
    naive: NaiveDateTime,
    offset: Option<FixedOffset>,
}

impl Datetime {
    /// A date and time at a distance from UTC, if that is known.
    pub const fn new(naive: NaiveDateTime, offset: Option<FixedOffset>) -> Self {
        Self { naive, offset }
    }

    /// The date and time as a calendar and a clock on the wall show them.
    pub const fn naive(&self) -> NaiveDateTime {
        self.naive
    }

    /// The distance from UTC, if it is known.
    pub const fn offset(&self) -> Option<FixedOffset> {
        self.offset
    }

    /// The moment, if the distance from UTC is known.
    pub fn to_fixed(&self) -> Option<DateTime<FixedOffset>> {
        self.offset?.from_local_datetime(&self.naive).single()
    }

    /// The moment in UTC, if the distance from UTC is known.
    pub fn to_utc(&self) -> Option<DateTime<Utc>> {
        Some(self.to_fixed()?.to_utc())
    }

    /// The text of Python's `isoformat`, which says `+00:00` where [`Display`](fmt::Display) and
    /// models say `Z`.
    ///
    /// ```
    /// use aplomb::model::{Constraints, Datetime, Model};
    ///
    /// let noon = Datetime::read_text("2024-02-29T12:00:00Z", &Constraints::NONE).unwrap();
    /// assert_eq!(noon.isoformat(), "2024-02-29T12:00:00+00:00");
    /// ```
    pub fn isoformat(&self) -> String {
        calendar::isoformat(self.to_string())
    }

    fn from_speedate(parsed: &speedate::DateTime) -> Option<Self> {
        let time = Time::from_speedate(&parsed.time)?;
        Some(Self {
            naive: date::to_chrono(&parsed.date)?.and_time(time.naive()),
            offset: time.offset(),
        })
    }

    /// `None` for a year that Python does not have.
    fn to_speedate(self) -> Option<speedate::DateTime> {
        let date = self.naive.date();
        Some(speedate::DateTime {
            date: speedate::Date {
                year: u16::try_from(date.year())
                    .ok()
                    .filter(|year| *year < 10_000)?,
                month: date.month() as u8,
                day: date.day() as u8,
            },
            time: Time::new(self.naive.time(), self.offset).to_speedate(),
        })
    }

    /// How this compares with the present moment; without a distance from UTC it is taken for
    /// local time.
    pub(super) fn compare_with_now(&self) -> Ordering {
        match self.to_utc() {
            Some(moment) => moment.cmp(&Utc::now()),
            None => self.naive.cmp(&Local::now().naive_local()),
        }
    }
}

impl fmt::Display for Datetime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.to_speedate(), self.to_fixed()) {
            (Some(datetime), _) => write!(formatter, "{datetime}"),
            (None, Some(moment)) => formatter.write_str(&moment.to_rfc3339()),
            (None, None) => write!(formatter, "{}", self.naive.format("%Y-%m-%dT%H:%M:%S%.f")),
        }
    }
}

impl From<NaiveDateTime> for Datetime {
    fn from(naive: NaiveDateTime) -> Self {
        Self {
            naive,
            offset: None,
        }
    }
}

impl From<DateTime<FixedOffset>> for Datetime {
    fn from(moment: DateTime<FixedOffset>) -> Self {
        Self {
            naive: moment.naive_local(),
            offset: Some(*moment.offset()),
        }
    }
}

impl From<DateTime<Utc>> for Datetime {
    fn from(moment: DateTime<Utc>) -> Self {
        moment.fixed_offset().into()
    }
}

/// A number as Unix time; `None` for what is no number.
pub(super) fn of_number(value: &Value) -> Option<Result<speedate::DateTime, Reason>> {
    match value {
        Value::Integer(timestamp) => Some(calendar::datetime_of_integer(*timestamp)),
        value => Some(calendar::datetime_of_float(value.as_f64()?)),
    }
}

fn compare(datetime: Datetime, limit: Limit) -> Option<Ordering> {
    let Limit::Text(limit) = limit else {
        return None;
    };
    let limit = calendar::datetime(limit).ok()?;
    datetime.to_speedate()?.partial_cmp(&limit)
}

/// Reads a text that is a date and time, and not only a date or a number.
fn plain(text: &str, constraints: &Constraints) -> Option<Datetime> {
    let parsed = speedate::DateTime::parse_str_rfc3339(text).ok()?;
    let datetime = Datetime::from_speedate(&parsed)?;
    bounds::broken(constraints, |limit| compare(datetime, limit))
        .is_none()
        .then_some(datetime)
}

fn parse(value: &Value, strict: bool, problems: &mut Problems) -> Option<speedate::DateTime> {
    let (kind, words, reason) = match value {
        Value::String(text) => match calendar::datetime(text) {
            Ok(parsed) => return Some(parsed),
            Err(_) => match calendar::date(text) {
                Ok(date) => {
                    let time = calendar::time("00:00").ok()?;
                    return Some(speedate::DateTime { date, time });
                }
                Err(reason) => (
                    "datetime_from_date_parsing",
                    "Input should be a valid datetime or date",
                    reason,
                ),
            },
        },
        value => match of_number(value).filter(|_| !strict) {
            Some(Ok(parsed)) => return Some(parsed),
            Some(Err(reason)) => (
                "datetime_parsing",
                "Input should be a valid datetime",
                reason,
            ),
            None => {
                let message = "Input should be a valid datetime";
                problems.report("datetime_type", message, value, None);
                return None;
            }
        },
    };
    calendar::refuse(kind, words, reason, value, problems);
    None
}

impl Model for Datetime {
    const ACCEPTS: Accepts = calendar::ACCEPTS;

    fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
        plain(&reader.string()?, constraints).ok_or(Refused)
    }

    fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
        plain(text, constraints).ok_or(Refused)
    }

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        problems.floor(Exactness::Lax);
        let parsed = parse(value, problems.strict || constraints.strict, problems)?;
        let Some(datetime) = Self::from_speedate(&parsed) else {
            calendar::refuse(
                "datetime_parsing",
                "Input should be a valid datetime",
                calendar::YEAR_ZERO,
                value,
                problems,
            );
            return None;
        };
        let broken = bounds::broken(constraints, |limit| compare(datetime, limit));
        if let Some((bound, limit)) = broken {
            bound.report(Value::String(limit.text()), &limit.text(), value, problems);
            return None;
        }
        Some(datetime)
    }

    written_as_text!(|datetime| datetime.to_string());

    fn schema(_: &mut Schemas, _: &Constraints) -> Object {
        shape::text_in("date-time")
    }

    fn label() -> Cow<'static, str> {
        "datetime".into()
    }
}

/// A model that is a [`Datetime`] of one kind only.
macro_rules! kinds {
    ($($type:ty: $convert:expr, $kind:literal, $message:literal;)*) => {$(
        impl Model for $type {
            const ACCEPTS: Accepts = calendar::ACCEPTS;

            fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
                $convert(&Datetime::read(reader, constraints)?).ok_or(Refused)
            }

            fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
                $convert(&Datetime::read_text(text, constraints)?).ok_or(Refused)
            }

            fn validate(
                value: &Value,
                constraints: &Constraints,
                problems: &mut Problems,
            ) -> Option<Self> {
                let datetime = Datetime::validate(value, constraints, problems)?;
                let converted = $convert(&datetime);
                if converted.is_none() {
                    problems.report($kind, $message, value, None);
                }
                converted
            }

            written_as_text!(|moment| Datetime::from(*moment).to_string());

            fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object {
                Datetime::schema(schemas, constraints)
            }

            fn label() -> Cow<'static, str> {
                Datetime::label()
            }
        }
    )*};
}

fn without_offset(datetime: &Datetime) -> Option<NaiveDateTime> {
    match datetime.offset {
        None => Some(datetime.naive),
        Some(_) => None,
    }
}

kinds! {
    DateTime<Utc>: Datetime::to_utc, "timezone_aware", "Input should have timezone info";
    DateTime<FixedOffset>: Datetime::to_fixed, "timezone_aware", "Input should have timezone info";
    NaiveDateTime: without_offset, "timezone_naive", "Input should not have timezone info";
}
