//! The value itself.

use std::thread;

use aplomb::json;
use aplomb::json::{DEPTH_LIMIT, Object, ParseError, PythonStyle, Value, Writer, parse};

#[test]
fn values_convert_and_compare() {
    let value = json!({"a": [1, -2.5, "x", null, true], "b/~": {"c": u64::MAX}});
    assert_eq!(
        value.pointer("/b~1~0/c").and_then(Value::as_u64),
        Some(u64::MAX)
    );
    assert_eq!(value.pointer("/a/01"), None);
    assert_eq!(value["a"][9]["z"], Value::Null);
    assert_eq!(value["b/~"]["c"], u64::MAX);
    assert_eq!(
        serde_json::from_str::<Value>(&value.to_string()).unwrap(),
        value
    );
    assert_eq!(serde_json::to_string(&value).unwrap(), value.to_string());
    assert_eq!(Value::from(Some(vec!["x"])), json!(["x"]));
    assert_eq!(Value::from(None::<bool>), Value::Null);
    assert_eq!([("k", 1)].into_iter().collect::<Value>(), json!({"k": 1}));
    assert_eq!(Value::from(Object::new()), json!({}));
    assert_eq!(Value::from(u128::MAX).to_string(), u128::MAX.to_string());
}

#[test]
fn same_compares_numbers_by_value() {
    let same = |left: &str, right: &str| {
        left.parse::<Value>()
            .unwrap()
            .same(&right.parse::<Value>().unwrap())
    };
    assert!(same(r#"{"a":[1,2.0],"b":NaN}"#, r#"{"b":NaN,"a":[1.0,2]}"#));
    assert!(same("18446744073709551616", "18446744073709551616.0"));
    assert!(!same("9007199254740993", "9007199254740992.0"));
    assert!(!same("9223372036854775807", "9223372036854775808.0"));
    assert!(!same("[1]", "[true]") && !same("1", "\"1\"") && !same("[1]", "[1,2]"));
}

#[test]
fn the_deepest_values_are_safe_on_a_small_stack() {
    let half = DEPTH_LIMIT / 2;
    let text = format!("{}1{}", "{\"a\":[".repeat(half), "]}".repeat(half));
    assert_eq!(
        parse(format!("[{text}]").as_bytes()),
        Err(ParseError::Unreadable)
    );
    let work = move || {
        let value: Value = text.parse().unwrap();
        let copy = value.clone();
        assert!(value == copy && value.same(&copy));
        assert_eq!(value.to_string(), text);
        let mut writer = Writer::new();
        assert_eq!(writer.python(&value, PythonStyle::Response), Ok(()));
        assert_eq!(writer.as_bytes(), text.as_bytes());
        assert!(format!("{value:?}").len() > DEPTH_LIMIT);
        assert_eq!(Value::from(serde_json::Value::from(value)), copy);
    };
    thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(work)
        .unwrap()
        .join()
        .unwrap();
}
