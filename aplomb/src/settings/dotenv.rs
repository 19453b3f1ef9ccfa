//! The text of a `.env` file: python-dotenv's grammar.

mod interpolation;

use std::collections::BTreeMap;

use indexmap::IndexMap;

/// The variables of a file by their names, in the order in which they first appear.
#[derive(Debug, Default)]
pub(super) struct Dotenv {
    /// A name without `=` has no value, and takes the one that it had.
    pub(super) variables: IndexMap<String, Option<String>>,
    /// The numbers of lines that say nothing.
    pub(super) unreadable: Vec<usize>,
}

impl Dotenv {
    /// Reads a text; `${NAME}` means a variable that stands before it, then one of the environment.
    pub(super) fn read(text: &str, environment: &BTreeMap<String, String>) -> Self {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut rest = Text(&text);
        let mut read = Self::default();
        loop {
            rest.skip(is_blank);
            if rest.0.is_empty() {
                return read;
            }
            let line = text[..text.len() - rest.0.len()].matches('\n').count() + 1;
            match rest.statement() {
                Ok(Some((name, value))) => {
                    let value = value
                        .map(|value| interpolation::resolve(&value, &read.variables, environment));
                    read.variables.insert(name, value);
                }
                Ok(None) => {}
                Err(NotAStatement) => {
                    read.unreadable.push(line);
                    rest.skip(|letter| letter != '\n');
                }
            }
        }
    }
}

/// A line that is neither a comment nor a variable.
struct NotAStatement;

/// What is yet to be read.
struct Text<'a>(&'a str);

impl<'a> Text<'a> {
    /// A comment, or a name and its value.
    fn statement(&mut self) -> Result<Option<(String, Option<String>)>, NotAStatement> {
        if let Some(after) = self.0.strip_prefix("export")
            && after.starts_with(is_blank_in_line)
        {
            self.0 = after.trim_start_matches(is_blank_in_line);
        }
        let name = match self.0.starts_with('#') {
            true => None,
            false => Some(self.name()?.to_owned()),
        };
        self.skip(is_blank_in_line);
        let value = match self.eat('=') {
            true => Some(self.value()?),
            false => None,
        };
        self.skip(is_blank_in_line);
        if self.0.starts_with('#') {
            self.skip(|letter| letter != '\n');
        }
        match self.0.is_empty() || self.0.starts_with('\n') {
            true => Ok(name.map(|name| (name, value))),
            false => Err(NotAStatement),
        }
    }

    fn name(&mut self) -> Result<&'a str, NotAStatement> {
        let name = match self.0.strip_prefix('\'') {
            Some(quoted) => {
                let (name, rest) = quoted.split_once('\'').ok_or(NotAStatement)?;
                self.0 = rest;
                name
            }
            None => self.skip(|letter| !matches!(letter, '=' | '#') && !is_blank(letter)),
        };
        match name.is_empty() {
            true => Err(NotAStatement),
            false => Ok(name),
        }
    }

    fn value(&mut self) -> Result<String, NotAStatement> {
        let blanks = self.skip(is_blank_in_line);
        match self.0.chars().next() {
            Some('\'') => self.quoted('\'', |letter| {
                matches!(letter, '\\' | '\'').then_some(letter)
            }),
            Some('"') => self.quoted('"', |letter| match letter {
                '\\' | '\'' | '"' => Some(letter),
                'a' => Some('\x07'),
                'b' => Some('\x08'),
                'f' => Some('\x0c'),
                'n' => Some('\n'),
                'r' => Some('\r'),
                't' => Some('\t'),
                'v' => Some('\x0b'),
                _ => None,
            }),
            // `NAME= # comment`, but not `NAME=#value`.
            Some('#') if !blanks.is_empty() => Ok(String::new()),
            _ => Ok(self.unquoted().to_owned()),
        }
    }

    /// Up to the closing quote, on whichever line; what is no escape keeps its backslash.
    fn quoted(
        &mut self,
        quote: char,
        escape: impl Fn(char) -> Option<char>,
    ) -> Result<String, NotAStatement> {
        let mut value = String::new();
        let mut letters = self.0[1..].chars();
        loop {
            match letters.next().ok_or(NotAStatement)? {
                '\\' => {
                    let escaped = letters.next().ok_or(NotAStatement)?;
                    match escape(escaped) {
                        Some(letter) => value.push(letter),
                        None => value.extend(['\\', escaped]),
                    }
                }
                letter if letter == quote => break,
                letter => value.push(letter),
            }
        }
        self.0 = letters.as_str();
        Ok(value)
    }

    /// Up to the end of the line, or to a `#` after a blank.
    fn unquoted(&mut self) -> &'a str {
        let line = self.skip(|letter| letter != '\n');
        let comment = line
            .match_indices('#')
            .find(|(place, _)| line[..*place].ends_with(is_blank));
        let value = comment.map_or(line, |(place, _)| &line[..place]);
        value.trim_end_matches(is_blank)
    }

    /// Passes over what fits, and gives it.
    fn skip(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|letter| !fits(letter)).unwrap_or(self.0.len());
        let (skipped, rest) = self.0.split_at(end);
        self.0 = rest;
        skipped
    }

    fn eat(&mut self, letter: char) -> bool {
        let rest = self.0.strip_prefix(letter);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }
}

/// What Python takes for white space; Unicode does not count the separators of ASCII.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\x1c'..='\x1f')
}

fn is_blank_in_line(letter: char) -> bool {
    letter != '\n' && is_blank(letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use crate::json::Value;

    fn environment() -> BTreeMap<String, String> {
        let variables = [
            ("HOME_DIR", "/home/ada"),
            ("EMPTY", ""),
            ("A", "from the environment"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        BTreeMap::from(variables)
    }

    /// What `dotenv_values` of python-dotenv 1.2.4 gives for files with these texts.
    #[test]
    fn texts_mean_what_python_dotenv_recorded() {
        let mut count = 0;
        for record in include_str!("dotenv/recorded.jsonl").lines() {
            let record = json::parse(record.as_bytes()).expect("JSON");
            let text = record["text"].as_str().expect("a text");
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            let variables = Dotenv::read(text, &environment()).variables;
            let variables: Vec<Value> = variables
                .iter()
                .map(|(name, value)| json!([name, value]))
                .collect();
            assert_eq!(Value::Array(variables), record["values"], "{text:?}");
            count += 1;
        }
        assert_eq!(count, 120);
    }

    #[test]
    fn lines_that_say_nothing_are_counted_and_passed_over() {
        let text = "\nA B=1\r\n\r\n# fine\n=2\nC='open\nD=\"two\nlines\" E\nF=3\n";
        let read = Dotenv::read(text, &environment());
        assert_eq!(read.unreadable, [2, 5, 6, 7]);
        assert_eq!(read.variables.keys().collect::<Vec<_>>(), ["F"]);
    }
}
