//! [`Output`]: what a command prints, for people or for programs.

use std::io::{self, Write};

use serde_json::Value;

use crate::instance::Instance;
use crate::screen;

/// What a command prints, for people or for programs.
pub(crate) struct Output {
    /// For programs: one JSON value a line.
    pub(crate) json: bool,
    /// Whether there are several instances to be told from each other.
    pub(crate) several: bool,
    to: io::Stdout,
}

impl Output {
    pub(crate) fn new(json: bool, several: bool) -> Self {
        Self {
            json,
            several,
            to: io::stdout(),
        }
    }

    /// Prints a line for people.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.to, "{}", screen::line(text).trim_end())?;
        self.to.flush()
    }

    /// Prints a value for programs, with the instance it comes from where there are several.
    pub(crate) fn value(&mut self, instance: &Instance, value: &Value) -> io::Result<()> {
        let mut value = value.clone();
        if self.several
            && let Value::Object(object) = &mut value
        {
            object.shift_insert(0, "instance".to_owned(), instance.name.as_str().into());
        }
        self.raw(&format!("{}\n", screen::json(&value.to_string())))
    }

    /// Writes what is known to be harmless.
    pub(crate) fn raw(&mut self, text: &str) -> io::Result<()> {
        self.to.write_all(text.as_bytes())?;
        self.to.flush()
    }

    /// Prints rows under their titles, each column as wide as it has to be; columns whose title
    /// begins with `>` are of numbers.
    pub(crate) fn table(&mut self, titles: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
        for line in aligned(titles, rows) {
            self.line(&line)?;
        }
        Ok(())
    }
}

/// The lines of a table.
pub(crate) fn aligned(titles: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let head: Vec<String> = titles
        .iter()
        .map(|title| title.trim_start_matches('>').to_owned())
        .collect();
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| screen::line(cell)).collect())
        .collect();
    let all = || std::iter::once(&head).chain(&rows);
    let width = |column: usize| {
        let cells = all().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..titles.len()).map(width).collect();
    let written = |row: &Vec<String>| {
        let mut line = String::new();
        for ((cell, width), title) in row.iter().zip(&widths).zip(titles) {
            let room = " ".repeat(width - cell.chars().count());
            match title.starts_with('>') {
                true => line.extend([&room, cell.as_str()]),
                false => line.extend([cell.as_str(), &room]),
            }
            line.push_str("  ");
        }
        line.trim_end().to_owned()
    };
    all().map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_they_have_to_be() {
        let rows = [
            vec!["GET /ä".to_owned(), "1".to_owned()],
            vec!["\u{1b}".to_owned(), "12345".to_owned()],
        ];
        let lines = aligned(&["ROUTE", ">N"], &rows);
        assert_eq!(lines, ["ROUTE       N", "GET /ä      1", "\\u{1b}  12345"]);
    }
}
