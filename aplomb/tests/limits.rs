//! Lists of different items, limits that make no sense, and the names of a union's branches.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use aplomb::json::{Value, parse};
use aplomb::model::{Constraints, Limit, Model, Pattern, Problems};
use rust_decimal::Decimal;

static PATTERN: Pattern = Pattern::new("x");

static ABOVE_3: Constraints = Constraints {
    gt: Some(Limit::Integer(3)),
    ..Constraints::NONE
};

static UNIQUE: Constraints = Constraints {
    unique: true,
    ..Constraints::NONE
};

fn kinds<T: Model>(json: &str, constraints: &Constraints) -> Vec<String> {
    let mut problems = Problems::new();
    let value = parse(json.as_bytes()).expect("JSON");
    let model = T::validate(&value, constraints, &mut problems);
    assert_eq!(model.is_none(), !problems.is_empty());
    let problems = problems.into_vec();
    problems.into_iter().map(|one| one.kind.into()).collect()
}

#[test]
fn unique_lists_hold_no_equal_items() {
    assert!(kinds::<Vec<i64>>("[1, 2, 3]", &UNIQUE).is_empty());
    assert_eq!(kinds::<Vec<i64>>(r#"[1, "1"]"#, &UNIQUE), ["unique_items"]);
    assert_eq!(kinds::<Vec<Value>>("[1, 1.0]", &UNIQUE), ["unique_items"]);
    let turned = r#"[{"a": 1, "b": [2]}, {"b": [2.0], "a": 1}]"#;
    assert_eq!(kinds::<Vec<Value>>(turned, &UNIQUE), ["unique_items"]);
    assert!(kinds::<Vec<Value>>(r#"[1, "1", true, null]"#, &UNIQUE).is_empty());
}

#[test]
fn a_long_unique_list_takes_no_longer_than_its_length() {
    let items: Vec<String> = (0..100_000).map(|number| number.to_string()).collect();
    let json = format!("[{}]", items.join(","));
    assert!(kinds::<Vec<i64>>(&json, &UNIQUE).is_empty());
}

#[test]
fn integers_beyond_their_type_are_bounded() {
    assert_eq!(kinds::<u8>("256", &Constraints::NONE), ["less_than_equal"]);
    assert_eq!(
        kinds::<u8>("-1", &Constraints::NONE),
        ["greater_than_equal"]
    );
    assert_eq!(
        kinds::<i64>("9223372036854775808", &Constraints::NONE),
        ["less_than_equal"]
    );
    assert!(
        kinds::<u128>(
            "340282366920938463463374607431768211455",
            &Constraints::NONE
        )
        .is_empty()
    );
    assert_eq!(
        kinds::<f32>("1e300", &Constraints::NONE),
        ["less_than_equal"]
    );
}

#[test]
fn durations_without_a_sign_are_not_negative() {
    type Duration = std::time::Duration;
    assert_eq!(
        kinds::<Duration>("-1", &Constraints::NONE),
        ["greater_than_equal"]
    );
    assert!(kinds::<Duration>(r#""PT1S""#, &Constraints::NONE).is_empty());
}

/// Whether a table of limits is refused for a type.
fn refused<T: Model>(constraints: &Constraints) -> bool {
    std::panic::catch_unwind(|| T::ACCEPTS.assert(constraints)).is_err()
}

#[test]
fn limits_that_make_no_sense_are_refused() {
    let length = Constraints {
        min_length: Some(1),
        ..Constraints::NONE
    };
    let pattern = Constraints {
        pattern: Some(&PATTERN),
        ..Constraints::NONE
    };
    let fraction = Constraints {
        gt: Some(Limit::Float(0.5)),
        ..Constraints::NONE
    };
    let of_items = Constraints {
        items: Some(&ABOVE_3),
        ..Constraints::NONE
    };
    let upside_down = Constraints {
        min_length: Some(2),
        max_length: Some(1),
        ..Constraints::NONE
    };
    assert!(!refused::<String>(&length) && !refused::<Option<Vec<i64>>>(&length));
    assert!(refused::<i64>(&length) && refused::<bool>(&length));
    assert!(!refused::<Box<String>>(&pattern) && refused::<Vec<String>>(&pattern));
    assert!(!refused::<f64>(&fraction) && !refused::<Decimal>(&fraction));
    assert!(refused::<i64>(&fraction) && refused::<String>(&fraction));
    assert!(!refused::<Vec<i64>>(&of_items) && !refused::<HashMap<String, i64>>(&of_items));
    assert!(refused::<Vec<String>>(&of_items) && refused::<i64>(&of_items));
    assert!(!refused::<Vec<i64>>(&UNIQUE) && refused::<BTreeSet<i64>>(&UNIQUE));
    assert!(refused::<String>(&upside_down));
}

#[test]
fn branches_go_by_the_names_pydantic_gives_them() {
    assert_eq!(i64::label(), "int");
    assert_eq!(i64::label_with(&ABOVE_3), "constrained-int");
    assert_eq!(Vec::<Option<i64>>::label(), "list[nullable[int]]");
    assert_eq!(BTreeMap::<String, f64>::label(), "dict[str,float]");
    assert_eq!(<(i64, String)>::label(), "tuple[int, str]");
    assert_eq!(Box::<[bool]>::label(), "tuple[bool, ...]");
    assert_eq!(BTreeSet::<String>::label(), "set[str]");
    let items = Constraints {
        items: Some(&ABOVE_3),
        ..Constraints::NONE
    };
    assert_eq!(Vec::<i64>::label_with(&items), "list[constrained-int]");
}

#[derive(aplomb::Model, Debug)]
#[model(extra = "forbid")]
struct Node {
    #[allow(dead_code)]
    name: String,
    #[allow(dead_code)]
    child: Option<Box<Self>>,
}

#[test]
fn problems_hold_a_bounded_part_of_the_input() {
    let innermost = format!("[{}0]", "0,".repeat(20_000));
    let nested = r#"{"child":"#.repeat(200) + &innermost + &"}".repeat(200);
    let value = parse(nested.as_bytes()).expect("JSON");
    let problems = Node::from_value(&value).expect_err("no name");
    assert_eq!(problems.len(), 201);
    let answer = problems.to_value().to_string();
    assert!(answer.len() < 1_000_000, "{}", answer.len());
    let problems = problems.into_vec();
    assert!(!problems[0].input.is_null());
    assert!(problems[200].input.is_null());
}

#[test]
fn too_many_problems_are_counted_but_never_forgotten() {
    let empty = format!("[{}{{}}]", "{},".repeat(60_000));
    let value = parse(empty.as_bytes()).expect("JSON");
    let mut problems = Problems::new();
    assert!(Vec::<Node>::validate(&value, &Constraints::NONE, &mut problems).is_none());
    assert_eq!(problems.len(), 60_001);
    for wrong in [r#"["x"]"#, r#"{"name":"n","extra":1}"#] {
        let before = problems.len();
        let value = parse(wrong.as_bytes()).expect("JSON");
        let none = Constraints::NONE;
        assert!(HashSet::<i64>::validate(&value, &none, &mut problems).is_none());
        assert!(Node::validate(&value, &none, &mut problems).is_none());
        assert!(problems.len() > before);
        let found = problems.split_off(before);
        problems.extend(found);
        assert!(problems.len() > before);
        problems.truncate(before);
        assert_eq!(problems.len(), before);
    }
    let problems = problems.into_vec();
    assert!(problems.len() < 60_000);
    let closing = problems.last().expect("problems");
    assert_eq!(closing.kind, "too_many_problems");
}
