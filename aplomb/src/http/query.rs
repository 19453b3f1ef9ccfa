//! Values of a query string, without decoding what nobody asks for.

use std::borrow::Cow;

/// The last value of `name`, decoded.
pub(crate) fn last<'q>(query: &'q str, name: &str) -> Option<Cow<'q, str>> {
    let mut rest = query;
    loop {
        // Queries are short: looking at the bytes one by one, and once, costs less than setting up
        // searches.
        let bytes = rest.as_bytes();
        let mark = bytes.iter().rposition(|byte| is_mark(*byte));
        let separator = match mark {
            Some(mark) if bytes[mark] != b'&' => rest[..mark].rfind('&'),
            mark => mark,
        };
        let start = separator.map_or(0, |separator| separator + 1);
        let pair = &rest[start..];
        match separator == mark {
            true if pair.is_empty() => {}
            true => {
                if let Some(value) = plain_value(pair, name) {
                    return Some(Cow::Borrowed(value));
                }
            }
            false => {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                if decode(key) == name {
                    return Some(decode(value));
                }
            }
        }
        rest = &query[..start.checked_sub(1)?];
    }
}

/// The value of a pair of this name, in which nothing has to be decoded.
fn plain_value<'q>(pair: &'q str, name: &str) -> Option<&'q str> {
    let rest = pair.strip_prefix(name)?;
    match rest.as_bytes().first() {
        Some(b'=') => Some(&rest[1..]),
        Some(_) => None,
        None => Some(""),
    }
}

/// Whether a byte may part pairs or stand for another. What is between those in ASCII is rare, and one
/// comparison is enough so.
fn is_mark(byte: u8) -> bool {
    matches!(byte, b'%'..=b'+')
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte != b'%' && byte != b'+')
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
        check("qq=1&q=2&qq=3", "q", Some("2"));
        check("q=(a*b)'&p=1", "q", Some("(a*b)'"));
        check("p=1&q'=2&x=(", "q'", Some("2"));
        check("a+b=1", "a+b", None);
        check("%61=1&a%2Bb=2", "a+b", Some("2"));
    }
}
