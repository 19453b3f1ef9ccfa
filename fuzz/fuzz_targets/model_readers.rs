//! The two readers of `Model` against each other: what the fast one accepts, the complete one
//! accepts with the same value and without a problem, and no text makes either panic.
//! The first byte chooses the type.
#![no_main]

use std::collections::{BTreeMap, BTreeSet};

use aplomb::Model;
use aplomb::json::{Reader, Value, Writer, parse};
use aplomb::model::{Constraints, Limit, Problems};
use libfuzzer_sys::fuzz_target;

#[derive(Model)]
struct Item {
    #[field(min_length = 1, max_length = 8)]
    name: String,
    #[field(gt = 0)]
    price: f64,
    tax: Option<f64>,
    #[field(default)]
    tags: Vec<String>,
    #[field(default = 3, ge = 1, le = 9)]
    count: u8,
}

#[derive(Model)]
#[model(extra = "forbid", rename_all = "camelCase")]
struct Order {
    item_list: Vec<Item>,
    by_name: BTreeMap<String, Option<i64>>,
    place: (i64, bool),
}

const BOUNDED: Constraints = Constraints {
    ge: Some(Limit::Integer(-5)),
    lt: Some(Limit::Float(100.5)),
    min_length: Some(1),
    max_length: Some(4),
    ..Constraints::NONE
};

fn written(model: &impl Model) -> Vec<u8> {
    let mut writer = Writer::new();
    model.write(&mut writer);
    writer.into_bytes()
}

/// Holds the complete reader to what the fast one made of the same value.
fn agree<T: Model>(fast: Option<T>, value: Option<Value>, constraints: &Constraints, text: &str) {
    let mut problems = Problems::new();
    let complete = value.and_then(|value| T::validate(&value, constraints, &mut problems));
    if let Some(fast) = fast {
        let Some(complete) = complete else {
            panic!("{}: the fast reader alone accepts {text:?}: {problems:?}", T::label());
        };
        assert!(problems.is_empty(), "{}: {text:?}: {problems:?}", T::label());
        assert_eq!(written(&fast), written(&complete), "{}: {text:?}", T::label());
    } else {
        assert!(complete.is_none() || problems.is_empty(), "{}: {text:?}", T::label());
    }
}

fn hold<T: Model>(text: &str) {
    for constraints in [&Constraints::NONE, &BOUNDED] {
        let mut reader = Reader::new(text);
        let fast = T::read(&mut reader, constraints).and_then(|model| reader.end().map(|()| model));
        agree(fast.ok(), parse(text.as_bytes()).ok(), constraints, text);
        let fast = T::read_text(text, constraints);
        agree(fast.ok(), Some(Value::String(text.to_owned())), constraints, text);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, rest)) = bytes.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    match choice % 16 {
        0 => hold::<i64>(text),
        1 => hold::<u8>(text),
        2 => hold::<f64>(text),
        3 => hold::<bool>(text),
        4 => hold::<String>(text),
        5 => hold::<char>(text),
        6 => hold::<Vec<i64>>(text),
        7 => hold::<BTreeSet<String>>(text),
        8 => hold::<BTreeMap<String, f64>>(text),
        9 => hold::<Option<bool>>(text),
        10 => hold::<(i64, String)>(text),
        11 => hold::<Vec<Option<f32>>>(text),
        12 => hold::<Value>(text),
        13 => hold::<u64>(text),
        14 => hold::<Item>(text),
        _ => hold::<Order>(text),
    }
});
