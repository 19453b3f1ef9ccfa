//! The fast typed reader.

use aplomb::json::{Reader, Refused, is_valid};

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
