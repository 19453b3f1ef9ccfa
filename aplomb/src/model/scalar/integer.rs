//! Integers of every size.

use std::borrow::Cow;

use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::model::bounds::{self, Bound};
use crate::model::{Accepts, Bounds, Constraints, Dump, Exactness, Limit, Model, Problems, shape};
use crate::openapi::Schemas;

/// Python refuses to convert texts with more digits.
const DIGITS_LIMIT: usize = 4300;

pub(crate) const ACCEPTS: Accepts = Accepts {
    bounds: Bounds::Integer,
    multiple_of: true,
    ..Accepts::NONE
};

/// An integer of any size.
enum Whole {
    Small(i128),
    /// One beyond 128 bits with a sign, as its digits.
    Large(Box<str>),
}

impl Whole {
    fn parse(digits: &str) -> Self {
        match digits.parse() {
            Ok(small) => Self::Small(small),
            Err(_) => Self::Large(digits.into()),
        }
    }

    /// The nearest integer of 128 bits, which compares with every limit as the real one does.
    fn nearest(&self) -> i128 {
        match self {
            Self::Small(small) => *small,
            Self::Large(digits) if digits.starts_with('-') => i128::MIN,
            Self::Large(_) => i128::MAX,
        }
    }
}

/// Why a text is not an integer.
enum Unfit {
    Malformed,
    TooLong,
}

/// A text as an integer: blanks around it, a sign, leading zeros, single underscores between
/// digits and a fraction of zeros are allowed.
fn parse(text: &str) -> Result<Whole, Unfit> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let plain = unsigned == "0" || (!unsigned.starts_with('0') && is_digits(unsigned));
    if plain {
        return if unsigned.len() > DIGITS_LIMIT {
            Err(Unfit::TooLong)
        } else {
            Ok(Whole::parse(text))
        };
    }
    let trimmed = text.trim();
    let unsigned = trimmed.strip_prefix(['-', '+']).unwrap_or(trimmed);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let grouped = !whole.is_empty() && whole.split('_').all(is_digits);
    if !grouped || fraction.is_empty() || !fraction.bytes().all(|byte| byte == b'0') {
        return Err(Unfit::Malformed);
    }
    let digits: String = whole.chars().filter(|letter| *letter != '_').collect();
    let significant = digits.trim_start_matches('0');
    if significant.len() > DIGITS_LIMIT {
        return Err(Unfit::Malformed);
    }
    let sign = if trimmed.starts_with('-') { "-" } else { "" };
    let significant = if significant.is_empty() {
        "0"
    } else {
        significant
    };
    Ok(Whole::parse(&format!("{sign}{significant}")))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Any value as an integer by the lax rules, or by the strict ones.
fn accept(value: &Value, strict: bool, problems: &mut Problems) -> Option<Whole> {
    match value {
        Value::Integer(number) => return Some(Whole::Small((*number).into())),
        Value::BigInteger(digits) => return Some(Whole::parse(digits)),
        Value::Bool(flag) if !strict => {
            problems.floor(Exactness::Lax);
            return Some(Whole::Small((*flag).into()));
        }
        Value::Float(number) if !strict => {
            problems.floor(Exactness::Lax);
            return from_float(*number, value, problems);
        }
        Value::String(text) if !strict => {
            problems.floor(Exactness::Lax);
            match parse(text) {
                Ok(whole) => return Some(whole),
                Err(Unfit::TooLong) => too_large(value, problems),
                Err(Unfit::Malformed) => problems.report(
                    "int_parsing",
                    "Input should be a valid integer, unable to parse string as an integer",
                    value,
                    None,
                ),
            }
        }
        _ => problems.report("int_type", "Input should be a valid integer", value, None),
    }
    None
}

fn from_float(number: f64, value: &Value, problems: &mut Problems) -> Option<Whole> {
    if !number.is_finite() {
        problems.report(
            "finite_number",
            "Input should be a finite number",
            value,
            None,
        );
    } else if number.fract() != 0.0 {
        problems.report(
            "int_from_float",
            "Input should be a valid integer, got a number with a fractional part",
            value,
            None,
        );
    } else if (i64::MIN as f64) < number && number < (i64::MAX as f64) {
        return Some(Whole::Small(number as i128));
    } else {
        too_large(value, problems);
    }
    None
}

/// Records that an integer has more digits than can be read.
pub(crate) fn too_large(value: &Value, problems: &mut Problems) {
    problems.report(
        "int_parsing_size",
        "Unable to parse input string as an integer, exceeded maximum size",
        value,
        None,
    );
}

/// Any value as an integer, without a word if it is none.
pub(crate) fn quietly(value: &Value, strict: bool) -> Option<i128> {
    match accept(value, strict, &mut Problems::new())? {
        Whole::Small(number) => Some(number),
        Whole::Large(_) => None,
    }
}

