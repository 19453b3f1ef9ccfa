//! [`Template`]: a text with expressions between braces.

use super::{Expression, LONGEST, Mistake, Path, Scene};
use crate::json::Value;
use crate::live::vocabulary::Vocabulary;

/// The most expressions in a template.
const HOLES: usize = 32;
/// The most of one value that is kept, in bytes.
const VALUE: usize = 256;
/// The longest text that a template gives, in bytes.
const TEXT: usize = 4096;

/// A text with expressions between braces, such as `refused {body.name}: {errors[0].msg}`.
///
/// What an expression gives is taken when a request is there, and made a text later, elsewhere.
#[derive(Debug)]
pub(crate) struct Template {
    /// The text before each expression.
    before: Vec<(String, Expression)>,
    end: String,
}

impl Template {
    /// Reads a template over what a vocabulary knows; braces that are meant as such are doubled.
    ///
    /// # Errors
    /// Where the first mistake is, and what it is.
    pub(crate) fn read(source: &str, vocabulary: &Vocabulary) -> Result<Self, Mistake> {
        let wrong = |message: String, from: usize, to: usize| {
            Err(Mistake::new(message, from..to).located(source, 0))
        };
        if source.len() > LONGEST {
            let message = format!("a template has at most {LONGEST} bytes");
            return wrong(message, LONGEST, source.len());
        }
        let mut before = Vec::new();
        let mut text = String::new();
        let mut at = 0;
        while let Some(letter) = source[at..].chars().next() {
            let rest = &source[at..];
            if rest.starts_with("{{") || rest.starts_with("}}") {
                text.push(letter);
                at += 2;
            } else if letter == '}' {
                let message = "this brace closes nothing; a brace that is meant as such is doubled";
                return wrong(message.to_owned(), at, at + 1);
            } else if letter == '{' {
                let Some(length) = end(&rest[1..]) else {
                    let message = "the expression that begins here has no end: add `}`";
                    return wrong(message.to_owned(), at, source.len());
                };
                if before.len() == HOLES {
                    let message = format!("a template has at most {HOLES} expressions");
                    return wrong(message, at, source.len());
                }
                let start = source[..=at].chars().count();
                let expression = Expression::read_at(&rest[1..=length], start, vocabulary)?;
                before.push((std::mem::take(&mut text), expression));
                at += length + 2;
            } else {
                text.push(letter);
                at += letter.len_utf8();
            }
        }
        Ok(Self { before, end: text })
    }

    /// The values of its expressions in a scene.
    pub(crate) fn values(&self, scene: &dyn Scene) -> Vec<Value> {
        let expressions = self.before.iter();
        expressions
            .map(|(_, expression)| expression.value(scene).bounded(VALUE))
            .collect()
    }

    /// The text with these values in the place of its expressions.
    pub(crate) fn text(&self, values: &[Value]) -> String {
        let mut text = String::new();
        for ((before, _), value) in self.before.iter().zip(values) {
            text.push_str(before);
            match value {
                Value::String(value) => text.push_str(value),
                value => text.push_str(&value.to_string()),
            }
        }
        text.push_str(&self.end);
        text.truncate(text.floor_char_boundary(TEXT));
        text
    }

    /// About how many bytes of memory it takes.
    pub(crate) fn weight(&self) -> usize {
        let each = self.before.iter().map(|(text, expression)| {
            size_of::<(String, Expression)>() + text.capacity() + expression.weight()
        });
        self.end.capacity() + each.sum::<usize>()
    }

    /// The values it looks at.
    pub(crate) fn paths(&self) -> Vec<&Path> {
        let expressions = self.before.iter();
        expressions
            .flat_map(|(_, expression)| expression.paths())
            .collect()
    }
}

/// Where the brace is that closes an expression, which may be in quotes.
fn end(rest: &str) -> Option<usize> {
    let mut quote = None;
    let mut letters = rest.char_indices();
    while let Some((index, letter)) = letters.next() {
        match (quote, letter) {
            (None, '}') => return Some(index),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(_), '\\') => {
                letters.next();
            }
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}
