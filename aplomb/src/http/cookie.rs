//! Cookies: those a client sends and those it is given.

use std::borrow::Cow;
use std::fmt::{self, Write};

use chrono::{DateTime, Utc};
use http::HeaderValue;

/// A cookie for a client, with the defaults of Starlette: `Path=/; SameSite=lax`.
///
/// ```
/// use aplomb::http::Cookie;
///
/// let cookie = Cookie::new("session", "abc def").http_only().max_age(3600);
/// assert_eq!(
///     cookie.to_string(),
///     r#"session="abc def"; HttpOnly; Max-Age=3600; Path=/; SameSite=lax"#
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Cookie {
    name: Cow<'static, str>,
    value: Cow<'static, str>,
    domain: Option<String>,
    expires: Option<DateTime<Utc>>,
    http_only: bool,
    max_age: Option<i64>,
    partitioned: bool,
    path: Option<Cow<'static, str>>,
    same_site: Option<SameSite>,
    secure: bool,
}

/// When a browser sends a cookie along with requests that other sites cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// With navigation to this site only.
    Lax,
    /// Never.
    Strict,
    /// Always.
    None,
}

impl Cookie {
    /// A cookie by name and value; the value may be any text and is quoted where needed.
    pub fn new(name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            domain: None,
            expires: None,
            http_only: false,
            max_age: None,
            partitioned: false,
            path: Some("/".into()),
            same_site: Some(SameSite::Lax),
            secure: false,
        }
    }

    /// The `set-cookie` header, unless a part that is written as it is would end before its end;
    /// that is logged without the value.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let whole = |text: &str| !text.chars().any(|c| c == ';' || c.is_control());
        let sound = !self.name.is_empty()
            && self.name.bytes().all(is_plain)
            && self.domain.as_deref().is_none_or(whole)
            && self.path.as_deref().is_none_or(whole);
        let text = sound.then(|| self.to_string());
        let header = text.and_then(|text| HeaderValue::try_from(text).ok());
        if header.is_none() {
            let name = &*self.name;
            tracing::error!(name, "cookie left out: it may not stand in a header");
        }
        header
    }

    /// A cookie that makes the client forget the one of this name.
    pub fn removal(name: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, "").max_age(0).expires(Utc::now())
    }

    /// Sends it to this domain and the ones below.
    #[must_use]
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.domain = Some(domain.into());
        self
    }

    /// Forgets it at this time.
    #[must_use]
    pub fn expires(mut self, at: DateTime<Utc>) -> Self {
        self.expires = Some(at);
        self
    }

    /// Hides it from scripts.
    #[must_use]
    pub fn http_only(mut self) -> Self {
        self.http_only = true;
        self
    }

    /// Forgets it after this many seconds.
    #[must_use]
    pub fn max_age(mut self, seconds: i64) -> Self {
        self.max_age = Some(seconds);
        self
    }

    /// Sends it below this path only; `None` leaves the attribute out.
    #[must_use]
    pub fn path(mut self, path: impl Into<Option<Cow<'static, str>>>) -> Self {
        self.path = path.into();
        self
    }

    /// Limits requests that other sites cause; `None` leaves the attribute out.
    #[must_use]
    pub fn same_site(mut self, same_site: impl Into<Option<SameSite>>) -> Self {
        self.same_site = same_site.into();
        self
    }

    /// Keeps it apart for each site that embeds this one (CHIPS); browsers want it `secure` too.
    #[must_use]
    pub fn partitioned(mut self) -> Self {
        self.partitioned = true;
        self
    }

    /// Sends it over TLS only.
    #[must_use]
    pub fn secure(mut self) -> Self {
        self.secure = true;
        self
    }
}

/// The text of the `set-cookie` header, attributes in the order of Python's cookie module.
impl fmt::Display for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=", self.name)?;
        write_quoted(f, &self.value)?;
        if let Some(domain) = &self.domain {
            write!(f, "; Domain={domain}")?;
        }
        if let Some(expires) = self.expires {
            write!(
                f,
                "; expires={}",
                expires.format("%a, %d %b %Y %H:%M:%S GMT")
            )?;
        }
        if self.http_only {
            f.write_str("; HttpOnly")?;
        }
        if let Some(max_age) = self.max_age {
            write!(f, "; Max-Age={max_age}")?;
        }
        if self.partitioned {
            f.write_str("; Partitioned")?;
        }
        if let Some(path) = &self.path {
            write!(f, "; Path={path}")?;
        }
        match self.same_site {
            Some(SameSite::Lax) => f.write_str("; SameSite=lax")?,
            Some(SameSite::Strict) => f.write_str("; SameSite=strict")?,
            Some(SameSite::None) => f.write_str("; SameSite=none")?,
            None => {}
        }
        if self.secure {
            f.write_str("; Secure")?;
        }
        Ok(())
    }
}

