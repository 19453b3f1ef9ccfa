//! Counts items and says which limit of their number is broken.

use super::{Constraints, Problems};
use crate::json::{Object, Value};

/// Whether a number of items keeps the limits.
#[inline]
pub(crate) fn fits(length: usize, constraints: &Constraints) -> bool {
    constraints.min_length.is_none_or(|least| length >= least)
        && constraints.max_length.is_none_or(|most| length <= most)
}

/// Checks a number of items; `what` is the kind of thing that holds them.
pub(crate) fn check(
    what: &'static str,
    length: usize,
    constraints: &Constraints,
    value: &Value,
    problems: &mut Problems,
) -> bool {
    match (constraints.min_length, constraints.max_length) {
        (_, Some(most)) if length > most => {
            too_long(what, most, Some(length), value, problems);
        }
        (Some(least), _) if length < least => {
            let message = format!(
                "{what} should have at least {least} item{} after validation, not {length}",
                plural(least)
            );
            let context = context(what, "min_length", least, length.into());
            problems.report("too_short", message, value, Some(context));
        }
        _ => return true,
    }
    false
}

/// Records that there are more than `most` items; how many, where it is known.
pub(crate) fn too_long(
    what: &'static str,
    most: usize,
    length: Option<usize>,
    value: &Value,
    problems: &mut Problems,
) {
    let count = length.map_or_else(|| "more".to_owned(), |length| length.to_string());
    let message = format!(
        "{what} should have at most {most} item{} after validation, not {count}",
        plural(most)
    );
    let context = context(what, "max_length", most, length.into());
    problems.report("too_long", message, value, Some(context));
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn context(what: &'static str, name: &str, limit: usize, length: Value) -> Object {
    let mut context = Object::new();
    context.insert("field_type".to_owned(), what.into());
    context.insert(name.to_owned(), limit.into());
    context.insert("actual_length".to_owned(), length);
    context
}
