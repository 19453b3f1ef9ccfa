//! One of several types: Pydantic's smart union, and the union told apart by a tag.

use std::borrow::Cow;

use super::choice::{self, Choice};
use super::problem::{Exactness, Location, Problems};
use super::python;
use crate::json::{Object, Value};

/// One type of an untagged union.
#[derive(Clone, Copy, Debug)]
pub struct Branch<T> {
    /// The name of the branch in the location of its problems.
    pub label: fn() -> Cow<'static, str>,
    /// Validates a value as this branch.
    pub validate: fn(&Value, &mut Problems) -> Option<T>,
}

/// One type of a tagged union.
#[derive(Clone, Copy, Debug)]
pub struct Tagged<T> {
    /// The value of the discriminator that chooses this branch.
    pub tag: Choice,
    /// Validates a value as this branch.
    pub validate: fn(&Value, &mut Problems) -> Option<T>,
}

/// Finds the branch that fits best, as Pydantic's smart mode does.
///
/// The first branch that takes the value exactly as it is wins at once. Among the others the one
/// with the most fields set wins, then the one with the fewest conversions, then the first. When
/// none fits, the problems of all are reported, each under the label of its branch.
///
/// Unions in unions look at a value again for every branch of every one; a value that they would
/// look at too often is refused, whatever the branches make of it.
pub fn untagged<T>(value: &Value, problems: &mut Problems, branches: &[Branch<T>]) -> Option<T> {
    let before = problems.len();
    if problems.enter_union(value, branches.len()) {
        let found = best(value, problems, branches);
        if problems.leave_union() {
            return found;
        }
    }
    problems.truncate(before);
    let message = "Input should not need so many choices between types";
    problems.report("too_many_choices", message, value, None);
    None
}

fn best<T>(value: &Value, problems: &mut Problems, branches: &[Branch<T>]) -> Option<T> {
    let before = problems.len();
    let outer = problems.begin_branch();
    let whole_form = problems.is_whole_form();
    let mut best: Option<(T, Exactness, Option<usize>)> = None;
    for branch in branches {
        let start = problems.len();
        problems.begin_branch();
        problems.set_whole_form(whole_form);
        let label: Location = (branch.label)().into();
        let result = problems.at(label, |problems| (branch.validate)(value, problems));
        let Some(result) = result else {
            if best.is_some() {
                problems.truncate(start);
            }
            continue;
        };
        let (exactness, fields) = problems.branch();
        if exactness == Exactness::Exact && fields.is_none() {
            problems.truncate(before);
            problems.end_branch(outer);
            return Some(result);
        }
        problems.truncate(start);
        let better = best
            .as_ref()
            .is_none_or(
                |(_, best_exactness, best_fields)| match (best_fields, fields) {
                    (Some(best), Some(new)) if *best != new => *best < new,
                    _ => *best_exactness < exactness,
                },
            );
        if better {
            best = Some((result, exactness, fields));
        }
    }
    problems.end_branch(outer);
    let (result, exactness, fields) = best?;
    problems.truncate(before);
    problems.floor(exactness);
    if let Some(fields) = fields {
        problems.add_fields_set(fields);
    }
    Some(result)
}

/// Chooses the branch by the value under `discriminator`.
pub fn tagged<T>(
    value: &Value,
    problems: &mut Problems,
    discriminator: &str,
    branches: &[Tagged<T>],
) -> Option<T> {
    let Value::Object(object) = value else {
        problems.report(
            "model_attributes_type",
            "Input should be a valid dictionary or object to extract fields from",
            value,
            None,
        );
        return None;
    };
    let name = python::quoted(discriminator);
    let mut context = Object::new();
    context.insert("discriminator".to_owned(), Value::String(name.clone()));
    let Some(tag) = object.get(discriminator) else {
        let message = format!("Unable to extract tag using discriminator {name}");
        problems.report("union_tag_not_found", message, value, Some(context));
        return None;
    };
    let tags: Vec<Choice> = branches.iter().map(|branch| branch.tag).collect();
    if let Some(index) = choice::find(tag, &tags) {
        let branch = &branches[index];
        return problems.at(branch.tag.location(), |problems| {
            (branch.validate)(value, problems)
        });
    }
    let tag = python::display(tag);
    let tags: Vec<String> = tags.iter().map(|tag| tag.repr()).collect();
    let tags = tags.join(", ");
    let message = format!(
        "Input tag '{tag}' found using {name} does not match any of the expected tags: {tags}"
    );
    context.insert("tag".to_owned(), Value::String(tag));
    context.insert("expected_tags".to_owned(), Value::String(tags));
    problems.report("union_tag_invalid", message, value, Some(context));
    None
}