fn compare(number: i128, limit: Limit) -> Option<std::cmp::Ordering> {
    match limit {
        Limit::Integer(limit) => Some(number.cmp(&limit.into())),
        other => (number as f64).partial_cmp(&other.as_f64()),
    }
}

#[inline]
fn is_multiple(number: i128, constraints: &Constraints) -> bool {
    match constraints.multiple_of {
        None => true,
        Some(Limit::Integer(step)) => match i64::try_from(number) {
            Ok(number) => number.checked_rem(step) == Some(0) || (step == -1),
            Err(_) => number.checked_rem(step.into()) == Some(0),
        },
        Some(step) => (number as f64) % step.as_f64() == 0.0,
    }
}

#[inline]
fn keeps(number: i128, constraints: &Constraints) -> bool {
    is_multiple(number, constraints)
        && bounds::broken(constraints, |limit| compare(number, limit)).is_none()
}

fn check(number: i128, constraints: &Constraints, value: &Value, problems: &mut Problems) -> bool {
    let broken = if is_multiple(number, constraints) {
        bounds::broken(constraints, |limit| compare(number, limit))
    } else {
        constraints
            .multiple_of
            .map(|limit| (Bound::MultipleOf, limit))
    };
    if let Some((bound, limit)) = broken {
        bound.report(limit.value(), &limit.text(), value, problems);
    }
    broken.is_none()
}

fn label(constraints: &Constraints) -> Cow<'static, str> {
    let plain = constraints.multiple_of.is_none()
        && constraints.gt.is_none()
        && constraints.ge.is_none()
        && constraints.lt.is_none()
        && constraints.le.is_none();
    if plain { "int" } else { "constrained-int" }.into()
}

/// An integer as JSON.
fn to_value(number: impl TryInto<i64> + Copy + ToString) -> Value {
    match number.try_into() {
        Ok(number) => Value::Integer(number),
        Err(_) => Value::BigInteger(number.to_string().into()),
    }
}

macro_rules! integers {
    ($($type:ty: $read:ident, $least:expr;)*) => {$(
        impl Model for $type {
            const ACCEPTS: Accepts = ACCEPTS;

            #[inline]
            fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
                let number = Self::try_from(reader.$read()?).map_err(|_| Refused)?;
                match i128::try_from(number) {
                    Ok(wide) if keeps(wide, constraints) => Ok(number),
                    _ => Err(Refused),
                }
            }

            fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
                let number: Self = text.parse().map_err(|_| Refused)?;
                match i128::try_from(number) {
                    Ok(wide) if !constraints.strict && keeps(wide, constraints) => Ok(number),
                    _ => Err(Refused),
                }
            }

            fn validate(
                value: &Value,
                constraints: &Constraints,
                problems: &mut Problems,
            ) -> Option<Self> {
                let whole = accept(value, problems.strict || constraints.strict, problems)?;
                if !check(whole.nearest(), constraints, value, problems) {
                    return None;
                }
                let number = match &whole {
                    Whole::Small(small) => Self::try_from(*small).ok(),
                    Whole::Large(digits) => digits.parse().ok(),
                };
                if number.is_none() {
                    let (bound, limit) = if whole.nearest() < 0 {
                        (Bound::Ge, Self::MIN)
                    } else {
                        (Bound::Le, Self::MAX)
                    };
                    bound.report(to_value(limit), &limit.to_string(), value, problems);
                }
                number
            }

            #[inline]
            fn write(&self, writer: &mut Writer) {
                writer.raw(itoa::Buffer::new().format(*self));
            }

            fn dump(&self, _: &Dump<'_>) -> Value {
                to_value(*self)
            }

            fn schema(_: &mut Schemas, constraints: &Constraints) -> Object {
                let mut schema = shape::of_type("integer");
                shape::bound(&mut schema, constraints);
                if let Some(least) = $least
                    && constraints.ge.is_none()
                    && constraints.gt.is_none()
                {
                    schema.insert("minimum".to_owned(), Value::Integer(least));
                }
                schema
            }

            fn label() -> Cow<'static, str> {
                "int".into()
            }

            fn label_with(constraints: &Constraints) -> Cow<'static, str> {
                label(constraints)
            }
        }
    )*};
}

integers! {
    i8: integer, None;
    i16: integer, None;
    i32: integer, None;
    i64: integer, None;
    i128: integer, None;
    isize: integer, None;
    u8: unsigned, Some(0);
    u16: unsigned, Some(0);
    u32: unsigned, Some(0);
    u64: unsigned, Some(0);
    u128: unsigned, Some(0);
    usize: unsigned, Some(0);
}
