//! Floats.

use std::borrow::Cow;

use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::model::bounds::{self, Bound};
use crate::model::{Accepts, Bounds, Constraints, Dump, Exactness, Limit, Model, Problems, shape};
use crate::openapi::Schemas;

/// How far from a multiple a float may be and still be one.
const TOLERANCE: f64 = 1e-9;

const ACCEPTS: Accepts = Accepts {
    bounds: Bounds::Number,
    multiple_of: true,
    finite: true,
    ..Accepts::NONE
};

fn parse(text: &str) -> Option<f64> {
    if let Ok(number) = text.trim().parse() {
        return Some(number);
    }
    let grouped = text.contains('_')
        && !text.starts_with('_')
        && !text.ends_with('_')
        && !text.contains("__");
    grouped
        .then(|| text.replace('_', "").parse().ok())
        .flatten()
}

fn accept(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<f64> {
    let strict = problems.strict || constraints.strict;
    let number = match value {
        Value::Float(number) => Some(*number),
        Value::Integer(number) => {
            problems.floor(Exactness::Strict);
            Some(*number as f64)
        }
        Value::BigInteger(digits) => {
            problems.floor(Exactness::Strict);
            digits
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
        }
        Value::Bool(flag) if !strict => {
            problems.floor(Exactness::Lax);
            Some(f64::from(u8::from(*flag)))
        }
        Value::String(text) if !strict => {
            problems.floor(Exactness::Lax);
            let number = parse(text);
            if number.is_none() {
                problems.report(
                    "float_parsing",
                    "Input should be a valid number, unable to parse string as a number",
                    value,
                    None,
                );
                return None;
            }
            number
        }
        _ => None,
    };
    if number.is_none() {
        problems.report("float_type", "Input should be a valid number", value, None);
    }
    number
}

#[inline]
fn is_multiple(number: f64, constraints: &Constraints) -> bool {
    constraints.multiple_of.is_none_or(|step| {
        let step = step.as_f64();
        let nearest = (number / step).round() * step;
        // Not a number is a multiple of everything, as in Pydantic.
        (number - nearest).is_nan() || (number - nearest).abs() <= TOLERANCE
    })
}

#[inline]
fn keeps(number: f64, constraints: &Constraints) -> bool {
    is_multiple(number, constraints)
        && bounds::broken(constraints, |limit| number.partial_cmp(&limit.as_f64())).is_none()
}

fn check(number: f64, constraints: &Constraints, value: &Value, problems: &mut Problems) -> bool {
    if constraints.finite && !number.is_finite() {
        problems.report(
            "finite_number",
            "Input should be a finite number",
            value,
            None,
        );
        return false;
    }
    let broken = if is_multiple(number, constraints) {
        bounds::broken(constraints, |limit| number.partial_cmp(&limit.as_f64()))
    } else {
        constraints
            .multiple_of
            .map(|limit| (Bound::MultipleOf, limit))
    };
    if let Some((bound, limit)) = broken {
        let limit = Limit::Float(limit.as_f64());
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
    if plain { "float" } else { "constrained-float" }.into()
}

macro_rules! floats {
    ($($type:ty: $narrow:expr, $widen:expr;)*) => {$(
        impl Model for $type {
            const ACCEPTS: Accepts = ACCEPTS;

            #[inline]
            fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused> {
                let number = reader.float()?;
                if !keeps(number, constraints) {
                    return Err(Refused);
                }
                $narrow(number).ok_or(Refused)
            }

            fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
                let number: f64 = text.parse().map_err(|_| Refused)?;
                if constraints.strict || !number.is_finite() || !keeps(number, constraints) {
                    return Err(Refused);
                }
                $narrow(number).ok_or(Refused)
            }

            fn validate(
                value: &Value,
                constraints: &Constraints,
                problems: &mut Problems,
            ) -> Option<Self> {
                let number = accept(value, constraints, problems)?;
                if !check(number, constraints, value, problems) {
                    return None;
                }
                let narrowed: Option<Self> = $narrow(number);
                if narrowed.is_none() {
                    let (bound, limit) = if number < 0.0 {
                        (Bound::Ge, Self::MIN)
                    } else {
                        (Bound::Le, Self::MAX)
                    };
                    bound.report(Value::Float(limit.into()), &limit.to_string(), value, problems);
                }
                narrowed
            }

            #[inline]
            fn write(&self, writer: &mut Writer) {
                writer.float($widen(*self));
            }

            fn dump(&self, _: &Dump<'_>) -> Value {
                if self.is_finite() {
                    Value::Float($widen(*self))
                } else {
                    Value::Null
                }
            }

            fn schema(_: &mut Schemas, constraints: &Constraints) -> Object {
                let mut schema = shape::of_type("number");
                shape::bound(&mut schema, constraints);
                schema
            }

            fn label() -> Cow<'static, str> {
                "float".into()
            }

            fn label_with(constraints: &Constraints) -> Cow<'static, str> {
                label(constraints)
            }
        }
    )*};
}

fn narrow(number: f64) -> Option<f32> {
    let narrowed = number as f32;
    (narrowed.is_finite() || !number.is_finite()).then_some(narrowed)
}

/// The double with the same shortest text, so that `0.1` stays `0.1`.
fn widen(number: f32) -> f64 {
    number.to_string().parse().unwrap_or(f64::from(number))
}

floats! {
    f32: narrow, widen;
    f64: Some, std::convert::identity;
}
