//! The fast reader, the complete parser and the writer hold against each other on random
//! and on damaged texts.

use aplomb::json::{Reader, Refused, Value, Writer, is_valid, parse};
use proptest::prelude::*;

/// Values as JSON can spell them; floats are finite.
fn values() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1000_i64..1000).prop_map(Value::from),
        any::<i128>().prop_map(Value::from),
        prop::num::f64::NORMAL.prop_map(Value::from),
        (-100_000_i32..100_000).prop_map(|cents| Value::from(f64::from(cents) / 100.0)),
        any::<String>().prop_map(Value::from),
        "[ -~]{0,40}".prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec(("[a-c\"\\\\é]{0,3}", inner), 0..6)
                .prop_map(|members| members.into_iter().collect::<Value>()),
        ]
    })
}

/// The pieces that texts go wrong with.
fn pieces() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u",
        "d83d",
        "\\ude00",
        "\\n",
        "0",
        "1",
        "-",
        ".",
        "e",
        "E+",
        "9223372036854775808",
        "null",
        "true",
        "NaN",
        "-Infinity",
        " ",
        "\n",
        "é",
        "\u{0}",
        "\u{feff}",
        "\"a\":",
        "1e999",
        "😀",
    ])
}

/// A value's text with some of its characters replaced by pieces.
fn damaged() -> impl Strategy<Value = String> {
    let damage = (any::<prop::sample::Index>(), 0..3_usize, pieces());
    (values(), prop::collection::vec(damage, 1..4)).prop_map(|(value, damages)| {
        let mut characters: Vec<char> = value.to_string().chars().collect();
        for (index, removed, piece) in damages {
            let start = index.index(characters.len() + 1);
            let end = (start + removed).min(characters.len());
            characters.splice(start..end, piece.chars());
        }
        characters.into_iter().collect()
    })
}

fn read(text: &str) -> Result<Value, Refused> {
    let mut reader = Reader::new(text);
    let value = reader.value()?;
    reader.end()?;
    Ok(value)
}

/// The reader never vouches for what the parser reads otherwise, nor for what serde_json rejects;
/// and it refuses nothing that serde_json accepts.
fn agree(text: &str) -> Result<(), TestCaseError> {
    let parsed = parse(text.as_bytes());
    if let Ok(value) = read(text) {
        prop_assert_eq!(parsed.as_ref(), Ok(&value));
        prop_assert!(is_valid(text));
    }
    if is_valid(text) {
        prop_assert!(parsed.is_ok());
        prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok());
    } else {
        prop_assert!(serde_json::from_str::<serde_json::Value>(text).is_err());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_is_written_reads_back(value in values()) {
        let text = value.to_string();
        prop_assert_eq!(read(&text), Ok(value.clone()));
        prop_assert_eq!(parse(text.as_bytes()), Ok(value.clone()));
        let foreign = serde_json::Value::from(value.clone());
        agree(&serde_json::to_string_pretty(&foreign).unwrap())?;
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        prop_assert_eq!(parse(&[b"\xFF\xFE", &*utf16].concat()), Ok(value));
    }

    #[test]
    fn damaged_texts_read_the_same(text in damaged()) {
        agree(&text)?;
    }

    #[test]
    fn loose_pieces_read_the_same(pieces in prop::collection::vec(pieces(), 0..12)) {
        agree(&pieces.concat())?;
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        if let Ok(value) = parse(&bytes) {
            prop_assert!(parse(value.to_string().as_bytes()).is_ok());
        }
    }

    #[test]
    fn decimals_round_as_the_standard_library_does(
        text in "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,22})?([eE][-+]?[0-9]{1,3})?",
    ) {
        // The integer `-0` is 0.
        let expected = if text == "-0" { 0.0 } else { text.parse::<f64>().unwrap() };
        match Reader::new(&text).float() {
            Ok(float) => prop_assert_eq!(float.to_bits(), expected.to_bits()),
            Err(Refused) => prop_assert!(expected.is_infinite()),
        }
    }

    #[test]
    fn short_decimals_are_written_as_others_are(digits in 0_u64..1 << 53, places in 0..8_i32) {
        for digits in [digits, digits % 1_000_000, digits % 1000] {
            let float = digits as f64 / 10_f64.powi(places);
            for float in [float, -float, float.next_up(), float.next_down()] {
                let expected = ryu::Buffer::new().format_finite(float).to_owned();
                prop_assert_eq!(Value::from(float).to_string(), expected);
            }
        }
    }

    #[test]
    fn strings_are_written_as_serde_json_writes_them(text in any::<String>()) {
        let mut writer = Writer::new();
        writer.string(&text);
        prop_assert_eq!(writer.into_bytes(), serde_json::to_vec(&text).unwrap());
    }
}
