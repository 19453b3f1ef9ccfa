//! JSON strings: finding their end quickly, and undoing their escapes.

use std::borrow::Cow;

const ONES: u64 = u64::from_le_bytes([1; 8]);
const HIGH_BITS: u64 = ONES << 7;

/// The place of the first `"`, `\` or control character from `start` on; the end if there is none.
#[inline]
pub(super) fn special(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        if let Some(index) = special_in(*chunk) {
            return at + index;
        }
        at += 8;
    }
    // What is left is less than a chunk: looks at the last one again, which is clean up to there.
    if let Some(chunk) = bytes.get(start..).and_then(|rest| rest.last_chunk()) {
        return special_in(*chunk).map_or(bytes.len(), |index| bytes.len() - 8 + index);
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let found = rest
        .iter()
        .position(|byte| matches!(byte, b'"' | b'\\' | ..0x20));
    found.map_or(bytes.len(), |index| at + index)
}

#[inline]
fn special_in(chunk: [u8; 8]) -> Option<usize> {
    let word = u64::from_le_bytes(chunk);
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    // A byte's high bit ends up set if it is below the number taken away from it. A borrow can
    // only mislead about bytes after the first that is found.
    let found = (quote.wrapping_sub(ONES) & !quote)
        | (backslash.wrapping_sub(ONES) & !backslash)
        | (word.wrapping_sub(ONES * 0x20) & !word);
    let found = found & HIGH_BITS;
    (found != 0).then(|| (found.trailing_zeros() / 8) as usize)
}

/// What is wrong with a string, and at which byte.
pub(super) enum StringError {
    Unterminated,
    Control(usize),
    Escape(usize),
    UnicodeEscape(usize),
}

/// A string, and the place after its closing quote.
pub(super) struct Scanned<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) end: usize,
    /// An escaped surrogate stood alone and became U+FFFD.
    pub(super) replaced: bool,
}

/// Reads the string whose opening quote is just before `start`.
#[inline]
pub(super) fn scan(text: &str, start: usize) -> Result<Scanned<'_>, StringError> {
    let stop = special(text.as_bytes(), start);
    if text.as_bytes().get(stop) == Some(&b'"') {
        let text = Cow::Borrowed(text.get(start..stop).unwrap_or_default());
        return Ok(Scanned {
            text,
            end: stop + 1,
            replaced: false,
        });
    }
    scan_escaped(text, start, stop)
}

#[cold]
fn scan_escaped(text: &str, start: usize, first: usize) -> Result<Scanned<'_>, StringError> {
    let bytes = text.as_bytes();
    let (mut from, mut stop) = (start, first);
    let mut unescaped = String::with_capacity(first - start + 16);
    let mut replaced = false;
    loop {
        unescaped.push_str(text.get(from..stop).unwrap_or_default());
        match bytes.get(stop) {
            Some(b'"') => {
                return Ok(Scanned {
                    text: Cow::Owned(unescaped),
                    end: stop + 1,
                    replaced,
                });
            }
            Some(b'\\') => {
                let (character, next) = unescape(bytes, stop)?;
                replaced |= character.is_none();
                unescaped.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
                from = next;
                stop = special(bytes, next);
            }
            Some(_) => return Err(StringError::Control(stop)),
            None => return Err(StringError::Unterminated),
        }
    }
}

/// The character that the escape at `backslash` stands for (none for a lone surrogate), and the
/// place after it.
fn unescape(bytes: &[u8], backslash: usize) -> Result<(Option<char>, usize), StringError> {
    let character = match bytes.get(backslash + 1) {
        Some(b'u') => return unicode(bytes, backslash + 1),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b @ (b'"' | b'\\' | b'/')) => char::from(*b),
        Some(_) => return Err(StringError::Escape(backslash)),
        None => return Err(StringError::Unterminated),
    };
    Ok((Some(character), backslash + 2))
}

fn unicode(bytes: &[u8], letter: usize) -> Result<(Option<char>, usize), StringError> {
    let code = hexadecimal(bytes, letter)?;
    let next = letter + 5;
    if (0xD800..0xDC00).contains(&code) && bytes.get(next..next + 2) == Some(br"\u") {
        let low = hexadecimal(bytes, next + 1)?;
        if (0xDC00..0xE000).contains(&low) {
            let joined = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            return Ok((char::from_u32(joined), next + 6));
        }
    }
    Ok((char::from_u32(code), next))
}

/// The four digits after the `u` at `letter`. Like Python, asks for one more byte to follow.
fn hexadecimal(bytes: &[u8], letter: usize) -> Result<u32, StringError> {
    let wrong = StringError::UnicodeEscape(letter);
    let Some([digits @ .., _]) = bytes.get(letter + 1..letter + 6) else {
        return Err(wrong);
    };
    digits
        .iter()
        .try_fold(0, |code, digit| {
            Some(code << 4 | char::from(*digit).to_digit(16)?)
        })
        .ok_or(wrong)
}
