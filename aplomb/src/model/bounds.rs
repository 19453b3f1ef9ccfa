//! Compares values with their bounds and says which is broken.

use std::cmp::Ordering;

use super::{Constraints, Limit, Problems};
use crate::json::{Object, Value};

/// A bound that a value breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    MultipleOf,
    Le,
    Lt,
    Ge,
    Gt,
}

impl Bound {
    const fn kind(self) -> &'static str {
        match self {
            Self::MultipleOf => "multiple_of",
            Self::Le => "less_than_equal",
            Self::Lt => "less_than",
            Self::Ge => "greater_than_equal",
            Self::Gt => "greater_than",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::MultipleOf => "multiple_of",
            Self::Le => "le",
            Self::Lt => "lt",
            Self::Ge => "ge",
            Self::Gt => "gt",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::MultipleOf => "a multiple of",
            Self::Le => "less than or equal to",
            Self::Lt => "less than",
            Self::Ge => "greater than or equal to",
            Self::Gt => "greater than",
        }
    }

    /// Records that this bound is broken.
    #[cold]
    pub(crate) fn report(self, limit: Value, text: &str, input: &Value, problems: &mut Problems) {
        let mut context = Object::new();
        context.insert(self.name().to_owned(), limit);
        let message = format!("Input should be {} {text}", self.words());
        problems.report(self.kind(), message, input, Some(context));
    }
}

/// The first bound, in Pydantic's order, that a value breaks.
///
/// `compare` orders the value and a limit; what cannot be compared keeps no bound.
#[inline]
pub(crate) fn broken(
    constraints: &Constraints,
    compare: impl Fn(Limit) -> Option<Ordering>,
) -> Option<(Bound, Limit)> {
    if let Some(limit) = constraints.le
        && !compare(limit).is_some_and(Ordering::is_le)
    {
        return Some((Bound::Le, limit));
    }
    if let Some(limit) = constraints.lt
        && !compare(limit).is_some_and(Ordering::is_lt)
    {
        return Some((Bound::Lt, limit));
    }
    if let Some(limit) = constraints.ge
        && !compare(limit).is_some_and(Ordering::is_ge)
    {
        return Some((Bound::Ge, limit));
    }
    if let Some(limit) = constraints.gt
        && !compare(limit).is_some_and(Ordering::is_gt)
    {
        return Some((Bound::Gt, limit));
    }
    None
}
