//! Decimals: exact numbers with a fraction.

use std::borrow::Cow;
use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::{rare, written_as_text};
use crate::json::{Object, Value};
use crate::model::bounds::{self, Bound};
use crate::model::{
    Accepts, Bounds, Constraints, Exactness, Limit, Model, Problems, python, shape,
};
use crate::openapi::{Mode, Schemas};

/// The most digits behind the point that a decimal holds.
const MOST_PLACES: u32 = 28;

/// The digits of a number and the power of ten they are multiplied with.
struct Digits {
    negative: bool,
    digits: String,
    exponent: i64,
}

/// What a text means as a decimal.
enum Parsed {
    Finite(Digits),
    NotFinite,
    Malformed,
}

fn parse(text: &str) -> Parsed {
    let text: String = text
        .trim()
        .chars()
        .filter(|letter| *letter != '_')
        .collect();
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let lower = unsigned.to_ascii_lowercase();
    let payload = lower
        .strip_prefix("snan")
        .or_else(|| lower.strip_prefix("nan"));
    if matches!(&*lower, "inf" | "infinity")
        || payload.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return Parsed::NotFinite;
    }
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match (plain, exponent.parse::<i64>()) {
        (true, Ok(exponent)) => Parsed::Finite(Digits {
            negative: text.starts_with('-'),
            digits: match digits.trim_start_matches('0') {
                "" => "0".to_owned(),
                significant => significant.to_owned(),
            },
            exponent: exponent.saturating_sub(fraction.len() as i64),
        }),
        _ => Parsed::Malformed,
    }
}

impl Digits {
    /// Without zeros at the end.
    fn normalized(&self) -> Self {
        let significant = self.digits.trim_end_matches('0');
        let dropped = (self.digits.len() - significant.len()) as i64;
        let (digits, exponent) = match significant {
            "" => ("0", 0),
            significant => (significant, self.exponent.saturating_add(dropped)),
        };
        Self {
            negative: self.negative,
            digits: digits.to_owned(),
            exponent,
        }
    }

    /// How many digits there are behind the point, and in all.
    fn count(&self) -> (u64, u64) {
        let length = self.digits.len() as u64;
        match u64::try_from(self.exponent) {
            Ok(zeros) => (0, length.saturating_add(zeros)),
            Err(_) => {
                let places = self.exponent.unsigned_abs();
                (places, length.max(places))
            }
        }
    }

    fn decimal(&self) -> Option<Decimal> {
        let zeros = usize::try_from(self.exponent.max(0)).ok()?;
        if self.digits.len().saturating_add(zeros) > 29 {
            return None;
        }
        let scale = u32::try_from(self.exponent.min(0).unsigned_abs()).ok()?;
        let digits = format!("{}{}", self.digits, "0".repeat(zeros));
        let mut decimal = Decimal::try_from_i128_with_scale(digits.parse().ok()?, scale).ok()?;
        decimal.set_sign_negative(self.negative);
        Some(decimal)
    }
}

fn accept(value: &Value, problems: &mut Problems) -> Option<Digits> {
    problems.floor(Exactness::Lax);
    let parsed = match value {
        Value::String(text) => parse(text),
        Value::Integer(number) => parse(&number.to_string()),
        Value::BigInteger(digits) => parse(digits),
        Value::Float(number) => parse(&python::float(*number)),
        _ => {
            let message = "Decimal input should be an integer, float, string or Decimal object";
            problems.report("decimal_type", message, value, None);
            return None;
        }
    };
    match parsed {
        Parsed::Finite(digits) => return Some(digits),
        Parsed::NotFinite => {
            problems.report(
                "finite_number",
                "Input should be a finite number",
                value,
                None,
            );
        }
        Parsed::Malformed => {
            problems.report(
                "decimal_parsing",
                "Input should be a valid decimal",
                value,
                None,
            );
        }
    }
    None
}

