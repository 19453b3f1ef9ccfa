//! Values of a query string, without decoding what nobody asks for.

use std::borrow::Cow;

/// The last value of `name`, decoded.
pub(crate) fn last<'q>(query: &'q str, name: &str) -> Option<Cow<'q, str>> {
    query.rsplit('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let named = if is_plain(key) {
            key == name
        } else {
            decode(key) == name
        };
        (named && !pair.is_empty()).then(|| decode(value))
    })
}

fn is_plain(text: &str) -> bool {
    !text.bytes().any(|byte| byte == b'%' || byte == b'+')
}

fn decode(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy();
    Cow::Owned(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::last;

    #[track_caller]
    fn check(query: &str, name: &str, wanted: Option<&str>) {
        assert_eq!(last(query, name).as_deref(), wanted, "{name} in {query}");
        let parsed = form_urlencoded::parse(query.as_bytes());
        let parsed = parsed
            .filter(|(key, _)| key == name)
            .last()
            .map(|(_, value)| value);
        assert_eq!(
            parsed.as_deref(),
            wanted,
            "{name} in {query} by the whole parser"
        );
    }

    #[test]
    fn the_last_value_is_found_as_the_whole_parser_finds_it() {
        check("q=hello&limit=20", "q", Some("hello"));
        check("q=1&q=2", "q", Some("2"));
        check("q", "q", Some(""));
        check("q=", "q", Some(""));
        check("=x", "", Some("x"));
        check("", "", None);
        check("&&", "", None);
        check("a+b=c%20d+e", "a b", Some("c d e"));
        check("%71=x", "q", Some("x"));
        check("q=a=b", "q", Some("a=b"));
        check("q=a=b%20c", "q", Some("a=b c"));
        check("q=a%26b+&p=1", "q", Some("a&b "));
        check("token=ab%2Bc==", "token", Some("ab+c=="));
        check("q=%zz%", "q", Some("%zz%"));
        check("q=%ff", "q", Some("\u{fffd}"));
        check("p=1", "q", None);
    }
}
