//! [`Node`]: a checked expression.

use std::fmt;

use super::Path;

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

/// A regular expression whose search takes time linear in the text.
pub(crate) struct Pattern(regex::bytes::Regex);

impl Pattern {
    /// How large the compiled pattern may be, in bytes: searching takes at most as many steps for
    /// each byte of the text.
    const SIZE: usize = 16 << 10;

    /// Compiles a pattern, whose classes are those of ASCII.
    ///
    /// # Errors
    /// A sentence about what is wrong with it.
    pub(super) fn new(pattern: &str) -> Result<Self, String> {
        let built = regex::bytes::RegexBuilder::new(pattern)
            .unicode(false)
            .size_limit(Self::SIZE)
            .dfa_size_limit(4 * Self::SIZE)
            .nest_limit(16)
            .build();
        built.map(Self).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => {
                "this pattern is too large; take fewer or smaller repetitions".to_owned()
            }
            error => {
                let text = error.to_string();
                let last = text.lines().last().unwrap_or_default();
                let last = last.trim_start_matches("error: ");
                format!("this is no regular expression: {last}")
            }
        })
    }

    pub(super) fn is_in(&self, text: &str) -> bool {
        self.0.is_match(text.as_bytes())
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str())
    }
}
