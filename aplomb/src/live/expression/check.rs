//! Checks an expression against what is known.

use std::ops::Range;

use super::parser::{Form, Syntax};
use super::path::Root;
use super::pattern::Pattern;
use super::tree::{Comparison, Literal, Node, Part};
use super::{Kinds, Mistake, Path};
use crate::live::vocabulary::{Known, Vocabulary};

/// Checks an expression: what it names is there and no secret, and operators fit what they are
/// used on.
pub(super) fn check(syntax: &Syntax, vocabulary: &Vocabulary) -> Result<(Node, Kinds), Mistake> {
    Check { vocabulary }.node(syntax)
}

struct Check<'a> {
    vocabulary: &'a Vocabulary,
}

type Checked = Result<(Node, Kinds), Mistake>;

impl Check<'_> {
    fn node(&self, syntax: &Syntax) -> Checked {
        match &syntax.form {
            Form::Literal(literal) => Ok((Node::Literal(literal.clone()), kinds(literal))),
            Form::List(_) => Err(Mistake::new(
                "a list stands behind `in` only",
                syntax.span.clone(),
            )),
            Form::Name(_) | Form::Member(..) | Form::Index(..) => {
                let (path, known) = self.path(syntax)?;
                Ok((Node::Path(path), known.kinds()))
            }
            Form::Call(name, arguments) => self.call(name, arguments, &syntax.span),
            Form::Not(inner) => {
                let inner = self.of(inner, Kinds::BOOL, "`!`")?;
                Ok((Node::Not(inner), Kinds::BOOL))
            }
            Form::Negate(inner) => {
                let (node, kinds) = self.node(inner)?;
                self.need(kinds, Kinds::NUMBER, "`-`", &inner.span)?;
                Ok((Node::Negate(Box::new(node)), kinds))
            }
            Form::And(left, right) => {
                let left = self.of(left, Kinds::BOOL, "`&&`")?;
                let right = self.of(right, Kinds::BOOL, "`&&`")?;
                Ok((Node::And(left, right), Kinds::BOOL))
            }
            Form::Or(left, right) => {
                let left = self.of(left, Kinds::BOOL, "`||`")?;
                let right = self.of(right, Kinds::BOOL, "`||`")?;
                Ok((Node::Or(left, right), Kinds::BOOL))
            }
            Form::Compare(comparison, left, right) => {
                self.compare(*comparison, left, right, &syntax.span)
            }
            Form::Calculate(operator, left, right) => {
                let (left_node, left_kinds) = self.node(left)?;
                let (right_node, right_kinds) = self.node(right)?;
                self.need(left_kinds, Kinds::NUMBER, "arithmetic", &left.span)?;
                self.need(right_kinds, Kinds::NUMBER, "arithmetic", &right.span)?;
                let (left, right) = (Box::new(left_node), Box::new(right_node));
                Ok((Node::Calculate(*operator, left, right), Kinds::NUMBER))
            }
            Form::In(item, list) => self.within(item, list),
        }
    }

    /// An expression that has to be of a kind.
    fn of(&self, syntax: &Syntax, wanted: Kinds, by: &str) -> Result<Box<Node>, Mistake> {
        let (node, kinds) = self.node(syntax)?;
        self.need(kinds, wanted, by, &syntax.span)?;
        Ok(Box::new(node))
    }

    fn need(
        &self,
        kinds: Kinds,
        wanted: Kinds,
        by: &str,
        span: &Range<usize>,
    ) -> Result<(), Mistake> {
        match kinds.has(wanted) {
            true => Ok(()),
            false => {
                let message = format!("{by} needs {wanted}, and this is {kinds}");
                Err(Mistake::new(message, span.clone()))
            }
        }
    }

    fn compare(
        &self,
        comparison: Comparison,
        left: &Syntax,
        right: &Syntax,
        span: &Range<usize>,
    ) -> Checked {
        let is_null = |syntax: &Syntax| matches!(syntax.form, Form::Literal(Literal::Null));
        if is_null(left) || is_null(right) {
            let other = if is_null(left) { right } else { left };
            let (path, _) = self.path(other)?;
            let has = Node::Has(path);
            return match comparison {
                Comparison::Equal => Ok((Node::Not(Box::new(has)), Kinds::BOOL)),
                Comparison::Unequal => Ok((has, Kinds::BOOL)),
                _ => Err(Mistake::new(
                    "`null` is equal or unequal, neither more nor less",
                    span.clone(),
                )),
            };
        }
        let (left, left_kinds) = self.node(left)?;
        let (right, right_kinds) = self.node(right)?;
        if !left_kinds.compares_with(right_kinds) {
            let message =
                format!("{left_kinds} and {right_kinds} cannot be compared with each other");
            return Err(Mistake::new(message, span.clone()));
        }
        let (left, right) = (Box::new(left), Box::new(right));
        Ok((Node::Compare(comparison, left, right), Kinds::BOOL))
    }

    fn within(&self, item: &Syntax, list: &Syntax) -> Checked {
        let (item_node, item_kinds) = self.node(item)?;
        let Form::List(items) = &list.form else {
            let (list_node, list_kinds) = self.node(list)?;
            let wanted = Kinds::LIST.or(Kinds::OBJECT);
            self.need(list_kinds, wanted, "`in`", &list.span)?;
            let (item, list) = (Box::new(item_node), Box::new(list_node));
            return Ok((Node::Inside(item, list), Kinds::BOOL));
        };
        let mut literals = Vec::with_capacity(items.len());
        for other in items {
            let literal = literal(other)?;
            if !kinds(&literal).compares_with(item_kinds) {
                let message = format!("{} is never {item_kinds}", kinds(&literal));
                return Err(Mistake::new(message, other.span.clone()));
            }
            literals.push(literal);
        }
        Ok((Node::Among(Box::new(item_node), literals), Kinds::BOOL))
    }

    fn call(&self, name: &str, arguments: &[Syntax], span: &Range<usize>) -> Checked {
        let part = match name {
            "startsWith" => Some(Part::StartsWith),
            "endsWith" => Some(Part::EndsWith),
            "contains" => Some(Part::Contains),
            _ => None,
        };
        match (name, part, arguments) {
            (_, Some(part), [text, other]) => {
                let text = self.of(text, Kinds::TEXT, name)?;
                let other = self.of(other, Kinds::TEXT, name)?;
                Ok((Node::Text(part, text, other), Kinds::BOOL))
            }
            ("matches", _, [text, pattern]) => {
                let text = self.of(text, Kinds::TEXT, name)?;
                let Form::Literal(Literal::Text(source)) = &pattern.form else {
                    let message = "the pattern is a text between quotes";
                    return Err(Mistake::new(message, pattern.span.clone()));
                };
                let compiled = Pattern::new(source);
                let compiled =
                    compiled.map_err(|message| Mistake::new(message, pattern.span.clone()))?;
                Ok((Node::Matches(text, compiled), Kinds::BOOL))
            }
            ("size", _, [value]) => {
                let wanted = Kinds::TEXT.or(Kinds::LIST).or(Kinds::OBJECT);
                let value = self.of(value, wanted, name)?;
                Ok((Node::Size(value), Kinds::INTEGER))
            }
            ("has", _, [value]) => {
                let (path, _) = self.path(value)?;
                Ok((Node::Has(path), Kinds::BOOL))
            }
            ("startsWith" | "endsWith" | "contains" | "matches", ..) => {
                let message = format!("write `text.{name}(\"…\")`");
                Err(Mistake::new(message, span.clone()))
            }
            ("size" | "has", ..) => {
                let message = format!("`{name}` takes one value: `{name}(body)`");
                Err(Mistake::new(message, span.clone()))
            }
            _ => {
                let message = format!(
                    "no function is called `{name}`; there are: size, has, startsWith, endsWith, \
                     contains, matches"
                );
                Err(Mistake::new(message, span.clone()))
            }
        }
    }

    /// A way to a value that is known.
    fn path(&self, syntax: &Syntax) -> Result<(Path, Known<'_>), Mistake> {
        match &syntax.form {
            Form::Name(name) => {
                let known =
                    Root::of(name).and_then(|root| Some((root, self.vocabulary.root(root)?)));
                let Some((root, known)) = known else {
                    let message = self.vocabulary.no_root(name);
                    return Err(Mistake::new(message, syntax.span.clone()));
                };
                if self.vocabulary.is_secret_root(root) {
                    let message = format!("`{name}` is secret: it is declared so");
                    return Err(Mistake::new(message, syntax.span.clone()));
                }
                let steps = Vec::new();
                Ok((Path { root, steps }, known))
            }
            Form::Member(inner, name) => {
                let at = inner.span.end..syntax.span.end;
                self.step(inner, name, &at)
            }
            Form::Index(inner, index) => match &index.form {
                Form::Literal(Literal::Text(name)) => self.step(inner, name, &index.span),
                Form::Literal(Literal::Integer(number)) => {
                    let (mut path, known) = self.path(inner)?;
                    let found = known.item(usize::try_from(*number).ok());
                    let (step, known) =
                        found.map_err(|message| Mistake::new(message, index.span.clone()))?;
                    path.steps.push(step);
                    Ok((path, known))
                }
                _ => Err(Mistake::new(
                    "between these brackets stands a number or a text in quotes",
                    index.span.clone(),
                )),
            },
            _ => Err(Mistake::new(
                "a field belongs here, such as `body.price`",
                syntax.span.clone(),
            )),
        }
    }

    fn step(
        &self,
        inner: &Syntax,
        name: &str,
        at: &Range<usize>,
    ) -> Result<(Path, Known<'_>), Mistake> {
        let (mut path, known) = self.path(inner)?;
        let found = known.member(&path, name);
        let (step, known) = found.map_err(|message| Mistake::new(message, at.clone()))?;
        path.steps.push(step);
        Ok((path, known))
    }
}

fn kinds(literal: &Literal) -> Kinds {
    match literal {
        Literal::Null => Kinds::NULL,
        Literal::Bool(_) => Kinds::BOOL,
        Literal::Integer(_) => Kinds::INTEGER,
        Literal::Float(_) => Kinds::NUMBER,
        Literal::Text(_) => Kinds::TEXT,
    }
}

/// A value that stands in the source.
fn literal(syntax: &Syntax) -> Result<Literal, Mistake> {
    match &syntax.form {
        Form::Literal(literal) if *literal != Literal::Null => return Ok(literal.clone()),
        Form::Negate(inner) => match &inner.form {
            Form::Literal(Literal::Integer(integer)) => {
                return Ok(Literal::Integer(integer.saturating_neg()));
            }
            Form::Literal(Literal::Float(float)) => return Ok(Literal::Float(-float)),
            _ => {}
        },
        _ => {}
    }
    Err(Mistake::new(
        "in a list stand numbers, texts in quotes, `true` and `false`",
        syntax.span.clone(),
    ))
}
