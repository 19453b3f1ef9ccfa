//! Reads the syntax of an expression.

use std::ops::Range;

use super::lexer::{Lexeme, Token, tokens};
use super::tree::{Arithmetic, Comparison, Literal};
use super::{LONGEST, Mistake};

/// How deep brackets and operators may stand in each other.
const DEPTH: usize = 32;
/// How many values, operators and calls an expression may have.
const NODES: usize = 128;

/// An expression as it is written, unchecked.
#[derive(Debug)]
pub(super) struct Syntax {
    pub(super) form: Form,
    pub(super) span: Range<usize>,
}

/// The forms of expressions.
#[derive(Debug)]
pub(super) enum Form {
    Literal(Literal),
    List(Vec<Syntax>),
    Name(String),
    Member(Box<Syntax>, String),
    Index(Box<Syntax>, Box<Syntax>),
    /// A function, and what it is called with; what stands before the point comes first.
    Call(String, Vec<Syntax>),
    Not(Box<Syntax>),
    Negate(Box<Syntax>),
    And(Box<Syntax>, Box<Syntax>),
    Or(Box<Syntax>, Box<Syntax>),
    Compare(Comparison, Box<Syntax>, Box<Syntax>),
    Calculate(Arithmetic, Box<Syntax>, Box<Syntax>),
    In(Box<Syntax>, Box<Syntax>),
}

/// Reads an expression.
pub(super) fn parse(source: &str) -> Result<Syntax, Mistake> {
    if source.len() > LONGEST {
        let message = format!("an expression has at most {LONGEST} bytes");
        return Err(Mistake::new(message, LONGEST..source.len()));
    }
    let mut parser = Parser {
        tokens: tokens(source)?.into_iter().peekable(),
        end: source.len(),
        depth: 0,
        nodes: 0,
    };
    let syntax = parser.or()?;
    match parser.tokens.next() {
        None => Ok(syntax),
        Some(next) => Err(Mistake::new(
            "the expression ended before this; join two with `&&` or `||`",
            next.span,
        )),
    }
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Lexeme>>,
    end: usize,
    depth: usize,
    nodes: usize,
}

