//! JSON: the recorded answers to malformed bodies, and what the value, reader and writer promise.

#![allow(clippy::unwrap_used)]

use std::thread;

use aplomb::json;
use aplomb::json::{
    DEPTH_LIMIT, NotFinite, Object, ParseError, PythonStyle, Reader, Refused, Value, Writer,
    is_valid, parse,
};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

const MATRIX: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../conformance/json_matrix.jsonl"
));

fn syntax(message: &'static str, position: usize) -> Result<Value, ParseError> {
    Err(ParseError::Syntax { message, position })
}

fn written(value: &Value) -> String {
    value.to_string()
}

fn python(value: &Value, style: PythonStyle) -> Result<String, NotFinite> {
    let mut writer = Writer::new();
    writer.python(value, style)?;
    Ok(String::from_utf8(writer.into_bytes()).unwrap())
}

/// The bytes of a matrix row's body.
fn body(row: &Value) -> Vec<u8> {
    match &row["body_b64"] {
        Value::String(text) => BASE64_STANDARD.decode(text).unwrap(),
        repeated => {
            let length = usize::try_from(repeated["length"].as_u64().unwrap()).unwrap();
            let part = repeated["repeat"].as_str().unwrap();
            part.bytes().cycle().take(length).collect()
        }
    }
}

/// What the parser makes of a row, where that differs from the record.
fn disagreement(row: &Value) -> Option<String> {
    let body = body(row);
    let parsed = parse(&body);
    let answer = row["answer"].as_str().unwrap().parse::<Value>();
    let agrees = match (row["status"].as_i64(), &parsed) {
        (Some(200), Ok(value)) => value.same(&answer.unwrap()),
        (Some(500), Ok(_)) | (Some(400), Err(ParseError::Unreadable)) => true,
        (Some(422), Err(ParseError::Syntax { message, position })) => {
            let error = &answer.unwrap()["detail"][0];
            error["type"] == "json_invalid"
                && error["ctx"]["error"] == *message
                && error["loc"][1] == *position
        }
        _ => false,
    };
    (!agrees).then(|| {
        format!(
            "{:?}: {parsed:?}, recorded {row}",
            String::from_utf8_lossy(&body)
        )
    })
}

#[test]
fn answers_malformed_bodies_as_recorded() {
    let rows: Vec<Value> = MATRIX.lines().map(|line| line.parse().unwrap()).collect();
    // An empty body never reaches the parser.
    let rows: Vec<&Value> = rows.iter().filter(|row| row["body_b64"] != "").collect();
    let differing: Vec<String> = rows.iter().filter_map(|row| disagreement(row)).collect();
    println!(
        "json matrix: {} of {} rows agree",
        rows.len() - differing.len(),
        rows.len()
    );
    assert!(rows.len() > 40 && differing.is_empty(), "{differing:#?}");
}

#[test]
fn speaks_as_pythons_decoder() {
    let value = "Expecting value";
    let unicode = "Invalid \\uXXXX escape";
    for (text, message, position) in [
        ("", value, 0),
        ("[é,", value, 1),
        ("[\"é\",", value, 5),
        ("\u{feff}\u{feff}1", value, 0),
        ("\u{a0}1", value, 0),
        ("nulL", value, 0),
        ("-Inf", value, 0),
        ("--1", value, 0),
        ("[1 ,\n ]", "Illegal trailing comma before end of array", 3),
        (
            "{\"é\":1 , }",
            "Illegal trailing comma before end of object",
            7,
        ),
        (
            "{\"a\":1,,}",
            "Expecting property name enclosed in double quotes",
            7,
        ),
        ("{\"a\":1]", "Expecting ',' delimiter", 6),
        ("[1}", "Expecting ',' delimiter", 2),
        ("{\"a\" ", "Expecting ':' delimiter", 5),
        ("[\"\\", "Unterminated string starting at", 1),
        ("\"é\u{0}\"", "Invalid control character at", 2),
        ("\"é\\é\"", "Invalid \\escape", 2),
        ("\"\\u12é4\"", unicode, 2),
        ("\"\\u+123\"", unicode, 2),
        ("\"\\u1234", unicode, 2),
        ("\"\\ud83d\\ude0\"", unicode, 8),
        ("\"\\ud83d\\ude00", unicode, 8),
        ("1e5x", "Extra data", 3),
        ("1.5.5", "Extra data", 3),
        ("-0.e1", "Extra data", 2),
        ("1e+", "Extra data", 1),
        ("NaNs", "Extra data", 3),
    ] {
        assert_eq!(parse(text.as_bytes()), syntax(message, position), "{text}");
    }
}

