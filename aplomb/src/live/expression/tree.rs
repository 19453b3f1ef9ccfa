//! [`Node`]: a checked expression.

use super::pattern::Pattern;
use super::{Path, Step};

/// A value that stands in the source.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What is made of two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// What is asked of a text with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    StartsWith,
    EndsWith,
    Contains,
}

/// A checked expression.
#[derive(Debug)]
pub(crate) enum Node {
    Literal(Literal),
    Path(Path),
    Not(Box<Self>),
    Negate(Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Compare(Comparison, Box<Self>, Box<Self>),
    Calculate(Arithmetic, Box<Self>, Box<Self>),
    /// Whether a value is among those of a list that stands in the source.
    Among(Box<Self>, Vec<Literal>),
    /// Whether a value is an item of a list, or a name in an object.
    Inside(Box<Self>, Box<Self>),
    Text(Part, Box<Self>, Box<Self>),
    Matches(Box<Self>, Pattern),
    Size(Box<Self>),
    Has(Path),
}

impl Node {
    /// About how many bytes of memory it takes.
    pub(super) fn weight(&self) -> usize {
        let of_path = |path: &Path| {
            let names = path.steps.iter().map(|step| match step {
                Step::Name(name) => 3 * name.written.len(),
                Step::Index(_) => 0,
            });
            path.steps.len() * size_of::<Step>() + names.sum::<usize>()
        };
        let of_literal = |literal: &Literal| match literal {
            Literal::Text(text) => text.capacity(),
            _ => 0,
        };
        let below = match self {
            Self::Literal(literal) => of_literal(literal),
            Self::Path(path) | Self::Has(path) => of_path(path),
            Self::Not(node) | Self::Negate(node) | Self::Size(node) => node.weight(),
            Self::Among(node, literals) => {
                let each = literals.iter();
                let texts = each.map(|literal| size_of::<Literal>() + of_literal(literal));
                node.weight() + texts.sum::<usize>()
            }
            Self::Matches(node, pattern) => node.weight() + pattern.weight(),
            Self::And(left, right)
            | Self::Or(left, right)
            | Self::Compare(_, left, right)
            | Self::Calculate(_, left, right)
            | Self::Inside(left, right)
            | Self::Text(_, left, right) => left.weight() + right.weight(),
        };
        size_of::<Self>() + below
    }

    /// Collects the values it looks at.
    pub(super) fn paths<'a>(&'a self, paths: &mut Vec<&'a Path>) {
        match self {
            Self::Literal(_) => {}
            Self::Path(path) | Self::Has(path) => paths.push(path),
            Self::Not(node)
            | Self::Negate(node)
            | Self::Among(node, _)
            | Self::Matches(node, _)
            | Self::Size(node) => node.paths(paths),
            Self::And(left, right)
            | Self::Or(left, right)
            | Self::Compare(_, left, right)
            | Self::Calculate(_, left, right)
            | Self::Inside(left, right)
            | Self::Text(_, left, right) => {
                left.paths(paths);
                right.paths(paths);
            }
        }
    }
}
