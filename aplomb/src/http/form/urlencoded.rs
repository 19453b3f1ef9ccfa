//! Forms of type `application/x-www-form-urlencoded`.

use super::counter::{Counter, Unit};
use super::{FormError, FormValue, Pieces};

/// Reads a form to its end.
pub(super) async fn read(
    pieces: &mut Pieces,
    counter: &mut Counter,
) -> Result<Vec<(String, FormValue)>, FormError> {
    let mut entries = Vec::new();
    let mut field = Field::default();
    while let Some(piece) = pieces.next().await? {
        let mut rest = &piece[..];
        while let Some(end) = memchr::memchr(b'&', rest) {
            field.extend(&rest[..end], counter)?;
            entries.extend(field.take(counter)?);
            rest = &rest[end + 1..];
        }
        field.extend(rest, counter)?;
    }
    entries.extend(field.take(counter)?);
    Ok(entries)
}

/// One field as it was sent, as far as it has come.
#[derive(Default)]
struct Field {
    bytes: Vec<u8>,
    equals: Option<usize>,
}

impl Field {
    fn extend(&mut self, more: &[u8], counter: &Counter) -> Result<(), FormError> {
        if self.equals.is_none() {
            self.equals = memchr::memchr(b'=', more).map(|at| self.bytes.len() + at);
        }
        let length = self.bytes.len() + more.len() - usize::from(self.equals.is_some());
        counter.size(length, Unit::Field)?;
        self.bytes.extend_from_slice(more);
        Ok(())
    }

    /// The field, unless nothing stood between two separators.
    fn take(&mut self, counter: &mut Counter) -> Result<Option<(String, FormValue)>, FormError> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        counter.field()?;
        let end = self.equals.take().unwrap_or(self.bytes.len());
        let name = decode(&self.bytes[..end]);
        let value = decode(self.bytes.get(end + 1..).unwrap_or_default());
        self.bytes.clear();
        Ok(Some((name, FormValue::Text(value))))
    }
}

/// What percent signs and plus signs stand for, in UTF-8. Bytes that are not ASCII should not be
/// there; they are Latin-1, as in FastAPI.
fn decode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.chunk_by(|one, other| one.is_ascii() == other.is_ascii()) {
        if !chunk[0].is_ascii() {
            text.extend(chunk.iter().copied().map(char::from));
        } else if memchr::memchr2(b'%', b'+', chunk).is_none() {
            text.push_str(&String::from_utf8_lossy(chunk));
        } else {
            let spaced: Vec<u8> = chunk
                .iter()
                .map(|byte| if *byte == b'+' { b' ' } else { *byte })
                .collect();
            let decoded = percent_encoding::percent_decode(&spaced);
            text.push_str(&decoded.decode_utf8_lossy());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn percent_signs_stand_for_utf8_and_other_bytes_for_latin1() {
        for (encoded, plain) in [
            (&b"x+y%2B"[..], "x y+"),
            (b"%c3%A9", "\u{e9}"),
            (b"%ff", "\u{fffd}"),
            (b"\xc3\xa9", "\u{c3}\u{a9}"),
            (b"%c3\xa9", "\u{fffd}\u{a9}"),
            (b"%zz%", "%zz%"),
            (b"", ""),
        ] {
            assert_eq!(decode(encoded), plain);
        }
    }
}