/// Whether a byte may stand in a name or a bare value, as Python has it.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:".contains(&byte)
}

/// Writes a value bare if it is a plain token, else in quotes with everything that is not
/// printable, `"`, `\`, `,` and `;` escaped.
fn write_quoted(f: &mut fmt::Formatter<'_>, value: &str) -> fmt::Result {
    if value.bytes().all(is_plain) {
        return if value.is_empty() {
            f.write_str("\"\"")
        } else {
            f.write_str(value)
        };
    }
    f.write_char('"')?;
    for character in value.chars() {
        match character {
            '"' | '\\' => write!(f, "\\{character}")?,
            ',' | ';' | '\0'..='\x1f' | '\x7f'..='\u{ff}' => {
                write!(f, "\\{:03o}", u32::from(character))?;
            }
            _ => f.write_char(character)?,
        }
    }
    f.write_char('"')
}

/// The cookies of one `cookie` header, in order, read as leniently as Starlette does.
///
/// ```
/// let cookies: Vec<_> = aplomb::http::parse_cookies(r#"a=1; b="x\054y"; lone"#).collect();
/// assert_eq!(cookies, [("a", "1".into()), ("b", "x,y".into()), ("", "lone".into())]);
/// ```
pub fn parse_cookies(header: &str) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    header.split(';').filter_map(|chunk| {
        let (name, value) = chunk.split_once('=').unwrap_or(("", chunk));
        let (name, value) = (name.trim(), value.trim());
        (!name.is_empty() || !value.is_empty()).then(|| (name, unquote(value)))
    })
}

fn unquote(value: &str) -> Cow<'_, str> {
    let Some(inner) = value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'))
        .filter(|_| value.len() > 1)
    else {
        return Cow::Borrowed(value);
    };
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match octal(rest.as_bytes()) {
            Some(character) => {
                text.push(character);
                rest = &rest[3..];
            }
            None => match rest.chars().next() {
                Some(character) => {
                    text.push(character);
                    rest = &rest[character.len_utf8()..];
                }
                None => text.push('\\'),
            },
        }
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// The character three octal digits stand for, if the text starts with them.
fn octal(text: &[u8]) -> Option<char> {
    let [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] = text else {
        return None;
    };
    Some(char::from((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_like_python() {
        for (value, text) in [
            ("fake-cookie-session-value", "fake-cookie-session-value"),
            ("", r#""""#),
            ("a b", "\"a b\""),
            ("a;b,c", r#""a\073b\054c""#),
            ("say \"hi\"\\", r#""say \"hi\"\\""#),
            ("é\n", r#""\351\012""#),
        ] {
            let cookie = Cookie::new("k", value).path(None).same_site(None);
            assert_eq!(cookie.to_string(), format!("k={text}"));
            let sent = cookie.to_string();
            let (_, back) = parse_cookies(&sent).next().expect("a cookie");
            if !value.contains(';') {
                assert_eq!(back, value);
            }
        }
    }

    #[test]
    fn orders_attributes_like_python() {
        let at = DateTime::from_timestamp(0, 0).expect("a time");
        let cookie = Cookie::new("k", "v")
            .secure()
            .partitioned()
            .http_only()
            .max_age(5)
            .expires(at)
            .domain("d");
        let wanted = "k=v; Domain=d; expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Max-Age=5; \
                      Partitioned; Path=/; SameSite=lax; Secure";
        assert_eq!(cookie.to_string(), wanted);
    }

    #[test]
    fn reads_odd_headers() {
        let read = |header| {
            parse_cookies(header)
                .map(|(k, v)| format!("{k}|{v}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(read(""), [""; 0]);
        assert_eq!(read(" ; ;="), [""; 0]);
        assert_eq!(read("a=b=c;  d = e "), ["a|b=c", "d|e"]);
        assert_eq!(read("a=\";b=\"\""), ["a|\"", "b|"]);
        assert_eq!(read(r#"a="x\"#), [r#"a|"x\"#]);
        assert_eq!(read(r#"a="\""#), ["a|\\"]);
        assert_eq!(read("a=\"\\é\\400\""), ["a|é400"]);
    }
}
