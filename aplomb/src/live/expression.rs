//! Conditions and templates over what is known of a request.
//!
//! The language is the part of CEL (Common Expression Language) that always ends at once: fields,
//! comparisons, arithmetic, `in`, a few functions of text, and neither loops nor variables. What an
//! expression may name is checked when it is read, so that it cannot fail later.

mod check;
mod evaluate;
mod kinds;
mod lexer;
mod mistake;
mod operand;
mod parser;
mod path;
mod pattern;
mod template;
mod tree;

use check::check;
pub(crate) use kinds::Kinds;
pub(crate) use mistake::Mistake;
pub(crate) use operand::Operand;
pub(crate) use path::{Name, Path, Root, Step, walk};
pub(crate) use template::Template;
use tree::Node;

use super::vocabulary::Vocabulary;

/// The longest source, in bytes.
pub(crate) const LONGEST: usize = 1024;

/// What a checked expression looks at.
pub(crate) trait Scene {
    /// The value that a path leads to; nothing where there is none.
    fn look<'a>(&'a self, path: &'a Path) -> Operand<'a>;
}

/// A checked expression.
#[derive(Debug)]
pub(crate) struct Expression {
    node: Node,
    kinds: Kinds,
}

impl Expression {
    /// Reads an expression over what a vocabulary knows.
    ///
    /// # Errors
    /// Where the first mistake is, and what it is.
    pub(crate) fn read(source: &str, vocabulary: &Vocabulary) -> Result<Self, Mistake> {
        Self::read_at(source, 0, vocabulary)
    }

    /// The same of an expression that stands in a longer text, behind so many characters.
    fn read_at(source: &str, offset: usize, vocabulary: &Vocabulary) -> Result<Self, Mistake> {
        let read = || {
            let syntax = parser::parse(source)?;
            check(&syntax, vocabulary)
        };
        let (node, kinds) = read().map_err(|mistake| mistake.located(source, offset))?;
        Ok(Self { node, kinds })
    }

    /// Reads a condition: an expression that is true or not.
    ///
    /// # Errors
    /// As [`read`](Self::read), and when it is something else.
    pub(crate) fn condition(source: &str, vocabulary: &Vocabulary) -> Result<Self, Mistake> {
        let expression = Self::read(source, vocabulary)?;
        if expression.kinds.has(Kinds::BOOL) {
            return Ok(expression);
        }
        let message = format!(
            "a condition is true or false, and this is {}",
            expression.kinds
        );
        Err(Mistake::of_whole(message, source))
    }

    /// Reads an expression whose value is a number.
    ///
    /// # Errors
    /// As [`read`](Self::read), and when it is something else.
    pub(crate) fn number(source: &str, vocabulary: &Vocabulary) -> Result<Self, Mistake> {
        let expression = Self::read(source, vocabulary)?;
        if expression.kinds.has(Kinds::NUMBER) {
            return Ok(expression);
        }
        let message = format!("a number is needed here, and this is {}", expression.kinds);
        Err(Mistake::of_whole(message, source))
    }

    /// What it is in this scene.
    pub(crate) fn value<'a>(&'a self, scene: &'a dyn Scene) -> Operand<'a> {
        evaluate::evaluate(&self.node, scene)
    }

    /// Whether it is true in this scene; what cannot be told is not.
    pub(crate) fn holds(&self, scene: &dyn Scene) -> bool {
        matches!(self.value(scene), Operand::Bool(true))
    }

    /// About how many bytes of memory it takes.
    pub(crate) fn weight(&self) -> usize {
        self.node.weight()
    }

    /// The values it looks at.
    pub(crate) fn paths(&self) -> Vec<&Path> {
        let mut paths = Vec::new();
        self.node.paths(&mut paths);
        paths
    }
}

#[cfg(test)]
mod tests;
