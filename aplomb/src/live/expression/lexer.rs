//! Cuts the source of an expression into tokens.

use std::ops::Range;

use super::Mistake;

/// The most tokens that an expression may have.
const MOST: usize = 512;

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(String),
    Integer(i64),
    Float(f64),
    Text(String),
    /// An operator or bracket.
    Sign(&'static str),
}

/// One token and the bytes it stands in.
#[derive(Clone, Debug)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    pub(super) span: Range<usize>,
}

/// Longer signs come before those they begin with.
const SIGNS: [&str; 23] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "(", ")", "[", "]",
    ".", ",", "?", ":", "{",
];

/// Units of time, in milliseconds.
const UNITS: [(&str, f64); 5] = [
    ("us", 0.001),
    ("ms", 1.0),
    ("s", 1000.0),
    ("m", 60_000.0),
    ("h", 3_600_000.0),
];

/// The tokens of a source.
pub(super) fn tokens(source: &str) -> Result<Vec<Lexeme>, Mistake> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(character) = source[at..].chars().next() {
        if character.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        if tokens.len() == MOST {
            let message = format!("an expression has at most {MOST} parts");
            return Err(Mistake::new(message, at..source.len()));
        }
        let rest = &source[at..];
        let (token, length) = match character {
            '"' | '\'' => text(rest, character, at)?,
            '0'..='9' => number(rest, at)?,
            'a'..='z' | 'A'..='Z' | '_' => name(rest),
            _ => {
                let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
                let Some(sign) = sign else {
                    let message = match character {
                        '=' => "one `=` is no operator: equality is `==`".to_owned(),
                        '&' | '|' => format!("write `{character}{character}`"),
                        _ => format!("`{}` has no meaning here", character.escape_default()),
                    };
                    return Err(Mistake::new(message, at..at + character.len_utf8()));
                };
                (Token::Sign(sign), sign.len())
            }
        };
        let span = at..at + length;
        tokens.push(Lexeme { token, span });
        at += length;
    }
    Ok(tokens)
}

fn name(rest: &str) -> (Token, usize) {
    let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let end = end.unwrap_or(rest.len());
    (Token::Name(rest[..end].to_owned()), end)
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), Mistake> {
    let digits = |from: usize| {
        let end = rest[from..].find(|letter: char| !letter.is_ascii_digit());
        end.map_or(rest.len(), |end| from + end)
    };
    let mut end = digits(0);
    let mut whole = true;
    if rest[end..].starts_with('.') && digits(end + 1) > end + 1 {
        end = digits(end + 1);
        whole = false;
    }
    if rest[end..].starts_with(['e', 'E']) {
        let signed = rest[end + 1..].starts_with(['+', '-']);
        let from = end + 1 + usize::from(signed);
        if digits(from) > from {
            end = digits(from);
            whole = false;
        }
    }
    let wrong = |length: usize, message: &str| Err(Mistake::new(message, at..at + length));
    let (Token::Name(unit), length) = name(&rest[end..]) else {
        return wrong(end, "this is no number");
    };
    let factor = UNITS.iter().find(|(name, _)| *name == unit);
    let number = &rest[..end];
    let token = match (whole, factor) {
        (true, None) => number.parse().map(Token::Integer).ok(),
        (_, factor) => {
            let factor = factor.map_or(1.0, |(_, factor)| *factor);
            let float = number.parse().ok().map(|number: f64| number * factor);
            float.filter(|float| float.is_finite()).map(Token::Float)
        }
    };
    match token {
        _ if !unit.is_empty() && factor.is_none() => wrong(
            end + length,
            "this unit is not known; times are written as `300ms`, `2s` or `5m`",
        ),
        Some(token) => Ok((token, end + length)),
        None => wrong(end, "this number is too large"),
    }
}

fn text(rest: &str, quote: char, at: usize) -> Result<(Token, usize), Mistake> {
    let mut text = String::new();
    let mut letters = rest.char_indices().skip(1);
    while let Some((index, letter)) = letters.next() {
        match letter {
            _ if letter == quote => return Ok((Token::Text(text), index + 1)),
            '\\' => match letters.next() {
                Some((_, 'n')) => text.push('\n'),
                Some((_, 't')) => text.push('\t'),
                Some((_, 'r')) => text.push('\r'),
                Some((_, kept @ ('\\' | '"' | '\''))) => text.push(kept),
                // What a pattern means by a backslash it keeps.
                Some((_, other)) => {
                    text.push('\\');
                    text.push(other);
                }
                None => break,
            },
            letter => text.push(letter),
        }
    }
    let message = format!("the text that begins here has no end: add `{quote}`");
    Err(Mistake::new(message, at..at + rest.len()))
}
