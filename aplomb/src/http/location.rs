//! The URL of a `Location` header.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What Python's `quote` leaves alone in a `Location`.
const QUOTED_IN_LOCATION: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b'%')
    .remove(b'#')
    .remove(b'?')
    .remove(b'=')
    .remove(b'@')
    .remove(b'[')
    .remove(b']')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';');

/// A URL with everything quoted that may not stand in it.
pub(super) fn quoted(url: &str) -> String {
    utf8_percent_encode(url, QUOTED_IN_LOCATION).to_string()
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn location_is_quoted() {
        assert_eq!(quoted("/a b?c=é%20#x"), "/a%20b?c=%C3%A9%20#x");
        assert_eq!(quoted("/\r\nx: y\"<>"), "/%0D%0Ax:%20y%22%3C%3E");
        assert_eq!(
            quoted("https://h/:/%#?=@[]!$&'()*+,;_.-~"),
            "https://h/:/%#?=@[]!$&'()*+,;_.-~"
        );
    }
}