#[test]
fn reads_every_encoding() {
    let accented = Ok(Value::from(["é"]));
    assert_eq!(parse(b"\xEF\xBB\xBF[\"\xC3\xA9\"]"), accented);
    assert_eq!(parse(b"[\0\"\0\xE9\0\"\0]\0"), accented);
    assert_eq!(parse(b"\0[\0\"\0\xE9\0\"\0]"), accented);
    assert_eq!(parse(b"\0\0\0[\0\0\0\"\0\0\0\xE9\0\0\0\"\0\0\0]"), accented);
    assert_eq!(
        parse(b"\xFF\xFE\0\0[\0\0\0\"\0\0\0\xE9\0\0\0\"\0\0\0]\0\0\0"),
        accented
    );
    assert_eq!(parse(b"1\0"), Ok(1.into()));
    assert_eq!(parse(b"\0\0\0\x31\0"), Err(ParseError::Unreadable));
    assert_eq!(
        parse(b"\0\0\xFE\xFF\0\x11\0\0"),
        Err(ParseError::Unreadable)
    );
    assert_eq!(
        parse(b"\0\"\xD8\x3D\xDE\0\xD8\x3D\0\""),
        Ok("😀\u{fffd}".into())
    );
    assert_eq!(parse(b"\"\xED\xA0\x80\""), Ok("\u{fffd}".into()));
    assert_eq!(parse(b"\"\xED\xA0\""), Err(ParseError::Unreadable));
    assert_eq!(
        parse(b"\"\xE2\x82\xED\xA0\x80\""),
        Err(ParseError::Unreadable)
    );
}

#[test]
fn reads_numbers_of_any_size() {
    let long = format!("-{}", "9".repeat(4300));
    assert_eq!(parse(b"-9223372036854775808"), Ok(i64::MIN.into()));
    assert_eq!(parse(b"9223372036854775808"), Ok((1_u64 << 63).into()));
    assert_eq!(parse(b"-0"), Ok(Value::Integer(0)));
    assert_eq!(
        parse(long.as_bytes()),
        Ok(Value::BigInteger(long.as_str().into()))
    );
    assert_eq!(
        parse(format!("{long}0").as_bytes()),
        Err(ParseError::Unreadable)
    );
    assert_eq!(
        parse(format!("{long}0.0").as_bytes()),
        Ok(f64::NEG_INFINITY.into())
    );
    assert_eq!(
        parse(b"[-Infinity,-1e999]"),
        Ok([f64::NEG_INFINITY; 2].into())
    );
    assert!(matches!(parse(b"NaN"), Ok(Value::Float(float)) if float.is_nan()));
    assert_eq!(parse(b"1e99999999999999999999"), Ok(f64::INFINITY.into()));
    assert_eq!(parse(b"0e-99999999999999999999"), Ok(0.0.into()));
}

