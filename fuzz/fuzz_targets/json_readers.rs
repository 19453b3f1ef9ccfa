//! The fast JSON reader against the complete parser: what the first accepts, the second
//! accepts with the same value, and no bytes make either of them panic.
#![no_main]

use aplomb::json::{Reader, is_valid, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let complete = parse(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let mut reader = Reader::new(text);
    let fast = reader.value().and_then(|value| reader.end().map(|()| value));
    if let Ok(value) = fast {
        assert_eq!(Some(&value), complete.as_ref().ok(), "the fast reader alone accepts {text:?}");
        assert!(is_valid(text), "read, yet called invalid: {text:?}");
        let written = value.to_string();
        assert_eq!(parse(written.as_bytes()).ok(), Some(value), "written as {written:?}");
    }
});
