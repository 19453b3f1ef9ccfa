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
    /// Whether fields that are declared secret, or whose names say that they are, are left out.
    pub hide_secrets: bool,
    /// The only fields to keep.
    pub include: Option<&'a Selection>,
    /// The fields to leave out.
    pub exclude: Option<&'a Selection>,
}

impl<'a> Dump<'a> {
    /// Everything, by alias: what a response has unless the route says otherwise.
    pub const ALL: Dump<'static> = Dump {
        by_alias: true,
        exclude_unset: false,
        exclude_defaults: false,
        exclude_none: false,
        hide_secrets: false,
        include: None,
        exclude: None,
    };

    /// Whether these options leave nothing out and rename nothing.
    pub fn is_all(&self) -> bool {
        self.by_alias
            && !self.exclude_unset
            && !self.exclude_defaults
            && !self.exclude_none
            && !self.hide_secrets
            && self.include.is_none()
            && self.exclude.is_none()
    }

    /// The options below a field: of the choice of fields, what is said about those in this one.
    pub fn below(&self, field: &Field) -> Self {
        let below = |names: &'a Selection| names.below(field.name);
        Self {
            include: self.include.and_then(below),
            exclude: self.exclude.and_then(below),
            ..*self
        }
    }

    /// Whether the choice of fields has this one.
    pub fn wants(&self, field: &Field) -> bool {
        !(self.hide_secrets && (field.secret || crate::live::tells(field.name)))
            && self.include.is_none_or(|names| names.has(field.name))
            && !self
                .exclude
                .is_some_and(|names| names.has_all_of(field.name))
    }

    /// Whether a field is left out because it holds its default; `whole` gives all that it holds.
    pub fn leaves_default(&self, field: &Field, whole: impl FnOnce() -> Value) -> bool {
        self.exclude_defaults
            && field
                .default
                .held()
                .is_some_and(|default| default == whole())
    }

    /// Whether a field is left out because it holds nothing; `whole` gives all that it holds.
    pub fn leaves_none(&self, whole: impl FnOnce() -> Value) -> bool {
        self.exclude_none && whole() == Value::Null
    }

    /// Adds a wanted field of a model to its object, unless its value is to be left out.
    pub fn put(&self, object: &mut Object, field: &Field, value: Value) {
        if self.exclude_none && value == Value::Null {
            return;
        }
        self.put_serialized(object, field, value);
    }

    /// Adds a wanted field of a model to its object, null too.
    pub fn put_serialized(&self, object: &mut Object, field: &Field, value: Value) {
        let name = if self.by_alias {
            field.serialization_alias
        } else {
            field.name
        };
        object.insert(name.to_owned(), value);
    }
}

/// A choice of fields by name: `name`, or `owner.name` for a field of a field. What is chosen of a
/// field that holds a list or map is chosen of all its items.
///
/// ```
/// use aplomb::model::Selection;
///
/// let selection: Selection = ["name", "owner.name"].into_iter().collect();
/// assert!(selection.has("owner") && !selection.has_all_of("owner"));
/// assert!(selection.below("owner").is_some_and(|owner| owner.has("name")));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection(Vec<(String, Self)>);

impl Selection {
    /// Whether `name` is chosen, or something in it.
    pub fn has(&self, name: &str) -> bool {
        self.chosen(name).is_some()
    }

    /// Whether the whole of `name` is chosen.
    pub fn has_all_of(&self, name: &str) -> bool {
        self.chosen(name).is_some_and(|below| below.0.is_empty())
    }

    /// What is chosen in `name`, unless that is the whole of it or nothing.
    pub fn below(&self, name: &str) -> Option<&Self> {
        self.chosen(name).filter(|below| !below.0.is_empty())
    }

    fn chosen(&self, name: &str) -> Option<&Self> {
        let chosen = self.0.iter().find(|(chosen, _)| chosen == name);
        chosen.map(|(_, below)| below)
    }

    fn add(&mut self, path: &str) {
        let (name, rest) = path.split_once('.').unwrap_or((path, ""));
        let known = self.0.iter().position(|(chosen, _)| chosen == name);
        let below = match known {
            // The whole was chosen before.
            Some(at) if self.0[at].1.0.is_empty() => return,
            Some(at) => &mut self.0[at].1,
            None => {
                self.0.push((name.to_owned(), Self::default()));
                let last = self.0.len() - 1;
                &mut self.0[last].1
            }
        };
        match rest {
            "" => below.0.clear(),
            rest => below.add(rest),
        }
    }
}

impl<S: Into<String>> FromIterator<S> for Selection {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut selection = Self::default();
        for name in names {
            selection.add(&name.into());
        }
        selection
    }
}
