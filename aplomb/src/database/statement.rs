//! [`Statement`]: what a database is asked, as it may be shown.

use crate::observe::cut;

/// The longest text that is shown, in bytes.
const LONGEST: usize = 1000;

/// What a database is asked, as it may be shown: without the values that are written in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    pub(crate) text: String,
    pub(crate) operation: Operation,
}

/// What a statement begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Select,
    Insert,
    Update,
    Delete,
    With,
    Call,
    Begin,
    Commit,
    Rollback,
    Other,
}

impl Operation {
    pub(crate) const ALL: [Self; 10] = [
        Self::Select,
        Self::Insert,
        Self::Update,
        Self::Delete,
        Self::With,
        Self::Call,
        Self::Begin,
        Self::Commit,
        Self::Rollback,
        Self::Other,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Select => "SELECT",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::With => "WITH",
            Self::Call => "CALL",
            Self::Begin => "BEGIN",
            Self::Commit => "COMMIT",
            Self::Rollback => "ROLLBACK",
            Self::Other => "OTHER",
        }
    }

    fn of(text: &str) -> Self {
        let text = text.trim_start_matches('(');
        let word = text.split(|letter: char| !letter.is_ascii_alphabetic());
        let word = word.into_iter().next().unwrap_or_default();
        let mut all = Self::ALL.into_iter();
        let found = all.find(|operation| operation.name().eq_ignore_ascii_case(word));
        found.unwrap_or(Self::Other)
    }
}

impl Statement {
    /// The statement of a text, in which what is between double quotes is a name or a value.
    pub(crate) fn of(text: &str, quotes_names: bool) -> Self {
        let text = shown(text, quotes_names);
        let operation = Operation::of(&text);
        Self { text, operation }
    }
}

/// What a text begins with, and how many bytes of it that is.
enum Piece {
    Shown(usize),
    Value(usize),
    Space(usize),
    /// Where it ends is not known, nor what behind it is a value.
    Unknown,
}

/// The text with a `?` for each value, without comments, in one line.
fn shown(text: &str, quotes_names: bool) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while !rest.is_empty() && shown.len() <= LONGEST {
        let size = match first(rest, quotes_names) {
            Piece::Shown(size) => {
                shown.push_str(&rest[..size]);
                size
            }
            Piece::Value(size) => {
                shown.push('?');
                size
            }
            Piece::Space(size) => {
                if !shown.is_empty() && !shown.ends_with(' ') {
                    shown.push(' ');
                }
                size
            }
            Piece::Unknown => {
                shown.push('…');
                break;
            }
        };
        rest = &rest[size..];
    }
    shown.truncate(shown.trim_end().len());
    match cut(&shown, LONGEST) {
        whole if whole.len() == shown.len() => shown,
        part => format!("{part}…"),
    }
}

/// What a text begins with that is not empty.
fn first(text: &str, quotes_names: bool) -> Piece {
    let shown = |size: Option<usize>| size.map_or(Piece::Unknown, Piece::Shown);
    let value = |size: Option<usize>| size.map_or(Piece::Unknown, Piece::Value);
    let until = |end: Option<usize>| end.unwrap_or(text.len());
    match text.chars().next().unwrap_or_default() {
        '\'' => value(quoted(text, '\'')),
        '"' if quotes_names => shown(text[1..].find('"').map(|end| end + 2)),
        '"' => value(quoted(text, '"')),
        // Names in MySQL and SQLite, comments in MySQL, and operators in others.
        '`' | '[' | '#' if !quotes_names => shown(delimited(text)),
        '$' => dollar_quoted(text).map_or_else(|| Piece::Shown(word(text)), value),
        '-' if text.starts_with("--") => Piece::Space(until(text.find('\n'))),
        '/' if text.starts_with("/*") => {
            let end = text[2..].find("*/").map(|end| end + 4);
            let comment = &text[2..until(end)];
            // Whether comments are in comments differs.
            match comment.contains("/*") {
                true => Piece::Unknown,
                false => Piece::Space(until(end)),
            }
        }
        digit if digit.is_ascii_digit() => {
            let number = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '_');
            Piece::Value(until(text.find(|letter| !number(letter))))
        }
        space if space.is_whitespace() => Piece::Space(text.len() - text.trim_start().len()),
        _ => Piece::Shown(word(text)),
    }
}

/// How long the name, the parameter or the sign is that a text begins with.
fn word(text: &str) -> usize {
    let mut letters = text.char_indices();
    let first = letters.next().map_or('\0', |(_, letter)| letter);
    let continues = |letter: char| letter.is_alphanumeric() || letter == '_';
    if !continues(first) && !matches!(first, '$' | '?' | ':' | '@') {
        return first.len_utf8().min(text.len());
    }
    let end = letters.find(|(_, letter)| !continues(*letter));
    end.map_or(text.len(), |(end, _)| end)
}

