//! The members of an object, taken one field at a time by the complete reader.

use std::borrow::Cow;

use super::choice::{self, Choice};
use super::{Constraints, Exactness, Extra, Field, Invalid, Problems};
use crate::json::{Object, Value};

/// Pydantic's limit of nested models, in steps of the location.
const DEPTH: usize = 510;

/// An object being read into a model.
#[derive(Debug)]
pub struct Members<'v> {
    input: &'v Value,
    object: &'v Object,
    taken: Vec<&'static str>,
}

impl<'v> Members<'v> {
    /// The members of `input`, if it is an object.
    pub fn of(input: &'v Value, problems: &mut Problems) -> Option<Self> {
        if too_deep(input, problems) {
            return None;
        }
        let Value::Object(object) = input else {
            problems.report(
                "model_attributes_type",
                "Input should be a valid dictionary or object to extract fields from",
                input,
                None,
            );
            return None;
        };
        Some(Self {
            input,
            object,
            taken: Vec::new(),
        })
    }

    /// The value of a field: read and checked, or made by `absent`. Nothing if there was a problem,
    /// which is recorded.
    pub fn take<T>(
        &mut self,
        field: &'static Field,
        validate: fn(&Value, &Constraints, &mut Problems) -> Option<T>,
        absent: fn() -> Option<T>,
        check: Option<fn(T) -> Result<T, Invalid>>,
        problems: &mut Problems,
    ) -> Option<T> {
        let Some((name, value)) = self.find(field) else {
            let made = absent();
            if made.is_none() {
                problems.at(field.alias, |problems| problems.missing(self.input));
            }
            return made;
        };
        checked(name, value, field, validate, check, problems)
    }

    /// [`take`](Self::take) of a field whose default is checked like a value that was sent.
    pub fn take_or_check<T>(
        &mut self,
        field: &'static Field,
        validate: fn(&Value, &Constraints, &mut Problems) -> Option<T>,
        default: fn() -> Value,
        check: Option<fn(T) -> Result<T, Invalid>>,
        problems: &mut Problems,
    ) -> Option<T> {
        let (name, value) = match self.find(field) {
            Some((name, value)) => (name, Cow::Borrowed(value)),
            None => (field.alias, Cow::Owned(default())),
        };
        checked(name, &value, field, validate, check, problems)
    }

    /// A member that always holds `text`.
    pub fn constant(
        &mut self,
        field: &'static Field,
        text: &'static str,
        problems: &mut Problems,
    ) -> Option<()> {
        let Some((name, value)) = self.find(field) else {
            problems.at(field.alias, |problems| problems.missing(self.input));
            return None;
        };
        problems.at(name, |problems| {
            choice::literal(value, &[Choice::Text(text)], problems).map(drop)
        })
    }

    fn find(&mut self, field: &'static Field) -> Option<(&'static str, &'v Value)> {
        let names = std::iter::once(field.alias).chain(field.aliases.iter().copied());
        for name in names {
            if let Some(value) = self.object.get(name) {
                self.taken.push(name);
                return (!field.read_only).then_some((name, value));
            }
        }
        None
    }

    /// The members that no field took, or nothing where they are forbidden.
    pub fn rest(self, extra: Extra, problems: &mut Problems) -> Option<Object> {
        problems.floor(Exactness::Strict);
        problems.add_fields_set(self.taken.len());
        if extra == Extra::Ignore || self.taken.len() == self.object.len() {
            return Some(Object::new());
        }
        let rest = self
            .object
            .iter()
            .filter(|(name, _)| !self.taken.contains(&name.as_str()));
        if extra == Extra::Allow {
            let rest: Object = rest
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            problems.add_fields_set(rest.len());
            return Some(rest);
        }
        let before = problems.len();
        for (name, value) in rest {
            problems.at(name.clone(), |problems| {
                problems.report(
                    "extra_forbidden",
                    "Extra inputs are not permitted",
                    value,
                    None,
                );
            });
        }
        (problems.len() == before).then(Object::new)
    }
}

/// The value under a name, as its type and then a validator accept it.
fn checked<T>(
    name: &'static str,
    value: &Value,
    field: &'static Field,
    validate: fn(&Value, &Constraints, &mut Problems) -> Option<T>,
    check: Option<fn(T) -> Result<T, Invalid>>,
    problems: &mut Problems,
) -> Option<T> {
    problems.at(name, |problems| {
        let found = validate(value, field.constraints, problems)?;
        match check {
            Some(check) => accept(check(found), value, problems),
            None => Some(found),
        }
    })
}

/// The value a validator accepts; its refusal is recorded.
pub fn accept<T>(result: Result<T, Invalid>, input: &Value, problems: &mut Problems) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(invalid) => {
            invalid.report(input, problems);
            None
        }
    }
}

/// Whether the present location is deeper than models may nest, which is recorded.
pub fn too_deep(input: &Value, problems: &mut Problems) -> bool {
    let too_deep = problems.depth() >= DEPTH;
    if too_deep {
        problems.report(
            "recursion_depth_exceeded",
            "Recursion error - maximum validation depth exceeded",
            input,
            None,
        );
    }
    too_deep
}