#[test]
fn the_last_of_equal_keys_wins_at_the_first_place() {
    assert_eq!(
        written(&parse(br#"{"a":1,"b":2,"a":3}"#).unwrap()),
        r#"{"a":3,"b":2}"#
    );
}

#[test]
fn joins_surrogates_and_replaces_lone_ones() {
    let mixed = br#""\ud83d\ude00\ud83d\ud83d\ude00\ude00""#;
    assert_eq!(parse(mixed), Ok("😀\u{fffd}😀\u{fffd}".into()));
    assert_eq!(
        Reader::new(r#""\ud83d\ude00""#).string().as_deref(),
        Ok("😀")
    );
    assert_eq!(Reader::new(r#""\ud83d""#).string(), Err(Refused));
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
        assert_eq!(written(&value), text);
        assert_eq!(python(&value, PythonStyle::Response), Ok(text));
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

#[test]
fn the_reader_nests_128_deep() {
    for (depth, expected) in [(128, true), (129, false)] {
        assert_eq!(
            is_valid(&("[".repeat(depth) + &"]".repeat(depth))),
            expected
        );
    }
}

#[test]
fn the_reader_refuses_what_is_not_strict() {
    for text in [
        "",
        " ",
        "nul",
        "tru",
        "01",
        "1.",
        ".5",
        "-",
        "+1",
        "NaN",
        "-Infinity",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1",
        "[",
        "{",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "\"a",
        "'a'",
        "\"\t\"",
        "\"\\x\"",
        "\"\\u123\"",
        "\u{feff}1",
        "1 2",
        "\u{a0}1",
        "[1}",
        "{\"a\":1]",
    ] {
        assert!(!is_valid(text), "{text}");
    }
    for text in ["1e999", "-1e400"] {
        assert_eq!(Reader::new(text).float(), Err(Refused));
        assert_eq!(Reader::new(text).value(), Err(Refused));
    }
    assert_eq!(Reader::new("1.0").integer(), Err(Refused));
    assert_eq!(Reader::new("9223372036854775808").integer(), Err(Refused));
    assert_eq!(Reader::new("18446744073709551616").unsigned(), Err(Refused));
    assert_eq!(Reader::new("-1").unsigned(), Err(Refused));
}

#[test]
fn the_reader_reads_fields_in_declared_order_or_any() -> Result<(), Refused> {
    let mut reader = Reader::new(" { \"a\" : 1 ,\n\"b\":[ ] , \"\\u0063\":null, \"d\":true } ");
    reader.begin_object()?;
    assert!(!reader.key_is("\"b\""));
    assert!(reader.key_is("\"a\""));
    assert_eq!(reader.integer()?, 1);
    assert!(!reader.key_is("\"a\""));
    assert!(reader.key_is("\"b\""));
    reader.begin_array()?;
    assert!(!reader.next_element()?);
    assert!(!reader.key_is("\"c\""));
    let before = reader.checkpoint();
    assert_eq!(reader.next_key()?.as_deref(), Some("c"));
    assert!(reader.null() && !reader.null());
    reader.rewind(before);
    assert_eq!(reader.next_key()?.as_deref(), Some("c"));
    assert_eq!(reader.raw()?, "null");
    assert!(reader.key_is("\"d\""));
    assert!(reader.boolean()?);
    assert!(!reader.key_is("\"d\""));
    assert_eq!(reader.next_key()?, None);
    reader.end()
}

#[test]
fn writes_floats_in_both_spellings() {
    for (float, plain, pythonic) in [
        (1.0, "1.0", "1.0"),
        (-0.0, "-0.0", "-0.0"),
        (1e-7, "1e-7", "1e-07"),
        (1.5e-5, "0.000015", "1.5e-05"),
        (-1e-5, "-0.00001", "-1e-05"),
        (0.00012, "0.00012", "0.00012"),
        (1e15, "1000000000000000.0", "1000000000000000.0"),
        (1e16, "1e16", "1e+16"),
        (
            1.234_567_890_123_456_8e17,
            "1.2345678901234568e17",
            "1.2345678901234568e+17",
        ),
        (5e-324, "5e-324", "5e-324"),
        (
            f64::MAX,
            "1.7976931348623157e308",
            "1.7976931348623157e+308",
        ),
    ] {
        assert_eq!(written(&float.into()), plain);
        assert_eq!(
            python(&float.into(), PythonStyle::Response),
            Ok(pythonic.to_owned())
        );
    }
    let odd = Value::from([f64::NAN, f64::INFINITY, f64::NEG_INFINITY]);
    assert_eq!(written(&odd), "[null,null,null]");
    assert_eq!(python(&odd, PythonStyle::Response), Err(NotFinite));
    assert_eq!(
        python(&odd, PythonStyle::Dumps).as_deref(),
        Ok("[NaN, Infinity, -Infinity]")
    );
}

#[test]
fn writes_strings_in_both_spellings() {
    let text = "\0\u{1}\u{8}\t\n\u{b}\u{c}\r\u{1f} \"\\/~\u{7f}é\u{2028}😀 and plain text";
    let plain = concat!(
        r#""\u0000\u0001\b\t\n\u000b\f\r\u001f \"\\/~"#,
        "\u{7f}é\u{2028}😀 and plain text\""
    );
    let ascii = concat!(
        r#""\u0000\u0001\b\t\n\u000b\f\r\u001f \"\\/~"#,
        r#"\u007f\u00e9\u2028\ud83d\ude00 and plain text""#
    );
    assert_eq!(written(&text.into()), plain);
    assert_eq!(
        python(&text.into(), PythonStyle::Response).as_deref(),
        Ok(plain)
    );
    assert_eq!(
        python(&text.into(), PythonStyle::Dumps).as_deref(),
        Ok(ascii)
    );
    assert_eq!(parse(ascii.as_bytes()), Ok(text.into()));
}

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
        serde_json::from_str::<Value>(&written(&value)).unwrap(),
        value
    );
    assert_eq!(serde_json::to_string(&value).unwrap(), written(&value));
    assert_eq!(Value::from(Some(vec!["x"])), json!(["x"]));
    assert_eq!(Value::from(None::<bool>), Value::Null);
    assert_eq!([("k", 1)].into_iter().collect::<Value>(), json!({"k": 1}));
    assert_eq!(Value::from(Object::new()), json!({}));
    assert_eq!(written(&u128::MAX.into()), u128::MAX.to_string());
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
