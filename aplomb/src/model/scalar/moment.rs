//! Dates that must lie before or after the present.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Deref;

use chrono::{Local, NaiveDate};

use super::{Datetime, calendar};
use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::model::{Accepts, Constraints, Dump, Model, Problems};
use crate::openapi::Schemas;

fn compare_with_today(date: &NaiveDate) -> Ordering {
    date.cmp(&Local::now().date_naive())
}

macro_rules! moments {
    ($($(#[$doc:meta])* $name:ident($inner:ty): $compare:path, $order:path, $kind:literal, $message:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name(pub $inner);

        impl Deref for $name {
            type Target = $inner;

            fn deref(&self) -> &$inner {
                &self.0
            }
        }

        impl Model for $name {
            const ACCEPTS: Accepts = calendar::ACCEPTS;

            fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
                let inner = <$inner>::read(reader, constraints)?;
                if $compare(&inner) == $order { Ok(Self(inner)) } else { Err(Refused) }
            }

            fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
                let inner = <$inner>::read_text(text, constraints)?;
                if $compare(&inner) == $order { Ok(Self(inner)) } else { Err(Refused) }
            }

            fn validate(
                value: &Value,
                constraints: &Constraints,
                problems: &mut Problems,
            ) -> Option<Self> {
                let inner = <$inner>::validate(value, constraints, problems)?;
                if $compare(&inner) == $order {
                    return Some(Self(inner));
                }
                problems.report($kind, $message, value, None);
                None
            }

            fn write(&self, writer: &mut Writer) {
                self.0.write(writer);
            }

            fn dump(&self, options: &Dump<'_>) -> Value {
                self.0.dump(options)
            }

            fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object {
                <$inner>::schema(schemas, constraints)
            }

            fn label() -> Cow<'static, str> {
                <$inner>::label()
            }
        }
    )*};
}

moments! {
    /// A date before today.
    PastDate(NaiveDate): compare_with_today, Ordering::Less,
        "date_past", "Date should be in the past";
    /// A date after today.
    FutureDate(NaiveDate): compare_with_today, Ordering::Greater,
        "date_future", "Date should be in the future";
    /// A date and time before now.
    PastDatetime(Datetime): Datetime::compare_with_now, Ordering::Less,
        "datetime_past", "Input should be in the past";
    /// A date and time after now.
    FutureDatetime(Datetime): Datetime::compare_with_now, Ordering::Greater,
        "datetime_future", "Input should be in the future";
}
