//! The text in the bytes of a JSON document, in whichever Unicode encoding it came.

use std::borrow::Cow;

/// The text, or nothing if the bytes are not Unicode. Surrogates that stand alone, which Python
/// lets pass here, become U+FFFD.
pub(super) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    match bytes {
        [0, 0, 0xFE, 0xFF, rest @ ..] => utf32(rest, u32::from_be_bytes),
        [0xFF, 0xFE, 0, 0, rest @ ..] => utf32(rest, u32::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        [0, 0, _, _, ..] => utf32(bytes, u32::from_be_bytes),
        [0, _, _, _, ..] | [0, _] => utf16(bytes, u16::from_be_bytes),
        [_, 0, 0, 0, ..] => utf32(bytes, u32::from_le_bytes),
        [_, 0, _, _, ..] | [_, 0] => utf16(bytes, u16::from_le_bytes),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = bytes.to_vec();
    let mut at = 0;
    while let Some([first, second, third]) = bytes.get_mut(at..at + 3) {
        if *first == 0xED && *second >= 0xA0 && *third & 0xC0 == 0x80 {
            // Exactly as long as U+FFFD, so that places stay what they are.
            (*first, *second, *third) = (0xEF, 0xBF, 0xBD);
        }
        at += 1;
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<Cow<'_, str>> {
    let (units, rest) = bytes.as_chunks();
    if !rest.is_empty() {
        return None;
    }
    let characters = char::decode_utf16(units.iter().copied().map(unit));
    Some(
        characters
            .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect(),
    )
}

fn utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> Option<Cow<'_, str>> {
    let (units, rest) = bytes.as_chunks();
    if !rest.is_empty() {
        return None;
    }
    let characters = units.iter().copied().map(|bytes| match unit(bytes) {
        0xD800..=0xDFFF => Some(char::REPLACEMENT_CHARACTER),
        code => char::from_u32(code),
    });
    characters.collect::<Option<String>>().map(Cow::Owned)
}
