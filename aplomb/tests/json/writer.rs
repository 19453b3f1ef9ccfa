//! The writer, in both spellings.

use aplomb::json::{NotFinite, PythonStyle, Value, Writer, parse};

fn python(value: &Value, style: PythonStyle) -> Result<String, NotFinite> {
    let mut writer = Writer::new();
    writer.python(value, style)?;
    Ok(String::from_utf8(writer.into_bytes()).unwrap())
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
        assert_eq!(Value::from(float).to_string(), plain);
        assert_eq!(
            python(&float.into(), PythonStyle::Response),
            Ok(pythonic.to_owned())
        );
    }
    let odd = Value::from([f64::NAN, f64::INFINITY, f64::NEG_INFINITY]);
    assert_eq!(odd.to_string(), "[null,null,null]");
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
    assert_eq!(Value::from(text).to_string(), plain);
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
