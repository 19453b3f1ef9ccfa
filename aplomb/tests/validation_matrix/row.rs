//! One recorded answer, and how a type's answer is held against it.

use aplomb::json::{self, Object, Reader, Value};
use aplomb::model::{Constraints, Dump, Model, Problems};

/// What was recorded of one value.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) value: Value,
    status: i64,
    errors: Value,
    echo: Value,
}

impl Row {
    pub(crate) fn parse(line: &str) -> Self {
        let row = json::parse(line.as_bytes()).expect("a row");
        Self {
            name: row["type"].as_str().expect("a type").to_owned(),
            value: row["value"].clone(),
            status: row["status"].as_i64().expect("a status"),
            errors: row["errors"].clone(),
            echo: row["echo"].clone(),
        }
    }

    /// A row of which no answer is known.
    pub(crate) fn of(name: &str, value: Value) -> Self {
        Self {
            name: name.to_owned(),
            value,
            status: 0,
            errors: Value::Null,
            echo: Value::Null,
        }
    }

    /// Validates the value as `T` and compares problems or echo; the fast reader must agree with
    /// the complete one, and what is written with what is dumped.
    pub(crate) fn check<T: Model>(
        &self,
        constraints: &Constraints,
        echo: fn(&Value) -> Value,
    ) -> Result<(), String> {
        let value = expanded(&self.value);
        let mut problems = Problems::new();
        let result = T::validate(&value, constraints, &mut problems);
        let dump = result.as_ref().map(|model| model.dump(&Dump::ALL));
        self.check_readers::<T>(&value, constraints, dump.as_ref())?;
        if let (Some(model), Some(dump)) = (&result, &dump) {
            let mut writer = json::Writer::new();
            model.write(&mut writer);
            let written = json::parse(writer.as_bytes()).map_err(|error| error.to_string())?;
            equal("written", &written, dump)?;
        }
        let problems: Vec<Value> = problems
            .into_vec()
            .iter()
            .map(|problem| shown(problem.to_value()))
            .collect();
        match (self.status, dump) {
            (422, None) => equal("errors", &Value::Array(problems), &self.errors),
            (200, Some(dump)) if problems.is_empty() => {
                equal("echo", &shown(echo(&dump)), &self.echo)
            }
            (status, dump) => Err(format!("{status} expected, not {dump:?} {problems:?}")),
        }
    }

    fn check_readers<T: Model>(
        &self,
        value: &Value,
        constraints: &Constraints,
        dump: Option<&Value>,
    ) -> Result<(), String> {
        let text = value.to_string();
        if json::parse(text.as_bytes()).as_ref() != Ok(value) {
            // JSON cannot spell it, so the fast reader cannot meet it.
            return Ok(());
        }
        let mut reader = Reader::new(&text);
        let read = T::read(&mut reader, constraints).and_then(|model| reader.end().map(|()| model));
        let from_text = match value {
            Value::String(text) => T::read_text(text, constraints).ok(),
            _ => None,
        };
        for model in read.ok().into_iter().chain(from_text) {
            let fast = model.dump(&Dump::ALL);
            match dump {
                Some(dump) => equal("fast reader", &fast, dump)?,
                None => return Err(format!("the fast reader takes it as {fast}")),
            }
        }
        Ok(())
    }
}

fn equal(what: &str, found: &Value, expected: &Value) -> Result<(), String> {
    // As text a NaN equals itself, and is null.
    if found == expected || format!("{found}") == format!("{expected}") {
        Ok(())
    } else {
        Err(format!("{what}\n    found {found}\n   wanted {expected}"))
    }
}

/// Values at the edges of what JSON can spell, and beyond.
pub(crate) fn hostile() -> Vec<Value> {
    let floats = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        5e-324,
        9.3e18,
        -9.3e18,
        1e15 + 0.3,
    ];
    let numbers = floats.into_iter().map(Value::Float);
    let integers = [i64::MIN, i64::MAX, i64::MIN + 1].map(Value::Integer);
    let long = Value::BigInteger("9".repeat(4300).into());
    let texts = [
        "9".repeat(100_000),
        format!("1e{}", "9".repeat(30)),
        format!("-1e-{}", "9".repeat(30)),
        "1e999999999".to_owned(),
        "1e-999999999".to_owned(),
        "P999999999DT999999999H".to_owned(),
        "-999999999 days, 99:59:59".to_owned(),
        "9999-12-31T23:59:59.999999-23:59".to_owned(),
        "0001-01-01T00:00:00+23:59".to_owned(),
        "99999999999999999999".to_owned(),
        "-9223372036854775808".to_owned(),
        "253402300799.9999999".to_owned(),
        "\"\\".to_owned(),
        "@".repeat(2000),
        "<".repeat(2000),
        "a@".to_owned() + &"ß.".repeat(100),
        "\u{0}\u{1f}\u{7f}\u{10ffff}".to_owned(),
        "=".repeat(1000),
        "1/".repeat(1000),
        "http://\u{ad}".to_owned(),
        "é-".repeat(18),
        "[".repeat(100_000),
        r#"{"a":"#.repeat(5_000),
    ];
    let texts = texts.into_iter().map(Value::String);
    numbers.chain(integers).chain([long]).chain(texts).collect()
}

/// A long text is recorded as its first characters and its length; the last of them is repeated.
fn expanded(value: &Value) -> Value {
    match (value["repeat"].as_str(), value["length"].as_i64()) {
        (Some(start), Some(length)) => {
            let length = usize::try_from(length).expect("a length");
            let last = start.chars().next_back().into_iter().cycle();
            let text: String = start.chars().chain(last).take(length).collect();
            Value::String(text)
        }
        _ => value.clone(),
    }
}

fn shown(value: Value) -> Value {
    match value {
        Value::String(text) if text.chars().count() > 200 => {
            let mut object = Object::new();
            let start: String = text.chars().take(8).collect();
            object.insert("repeat".to_owned(), start.into());
            object.insert("length".to_owned(), text.chars().count().into());
            Value::Object(object)
        }
        Value::Array(items) => items.into_iter().map(shown).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, member)| (name, shown(member)))
            .collect(),
        other => other,
    }
}
