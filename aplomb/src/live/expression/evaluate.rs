//! Evaluates a checked expression.
//!
//! There are no loops but those over a list that `in` searches, so the work is bounded by the size
//! of the expression times what is looked at of a value: so many items of a list, and so much of a
//! text that is compared or searched. Only `size` looks at the whole of a text, of which no more than
//! 256 KiB is kept; an expression of nothing else takes a third of a millisecond then.

use std::cmp::Ordering;

use super::Scene;
use super::operand::Operand;
use super::tree::{Arithmetic, Comparison, Node, Part};
use crate::json::Value;

/// The most items of a list that are searched.
const ITEMS: usize = 256;
/// The most of a text that a pattern is searched in, in bytes.
const SEARCHED: usize = 512;

/// What a node is in a scene; nothing where something it needs is missing.
pub(super) fn evaluate<'a>(node: &'a Node, scene: &'a dyn Scene) -> Operand<'a> {
    match node {
        Node::Literal(literal) => literal.into(),
        Node::Path(path) => scene.look(path),
        Node::Has(path) => Operand::Bool(!matches!(scene.look(path), Operand::Null)),
        Node::Not(inner) => match evaluate(inner, scene) {
            Operand::Bool(bool) => Operand::Bool(!bool),
            _ => Operand::Null,
        },
        Node::Negate(inner) => match evaluate(inner, scene) {
            Operand::Integer(integer) => integer
                .checked_neg()
                .map_or(Operand::Null, Operand::Integer),
            Operand::Float(float) => Operand::Float(-float),
            _ => Operand::Null,
        },
        Node::And(left, right) => either(left, right, scene, false),
        Node::Or(left, right) => either(left, right, scene, true),
        Node::Compare(comparison, left, right) => {
            let (left, right) = (evaluate(left, scene), evaluate(right, scene));
            compare(*comparison, left, right)
        }
        Node::Calculate(operator, left, right) => {
            calculate(*operator, evaluate(left, scene), evaluate(right, scene))
        }
        Node::Among(inner, literals) => match evaluate(inner, scene) {
            Operand::Null => Operand::Null,
            value => Operand::Bool(literals.iter().any(|literal| is(value, literal.into()))),
        },
        Node::Inside(item, list) => inside(evaluate(item, scene), evaluate(list, scene)),
        Node::Text(part, text, other) => {
            let (text, other) = (evaluate(text, scene), evaluate(other, scene));
            match (text.text(), other.text()) {
                (Some(text), Some(other)) => Operand::Bool(match part {
                    Part::StartsWith => text.starts_with(other),
                    Part::EndsWith => text.ends_with(other),
                    Part::Contains => text.contains(other),
                }),
                _ => Operand::Null,
            }
        }
        Node::Matches(text, pattern) => match evaluate(text, scene).text() {
            Some(text) => {
                let text = &text[..text.floor_char_boundary(SEARCHED)];
                Operand::Bool(pattern.is_in(text))
            }
            None => Operand::Null,
        },
        Node::Size(inner) => size(evaluate(inner, scene)),
    }
}

/// `&&` decides with false and `||` with true, whatever is missing on the other side.
fn either<'a>(
    left: &'a Node,
    right: &'a Node,
    scene: &'a dyn Scene,
    deciding: bool,
) -> Operand<'a> {
    let decides = |side: Operand<'_>| matches!(side, Operand::Bool(bool) if bool == deciding);
    let first = evaluate(left, scene);
    if decides(first) {
        return first;
    }
    let second = evaluate(right, scene);
    match (first, second) {
        (Operand::Bool(_), Operand::Bool(_)) => second,
        _ if decides(second) => second,
        _ => Operand::Null,
    }
}

fn compare<'a>(comparison: Comparison, left: Operand<'_>, right: Operand<'_>) -> Operand<'a> {
    // Nothing can be said of what is missing, not even that it is unequal.
    let Some(ordering) = left.compare(right) else {
        return Operand::Bool(false);
    };
    Operand::Bool(match comparison {
        Comparison::Equal => ordering == Ordering::Equal,
        Comparison::Unequal => ordering != Ordering::Equal,
        Comparison::Less => ordering == Ordering::Less,
        Comparison::LessOrEqual => ordering != Ordering::Greater,
        Comparison::Greater => ordering == Ordering::Greater,
        Comparison::GreaterOrEqual => ordering != Ordering::Less,
    })
}

fn is(left: Operand<'_>, right: Operand<'_>) -> bool {
    left.compare(right) == Some(Ordering::Equal)
}

fn calculate<'a>(operator: Arithmetic, left: Operand<'_>, right: Operand<'_>) -> Operand<'a> {
    if let (Operand::Integer(left), Operand::Integer(right)) = (left, right) {
        let result = match operator {
            Arithmetic::Add => left.checked_add(right),
            Arithmetic::Subtract => left.checked_sub(right),
            Arithmetic::Multiply => left.checked_mul(right),
            Arithmetic::Divide => left.checked_div(right),
            Arithmetic::Remainder => left.checked_rem(right),
        };
        return result.map_or(Operand::Null, Operand::Integer);
    }
    let (Some(left), Some(right)) = (left.number(), right.number()) else {
        return Operand::Null;
    };
    let result = match operator {
        Arithmetic::Add => left + right,
        Arithmetic::Subtract => left - right,
        Arithmetic::Multiply => left * right,
        Arithmetic::Divide => left / right,
        Arithmetic::Remainder => left % right,
    };
    match result.is_finite() {
        true => Operand::Float(result),
        false => Operand::Null,
    }
}

fn inside<'a>(item: Operand<'_>, list: Operand<'_>) -> Operand<'a> {
    match list {
        Operand::Json(Value::Array(items)) => {
            let mut items = items.iter().take(ITEMS);
            Operand::Bool(items.any(|other| is(item, other.into())))
        }
        Operand::Json(Value::Object(members)) => match item.text() {
            Some(name) => Operand::Bool(members.contains_key(name)),
            None => Operand::Null,
        },
        _ => Operand::Null,
    }
}

fn size<'a>(value: Operand<'_>) -> Operand<'a> {
    let size = match value {
        Operand::Text(text) => text.chars().count(),
        Operand::Json(Value::Array(items)) => items.len(),
        Operand::Json(Value::Object(members)) => members.len(),
        _ => return Operand::Null,
    };
    Operand::Integer(i64::try_from(size).unwrap_or(i64::MAX))
}
