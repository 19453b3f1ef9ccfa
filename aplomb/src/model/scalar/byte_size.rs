//! Sizes in bytes, with units.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::{integer, rare};
use crate::json::{Object, Value, Writer};
use crate::model::{Constraints, Dump, Exactness, Model, Problems, shape};
use crate::openapi::{Mode, Schemas};

const PATTERN: &str = r"^\s*(\d*\.?\d+)\s*(\w+)?";

static COMPILED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(PATTERN).ok());

/// A number of bytes, read also from text with a unit, such as `"1.5 MiB"` or `"20kB"`.
///
/// ```
/// use aplomb::model::{ByteSize, Constraints, Model};
///
/// let size = ByteSize::read_text("1.5 MiB", &Constraints::NONE).unwrap();
/// assert_eq!(size, ByteSize(1_572_864));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(pub u64);

/// How many bytes a unit has.
fn unit_size(unit: &str) -> Option<f64> {
    let unit = unit.to_ascii_lowercase();
    let (prefix, divisor) = match unit.strip_suffix("bit") {
        Some(prefix) => (prefix, 8.0),
        None => (unit.strip_suffix('b').unwrap_or(&unit), 1.0),
    };
    let (letter, base) = match prefix.strip_suffix('i') {
        Some(letter) if prefix.len() < unit.len() => (letter, 1024.0_f64),
        _ => (prefix, 1000.0),
    };
    let power = match letter {
        "" if base == 1000.0 => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        "e" => 6,
        _ => return None,
    };
    Some(base.powi(power) / divisor)
}

enum Unfit {
    Malformed,
    Unit(String),
}

fn parse(value: &Value) -> Result<u64, Unfit> {
    if let Some(number) = integer::quietly(value, false) {
        return number.try_into().map_err(|_| Unfit::Malformed);
    }
    let (Value::String(text), Some(pattern)) = (value, &*COMPILED) else {
        return Err(Unfit::Malformed);
    };
    let found = pattern.captures(text).ok_or(Unfit::Malformed)?;
    let scalar: f64 = found[1].parse().map_err(|_| Unfit::Malformed)?;
    let unit = found.get(2).map_or("b", |unit| unit.as_str());
    let size = unit_size(unit).ok_or_else(|| Unfit::Unit(unit.to_owned()))?;
    let bytes = (scalar * size).trunc();
    if bytes < u64::MAX as f64 {
        Ok(bytes as u64)
    } else {
        Err(Unfit::Malformed)
    }
}

impl Model for ByteSize {
    rare!();

    fn validate(value: &Value, _: &Constraints, problems: &mut Problems) -> Option<Self> {
        problems.floor(Exactness::Lax);
        match parse(value) {
            Ok(size) => return Some(Self(size)),
            Err(Unfit::Malformed) => {
                let message = "could not parse value and unit from byte string";
                problems.report("byte_size", message, value, None);
            }
            Err(Unfit::Unit(unit)) => {
                let message = format!("could not interpret byte unit: {unit}");
                let mut context = Object::new();
                context.insert("unit".to_owned(), Value::String(unit));
                problems.report("byte_size_unit", message, value, Some(context));
            }
        }
        None
    }

    fn write(&self, writer: &mut Writer) {
        writer.unsigned(self.0);
    }

    fn dump(&self, options: &Dump<'_>) -> Value {
        self.0.dump(options)
    }

    fn schema(schemas: &mut Schemas, _: &Constraints) -> Object {
        let mut number = shape::of_type("integer");
        number.insert("minimum".to_owned(), Value::Integer(0));
        if schemas.mode() == Mode::Output {
            return number;
        }
        let mut text = shape::of_type("string");
        text.insert("pattern".to_owned(), PATTERN.into());
        shape::any_of([text, number])
    }

    fn label() -> Cow<'static, str> {
        "function-after[_validate(), union[constrained-str,constrained-int]]".into()
    }
}
