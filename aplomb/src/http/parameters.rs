//! Header values with parameters, such as `form-data; name="a"; filename="b.txt"`.

/// A header value taken apart: what comes first, and the parameters behind it.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    /// What comes before the first semicolon, in lower case.
    pub(super) essence: Vec<u8>,
    list: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Parameters {
    /// Reads a value. Names lose their case and values their quotes; names with an asterisk are
    /// left out, because forms have no extended syntax (RFC 7578, section 4.2).
    pub(super) fn parse(value: &[u8]) -> Self {
        let mut pieces = pieces(value).into_iter();
        let essence = pieces.next().unwrap_or_default().to_ascii_lowercase();
        let mut list = Vec::new();
        for piece in pieces {
            let equals = memchr::memchr(b'=', piece).unwrap_or(piece.len());
            let name = piece[..equals].trim_ascii().to_ascii_lowercase();
            let value = piece.get(equals + 1..).unwrap_or_default().trim_ascii();
            if name.is_empty() || name.contains(&b'*') {
                continue;
            }
            let value = unquoted(value);
            list.push((name, value));
        }
        Self { essence, list }
    }

    /// The value of a parameter, the last of several.
    pub(super) fn get(&self, name: &str) -> Option<&[u8]> {
        self.list
            .iter()
            .rfind(|(known, _)| known == name.as_bytes())
            .map(|(_, value)| value.as_slice())
    }
}

/// The pieces between semicolons that stand outside of quotes.
fn pieces(value: &[u8]) -> Vec<&[u8]> {
    let (mut pieces, mut start, mut quoted, mut before) = (Vec::new(), 0, false, 0);
    for (index, byte) in value.iter().enumerate() {
        match byte {
            b'"' if before != b'\\' => quoted = !quoted,
            b';' if !quoted => {
                pieces.push(value[start..index].trim_ascii());
                start = index + 1;
            }
            _ => {}
        }
        before = *byte;
    }
    pieces.push(value[start..].trim_ascii());
    pieces
}

/// A value without its quotes, and without the backslashes before quotes and backslashes in it.
fn unquoted(value: &[u8]) -> Vec<u8> {
    let [b'"', inner @ .., b'"'] = value else {
        return value.to_vec();
    };
    let mut plain = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match (byte, bytes.peek()) {
            (b'\\', Some(b'"' | b'\\')) => plain.extend(bytes.next()),
            _ => plain.push(byte),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::Parameters;

    #[track_caller]
    fn check(value: &str, essence: &str, name: &str, wanted: Option<&str>) {
        let parameters = Parameters::parse(value.as_bytes());
        assert_eq!(parameters.essence, essence.as_bytes(), "{value}");
        let found = parameters.get(name);
        assert_eq!(found, wanted.map(str::as_bytes), "{name} of {value}");
    }

    #[test]
    fn parameters_are_found_behind_the_value() {
        check("form-data", "form-data", "name", None);
        check("", "", "name", None);
        check("Form-Data ; NAME = a ", "form-data", "name", Some("a"));
        check(r#"x; name="a;b"; c=d"#, "x", "name", Some("a;b"));
        check(r#"x; name="a;b"; c=d"#, "x", "c", Some("d"));
        check(r#"x; name="a\"b\\c\d""#, "x", "name", Some(r#"a"b\c\d"#));
        check(r#"x; name="a;b"#, "x", "name", Some(r#""a;b"#));
        check("x; name=a; name=b", "x", "name", Some("b"));
        check("x; name", "x", "name", Some(""));
        check("x; name*=UTF-8''a", "x", "name", None);
        check("x;;=;name=a", "x", "name", Some("a"));
    }
}