/// Records that a decimal has more than `most` digits of a kind.
fn too_many(
    (kind, name, what): (&'static str, &str, &str),
    most: u32,
    value: &Value,
    problems: &mut Problems,
) {
    let mut context = Object::new();
    context.insert(name.to_owned(), most.into());
    let (noun, rest) = what.split_once(' ').unwrap_or((what, ""));
    let plural = if most == 1 { "" } else { "s" };
    let message = match rest {
        "place" => format!("Decimal input should have no more than {most} {what}{plural}"),
        _ => format!("Decimal input should have no more than {most} {noun}{plural} {rest}"),
    };
    problems.report(kind, message, value, Some(context));
}

const TOTAL: (&str, &str, &str) = ("decimal_max_digits", "max_digits", "digit in total");
const PLACES: (&str, &str, &str) = ("decimal_max_places", "decimal_places", "decimal place");
const WHOLE: (&str, &str, &str) = (
    "decimal_whole_digits",
    "whole_digits",
    "digit before the decimal point",
);

fn check_digits(
    digits: &Digits,
    constraints: &Constraints,
    value: &Value,
    problems: &mut Problems,
) -> bool {
    if constraints.max_digits.is_none() && constraints.decimal_places.is_none() {
        return true;
    }
    // Zeros at the end count only where the number has too many digits without them, too.
    let (places, total) = digits.count();
    let (least_places, least_total) = digits.normalized().count();
    let above = |most: u32, given: u64, least: u64| given.min(least) > u64::from(most);
    if let Some(most) = constraints.max_digits
        && above(most, total, least_total)
    {
        too_many(TOTAL, most, value, problems);
        return false;
    }
    if let Some(most) = constraints.decimal_places {
        if above(most, places, least_places) {
            too_many(PLACES, most, value, problems);
            return false;
        }
        if let Some(all) = constraints.max_digits {
            let whole = all.saturating_sub(most);
            let given = total.saturating_sub(places);
            if above(whole, given, least_total.saturating_sub(least_places)) {
                too_many(WHOLE, whole, value, problems);
                return false;
            }
        }
    }
    true
}

fn limit(limit: Limit) -> Option<Decimal> {
    let text = match limit {
        Limit::Integer(number) => return Some(number.into()),
        Limit::Float(number) => python::float(number),
        Limit::Text(text) => text.to_owned(),
    };
    match parse(&text) {
        Parsed::Finite(digits) => digits.decimal(),
        Parsed::NotFinite | Parsed::Malformed => None,
    }
}

fn compare(decimal: Decimal, bound: Limit) -> Option<Ordering> {
    Some(decimal.cmp(&limit(bound)?))
}

fn broken(decimal: Decimal, constraints: &Constraints) -> Option<(Bound, Limit)> {
    if let Some(step) = constraints.multiple_of {
        let rest = limit(step).and_then(|step| decimal.checked_rem(step));
        if !rest.is_some_and(|rest| rest.is_zero()) {
            return Some((Bound::MultipleOf, step));
        }
    }
    bounds::broken(constraints, |limit| compare(decimal, limit))
}

impl Model for Decimal {
    const ACCEPTS: Accepts = Accepts {
        bounds: Bounds::Decimal,
        multiple_of: true,
        digits: true,
        ..Accepts::NONE
    };

    rare!();

    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self> {
        let digits = accept(value, problems)?;
        if !check_digits(&digits, constraints, value, problems) {
            return None;
        }
        let normalized = digits.normalized();
        let Some(decimal) = digits.decimal().or_else(|| normalized.decimal()) else {
            let (places, total) = normalized.count();
            let most = if places > u64::from(MOST_PLACES) && total <= places {
                PLACES
            } else {
                TOTAL
            };
            too_many(most, MOST_PLACES, value, problems);
            return None;
        };
        if let Some((bound, limit)) = broken(decimal, constraints) {
            bound.report(limit.value(), &limit.text(), value, problems);
            return None;
        }
        Some(decimal)
    }

    written_as_text!(|decimal| decimal.to_string());

    fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object {
        let text = shape::of_type("string");
        if schemas.mode() == Mode::Output {
            return text;
        }
        let mut number = shape::of_type("number");
        shape::bound(&mut number, constraints);
        shape::any_of([number, text])
    }

    fn label() -> Cow<'static, str> {
        "decimal".into()
    }
}