impl Parser {
    /// Takes the next token if it is one of these signs.
    fn sign(&mut self, signs: &[&'static str]) -> Option<(&'static str, Range<usize>)> {
        let next = self
            .tokens
            .next_if(|next| matches!(&next.token, Token::Sign(sign) if signs.contains(sign)))?;
        match next.token {
            Token::Sign(sign) => Some((sign, next.span)),
            _ => None,
        }
    }

    fn expect(&mut self, sign: &'static str) -> Result<Range<usize>, Mistake> {
        match self.sign(&[sign]) {
            Some((_, span)) => Ok(span),
            None => Err(Mistake::new(format!("`{sign}` is missing"), self.here())),
        }
    }

    fn here(&mut self) -> Range<usize> {
        let end = self.end;
        self.tokens
            .peek()
            .map_or(end..end, |next| next.span.clone())
    }

    fn node(&mut self, form: Form, span: Range<usize>) -> Result<Syntax, Mistake> {
        self.nodes += 1;
        if self.nodes > NODES {
            let message = format!("an expression has at most {NODES} values and operators");
            return Err(Mistake::new(message, span));
        }
        Ok(Syntax { form, span })
    }

    /// Runs one step further down.
    fn deeper<R>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<R, Mistake>,
    ) -> Result<R, Mistake> {
        if self.depth == DEPTH {
            let message = format!("this is nested too deep: {DEPTH} levels are the most");
            return Err(Mistake::new(message, self.here()));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn or(&mut self) -> Result<Syntax, Mistake> {
        self.deeper(|parser| {
            let mut left = parser.and()?;
            while parser.sign(&["||"]).is_some() {
                let right = parser.and()?;
                let span = left.span.start..right.span.end;
                left = parser.node(Form::Or(Box::new(left), Box::new(right)), span)?;
            }
            Ok(left)
        })
    }

    fn and(&mut self) -> Result<Syntax, Mistake> {
        let mut left = self.comparison()?;
        while self.sign(&["&&"]).is_some() {
            let right = self.comparison()?;
            let span = left.span.start..right.span.end;
            left = self.node(Form::And(Box::new(left), Box::new(right)), span)?;
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Result<Syntax, Mistake> {
        let left = self.sum()?;
        let is_in = |next: &Lexeme| matches!(&next.token, Token::Name(name) if name == "in");
        if self.tokens.next_if(is_in).is_some() {
            let right = self.sum()?;
            let span = left.span.start..right.span.end;
            return self.node(Form::In(Box::new(left), Box::new(right)), span);
        }
        let Some((sign, _)) = self.sign(&["==", "!=", "<=", ">=", "<", ">"]) else {
            return Ok(left);
        };
        let comparison = match sign {
            "==" => Comparison::Equal,
            "!=" => Comparison::Unequal,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            _ => Comparison::GreaterOrEqual,
        };
        let right = self.sum()?;
        let span = left.span.start..right.span.end;
        self.node(
            Form::Compare(comparison, Box::new(left), Box::new(right)),
            span,
        )
    }

    fn sum(&mut self) -> Result<Syntax, Mistake> {
        let mut left = self.product()?;
        while let Some((sign, _)) = self.sign(&["+", "-"]) {
            let right = self.product()?;
            let span = left.span.start..right.span.end;
            let operator = match sign {
                "+" => Arithmetic::Add,
                _ => Arithmetic::Subtract,
            };
            let form = Form::Calculate(operator, Box::new(left), Box::new(right));
            left = self.node(form, span)?;
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Syntax, Mistake> {
        let mut left = self.unary()?;
        while let Some((sign, _)) = self.sign(&["*", "/", "%"]) {
            let right = self.unary()?;
            let span = left.span.start..right.span.end;
            let operator = match sign {
                "*" => Arithmetic::Multiply,
                "/" => Arithmetic::Divide,
                _ => Arithmetic::Remainder,
            };
            let form = Form::Calculate(operator, Box::new(left), Box::new(right));
            left = self.node(form, span)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Syntax, Mistake> {
        let Some((sign, start)) = self.sign(&["!", "-"]) else {
            return self.postfix();
        };
        let inner = self.deeper(Self::unary)?;
        let span = start.start..inner.span.end;
        match sign {
            "!" => self.node(Form::Not(Box::new(inner)), span),
            _ => self.node(Form::Negate(Box::new(inner)), span),
        }
    }

    fn postfix(&mut self) -> Result<Syntax, Mistake> {
        let mut value = self.primary()?;
        while let Some((sign, _)) = self.sign(&[".", "["]) {
            if sign == "[" {
                let index = self.or()?;
                let end = self.expect("]")?.end;
                let span = value.span.start..end;
                value = self.node(Form::Index(Box::new(value), Box::new(index)), span)?;
                continue;
            }
            let name = match self.tokens.next() {
                Some(Lexeme {
                    token: Token::Name(name),
                    span,
                }) => (name, span),
                Some(next) => return Err(Mistake::new("a name belongs here", next.span)),
                None => {
                    let end = self.end;
                    return Err(Mistake::new("a name belongs here", end..end));
                }
            };
            let (name, name_span) = name;
            let start = value.span.start;
            if self.sign(&["("]).is_some() {
                let (rest, end) = self.arguments(")")?;
                let mut arguments = vec![value];
                arguments.extend(rest);
                value = self.node(Form::Call(name, arguments), start..end)?;
            } else {
                let span = start..name_span.end;
                value = self.node(Form::Member(Box::new(value), name), span)?;
            }
        }
        Ok(value)
    }

    /// What stands between commas until a closing bracket, and the end of that.
    fn arguments(&mut self, close: &'static str) -> Result<(Vec<Syntax>, usize), Mistake> {
        let mut arguments = Vec::new();
        if let Some((_, span)) = self.sign(&[close]) {
            return Ok((arguments, span.end));
        }
        loop {
            arguments.push(self.or()?);
            if self.sign(&[","]).is_none() {
                let end = self.expect(close)?.end;
                return Ok((arguments, end));
            }
        }
    }

    fn primary(&mut self) -> Result<Syntax, Mistake> {
        let Some(next) = self.tokens.next() else {
            let end = self.end;
            return Err(Mistake::new("a value is missing here", end..end));
        };
        let span = next.span;
        let literal = match next.token {
            Token::Integer(integer) => Literal::Integer(integer),
            Token::Float(float) => Literal::Float(float),
            Token::Text(text) => Literal::Text(text),
            Token::Name(name) => match &*name {
                "true" => Literal::Bool(true),
                "false" => Literal::Bool(false),
                "null" => Literal::Null,
                "in" => return Err(Mistake::new("a value is missing before `in`", span)),
                _ if self.sign(&["("]).is_some() => {
                    let (arguments, end) = self.arguments(")")?;
                    return self.node(Form::Call(name, arguments), span.start..end);
                }
                _ => return self.node(Form::Name(name), span),
            },
            Token::Sign("(") => {
                let inner = self.or()?;
                self.expect(")")?;
                return Ok(inner);
            }
            Token::Sign("[") => {
                let (items, end) = self.arguments("]")?;
                return self.node(Form::List(items), span.start..end);
            }
            Token::Sign(_) => return Err(Mistake::new("a value is missing here", span)),
        };
        self.node(Form::Literal(literal), span)
    }
}
