//! The complete parser.

use aplomb::json::{ParseError, Reader, Refused, Value, parse};

fn syntax(message: &'static str, position: usize) -> Result<Value, ParseError> {
    Err(ParseError::Syntax { message, position })
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
        parse(br#"{"a":1,"b":2,"a":3}"#).unwrap().to_string(),
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