/// How long the quoted text is that a text begins with; nothing where databases differ about its
/// end, or it has none.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((place, letter)) = letters.next() {
        match letter {
            '\\' => return None,
            letter if letter == quote => match letters.peek() {
                Some((_, next)) if *next == quote => {
                    letters.next();
                }
                _ => return Some(place + 1),
            },
            _ => {}
        }
    }
    None
}

/// How long the name between backticks or brackets is that a text begins with; nothing where it is
/// none, or what is in it may be something else to another database.
fn delimited(text: &str) -> Option<usize> {
    let end = match text.as_bytes().first()? {
        b'`' => '`',
        b'[' => ']',
        _ => return None,
    };
    let size = text[1..].find(end)? + 2;
    let is_name =
        |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | ' ' | '-' | '.');
    text[1..size - 1].chars().all(is_name).then_some(size)
}

/// How long the text between dollar signs is that a text begins with, if it is one: nothing in the
/// inner option where it has no end.
fn dollar_quoted(text: &str) -> Option<Option<usize>> {
    let end = text[1..].find('$')? + 2;
    let tag = &text[..end];
    let name = &tag[1..end - 1];
    let is_tag = name.chars().all(|it| it.is_alphanumeric() || it == '_')
        && !name.starts_with(|first: char| first.is_ascii_digit());
    let closed = || text[end..].find(tag).map(|place| end + place + end);
    is_tag.then(closed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(sql: &str) -> String {
        Statement::of(sql, true).text
    }

    #[test]
    fn values_are_left_out() {
        for (sql, shown) in [
            ("SELECT 1", "SELECT ?"),
            (
                "select *\n  from items where id = $1 and t2.a > 1.5e3",
                "select * from items where id = $1 and t2.a > ?",
            ),
            (
                "UPDATE t SET a = 'it''s', b = ?, c = :name",
                "UPDATE t SET a = ?, b = ?, c = :name",
            ),
            ("SELECT \"id\" FROM \"a b\"", "SELECT \"id\" FROM \"a b\""),
            ("SELECT $$it's$$, $t$a $$ b$t$, 2", "SELECT ?, ?, ?"),
            ("SELECT $1 + $2", "SELECT $1 + $2"),
            (
                "-- token abc\nSELECT a /* 'secret' */ FROM b; ",
                "SELECT a FROM b;",
            ),
            ("SELECT 'a", "SELECT …"),
            ("SELECT 'a\\'b', 'secret'", "SELECT …"),
            ("SELECT $a$ secret", "SELECT …"),
            ("SELECT é, 'ü'", "SELECT é, ?"),
            ("SELECT /*/ 'secret' */ a", "SELECT a"),
            ("SELECT /* a /* b */ it's */ 'secret'", "SELECT …"),
            ("SELECT 1_000_000, a[1]", "SELECT ?, a[?]"),
        ] {
            assert_eq!(text(sql), shown, "{sql}");
        }
    }

    #[test]
    fn between_double_quotes_may_be_a_value() {
        let sql = "SELECT a FROM b WHERE c = \"secret\"";
        assert_eq!(
            Statement::of(sql, false).text,
            "SELECT a FROM b WHERE c = ?"
        );
    }

    #[test]
    fn what_databases_differ_about_is_cut() {
        for (sql, shown) in [
            ("SELECT `a b` FROM [c]", "SELECT `a b` FROM [c]"),
            ("SELECT `it's` WHERE c = 'secret'", "SELECT …"),
            ("SELECT [it's] WHERE c = 'secret'", "SELECT …"),
            ("SELECT a # user's\nFROM b WHERE c = 'secret'", "SELECT a …"),
        ] {
            assert_eq!(Statement::of(sql, false).text, shown, "{sql}");
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        let sql = format!("SELECT {}", "column, ".repeat(1000));
        let text = text(&sql);
        assert!(text.len() < LONGEST + 4 && text.ends_with('…'), "{text}");
    }

    #[test]
    fn the_first_word_is_the_operation() {
        for (sql, operation) in [
            ("select 1", Operation::Select),
            ("  -- why\n INSERT INTO a VALUES (1)", Operation::Insert),
            ("WITH a AS (SELECT 1) SELECT * FROM a", Operation::With),
            ("(SELECT 1) UNION SELECT 2", Operation::Select),
            ("PRAGMA foreign_keys", Operation::Other),
            ("", Operation::Other),
        ] {
            assert_eq!(Statement::of(sql, true).operation, operation, "{sql}");
        }
    }
}
