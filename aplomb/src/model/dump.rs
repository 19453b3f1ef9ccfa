//! What of a model is written, and under which names.

use super::Field;
use crate::json::{Object, Value};

/// How to turn a model into JSON: FastAPI's `response_model_*` options.
#[derive(Clone, Copy, Debug)]
pub struct Dump<'a> {
    /// Whether fields go by their alias.
    pub by_alias: bool,
    /// Whether fields that the client did not set are left out; only `Patch`
    /// knows which those are.
    pub exclude_unset: bool,
    /// Whether fields that equal their default are left out.
    pub exclude_defaults: bool,
    /// Whether null fields are left out.
    pub exclude_none: bool,
    /// The only fields to keep.
    pub include: Option<&'a Selection>,
    /// The fields to leave out.
    pub exclude: Option<&'a Selection>,
}

impl Dump<'_> {
    /// Everything, by alias: what a response has unless the route says otherwise.
    pub const ALL: Dump<'static> = Dump {
        by_alias: true,
        exclude_unset: false,
        exclude_defaults: false,
        exclude_none: false,
        include: None,
        exclude: None,
    };

    /// Whether these options leave nothing out and rename nothing.
    pub fn is_all(&self) -> bool {
        self.by_alias
            && !self.exclude_unset
            && !self.exclude_defaults
            && !self.exclude_none
            && self.include.is_none()
            && self.exclude.is_none()
    }

    /// The options below a field: everything but the choice of fields goes down.
    pub fn nested(&self) -> Self {
        Self {
            include: None,
            exclude: None,
            ..*self
        }
    }

    /// Whether the choice of fields has this one.
    pub fn wants(&self, field: &Field) -> bool {
        self.include.is_none_or(|names| names.has(field.name))
            && !self.exclude.is_some_and(|names| names.has(field.name))
    }

    /// Adds a wanted field of a model to its object, unless its value is to be left out.
    pub fn put(&self, object: &mut Object, field: &Field, value: Value) {
        if self.exclude_none && value == Value::Null {
            return;
        }
        if self.exclude_defaults
            && field
                .default
                .value()
                .is_some_and(|default| default == value)
        {
            return;
        }
        let name = if self.by_alias {
            field.serialization_alias
        } else {
            field.name
        };
        object.insert(name.to_owned(), value);
    }
}

/// A choice of fields by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection(Vec<String>);

impl Selection {
    /// Whether `name` is chosen.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|chosen| chosen == name)
    }
}

impl<S: Into<String>> FromIterator<S> for Selection {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }
}
