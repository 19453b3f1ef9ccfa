//! What is wrong with a request, as the 422 answer lists it.

use std::borrow::Cow;
use std::fmt;

use super::form::Form;
use super::size::{self, size};
use crate::json::{Object, Value};

/// The room that the problems of a request share; those that find none left are counted only.
const ROOM: usize = 100_000;

/// How much of the inputs is copied for problems in all, those of a union's branches included.
const COPIED: usize = 1_000_000;

/// How often the branches of a union, and of the unions in them, may look at each part of a value.
const LOOKS: usize = 32;

/// What they may look at in any case.
const LOOKS_IN_ANY_CASE: usize = 1_000_000;

/// One step of the way to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// The name of a field, key or place.
    Name(Cow<'static, str>),
    /// The index of an item.
    Index(usize),
}

impl From<&'static str> for Location {
    fn from(name: &'static str) -> Self {
        Self::Name(Cow::Borrowed(name))
    }
}

impl From<String> for Location {
    fn from(name: String) -> Self {
        Self::Name(Cow::Owned(name))
    }
}

impl From<Cow<'static, str>> for Location {
    fn from(name: Cow<'static, str>) -> Self {
        Self::Name(name)
    }
}

impl From<usize> for Location {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// One thing that is wrong, in Pydantic's terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The kind of problem, such as `missing`.
    pub kind: Cow<'static, str>,
    /// The way to the value, from the place in the request on.
    pub location: Vec<Location>,
    /// The sentence for people.
    pub message: String,
    /// The value as received.
    pub input: Value,
    /// What the sentence was made from.
    pub context: Option<Object>,
}

impl Problem {
    /// The problem as the 422 answer lists it: `type`, `loc`, `msg`, `input`, `ctx`.
    pub fn to_value(&self) -> Value {
        let location = self.location.iter().map(|step| match step {
            Location::Name(name) => Value::String(name.to_string()),
            Location::Index(index) => Value::Integer(i64::try_from(*index).unwrap_or(i64::MAX)),
        });
        let mut object = Object::new();
        object.insert("type".to_owned(), Value::String(self.kind.to_string()));
        object.insert("loc".to_owned(), Value::Array(location.collect()));
        object.insert("msg".to_owned(), Value::String(self.message.clone()));
        object.insert("input".to_owned(), self.input.clone());
        if let Some(context) = &self.context {
            object.insert("ctx".to_owned(), Value::Object(context.clone()));
        }
        Value::Object(object)
    }

    /// The location as one word, such as `body.items.0.name`.
    pub fn dotted_location(&self) -> String {
        let steps: Vec<String> = self
            .location
            .iter()
            .map(|step| match step {
                Location::Name(name) => name.to_string(),
                Location::Index(index) => index.to_string(),
            })
            .collect();
        steps.join(".")
    }
}

/// How well a value fits the type it was read as; a union takes the branch that fits best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exactness {
    /// It was converted, as a text to a number.
    Lax,
    /// It fits, but is not the very thing, as an integer for a float or an object for a model.
    Strict,
    /// It is the very thing.
    Exact,
}

/// Collects everything that is wrong while a value is validated.
#[derive(Debug)]
pub struct Problems {
    found: Vec<Problem>,
    location: Vec<Location>,
    exactness: Exactness,
    fields_set: Option<usize>,
    /// How many problems follow those of `found` that there was no room for.
    unrecorded: usize,
    room: usize,
    copies_left: usize,
    /// How many unions the present value is in.
    unions: usize,
    looks_left: usize,
    /// Whether Pydantic's conversions are refused for everything below.
    pub strict: bool,
    /// The form that is being read.
    pub(super) form: Option<Box<Form>>,
}

/// How well the values outside a union's branch fit so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outer(Exactness, Option<usize>);

impl Default for Problems {
    fn default() -> Self {
        Self {
            found: Vec::new(),
            location: Vec::new(),
            exactness: Exactness::Exact,
            fields_set: None,
            unrecorded: 0,
            room: ROOM,
            copies_left: COPIED,
            unions: 0,
            looks_left: LOOKS_IN_ANY_CASE,
            strict: false,
            form: None,
        }
    }
}

impl Problems {
    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `inner` one step further down.
    pub fn at<R>(&mut self, step: impl Into<Location>, inner: impl FnOnce(&mut Self) -> R) -> R {
        self.location.push(step.into());
        let result = inner(self);
        self.location.pop();
        result
    }

    /// Records a problem with `input`, at the present location.
    ///
    /// What is recorded is bounded, so that a request cannot fill the memory with its mistakes: an
    /// input that is too large is null, and problems that are too many are only counted and make
    /// one closing problem, `too_many_problems`.
    pub fn report(
        &mut self,
        kind: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
        input: &Value,
        context: Option<Object>,
    ) {
        let message = message.into();
        let room = room(&self.location, &message, context.as_ref());
        if self.unrecorded > 0 || room > self.room {
            self.unrecorded += 1;
            return;
        }
        self.room -= room;
        // One input leaves as much room as it takes, for the problems that follow.
        let limit = (self.room / 2).min(self.copies_left);
        let input = match size(input, limit) {
            Some(size) => {
                self.room -= size;
                self.copies_left -= size;
                input.clone()
            }
            None => Value::Null,
        };
        self.found.push(Problem {
            kind: kind.into(),
            location: self.location.clone(),
            message,
            input,
            context,
        });
    }

    /// Records that something required is absent; `input` is what was there instead.
    pub fn missing(&mut self, input: &Value) {
        self.report("missing", "Field required", input, None);
    }

    /// Says how well a value fits: `exactness` at the most.
    ///
    /// Converted scalars say [`Exactness::Lax`] and models [`Exactness::Strict`].
    #[inline]
    pub fn floor(&mut self, exactness: Exactness) {
        self.exactness = self.exactness.min(exactness);
    }

    /// Counts the fields of a model that were given, by which a union prefers the fuller branch.
    pub fn add_fields_set(&mut self, count: usize) {
        *self.fields_set.get_or_insert(0) += count;
    }

    /// Starts to watch one branch of a union; the result is what to go back to at its end.
    pub(crate) fn begin_branch(&mut self) -> Outer {
        let outer = Outer(self.exactness, self.fields_set);
        self.exactness = Exactness::Exact;
        self.fields_set = None;
        outer
    }

    /// How well the present branch fits, and how many fields it set if it is of models.
    pub(crate) fn branch(&self) -> (Exactness, Option<usize>) {
        (self.exactness, self.fields_set)
    }

    /// Ends the watch of a union's branches.
    pub(crate) fn end_branch(&mut self, outer: Outer) {
        self.exactness = outer.0;
        self.fields_set = outer.1;
    }

    /// How many steps lead to the present location.
    pub(crate) fn depth(&self) -> usize {
        self.location.len()
    }

    /// Steps into a union of this many branches, unless the unions around it have had the value
    /// looked at too often already.
    pub(crate) fn enter_union(&mut self, value: &Value, branches: usize) -> bool {
        if self.unions == 0 {
            let size = size(value, usize::MAX).unwrap_or(usize::MAX);
            self.looks_left = self
                .looks_left
                .saturating_add(size.saturating_mul(LOOKS.max(branches)));
        }
        let size = size(value, self.looks_left / branches.max(1));
        self.looks_left = size.map_or(0, |size| self.looks_left - size * branches);
        self.unions += usize::from(size.is_some());
        size.is_some()
    }

    /// Steps out of it; nothing that its branches found counts when they looked too often.
    pub(crate) fn leave_union(&mut self) -> bool {
        self.unions -= 1;
        self.looks_left > 0
    }

    /// How many problems there are.
    pub fn len(&self) -> usize {
        self.found.len() + self.unrecorded
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets the problems found after the first `count`.
    pub fn truncate(&mut self, count: usize) {
        self.unrecorded = count.saturating_sub(self.found.len()).min(self.unrecorded);
        for problem in self.found.drain(count.min(self.found.len())..) {
            let context = problem.context.as_ref();
            self.room += room(&problem.location, &problem.message, context)
                + size(&problem.input, usize::MAX).unwrap_or(0);
        }
    }

    /// Takes out the problems found after the first `count`; those that are only counted stay.
    pub fn split_off(&mut self, count: usize) -> Vec<Problem> {
        self.found.split_off(count.min(self.found.len()))
    }

    /// Adds problems found elsewhere, as they are.
    pub fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.found.extend(problems);
    }

    /// The problems as the 422 answer lists them.
    pub fn to_value(&self) -> Value {
        let closing = self.closing();
        let problems = self.found.iter().chain(&closing);
        problems.map(Problem::to_value).collect()
    }

    /// The problems found.
    pub fn into_vec(mut self) -> Vec<Problem> {
        let closing = self.closing();
        self.found.extend(closing);
        self.found
    }

    /// The problem that stands for those there was no room for.
    fn closing(&self) -> Option<Problem> {
        let place = self.found.last().and_then(|last| last.location.first());
        (self.unrecorded > 0).then(|| Problem {
            kind: "too_many_problems".into(),
            location: place.into_iter().cloned().collect(),
            message: "There are more problems than can be listed".to_owned(),
            input: Value::Null,
            context: None,
        })
    }
}

/// The room that a problem takes up besides its input.
fn room(location: &[Location], message: &str, context: Option<&Object>) -> usize {
    let steps = location.iter().map(|step| match step {
        Location::Name(name) => size::of_text(name),
        Location::Index(_) => 1,
    });
    let context = context.map_or(0, |context| {
        context
            .iter()
            .map(|(name, value)| size::of_text(name) + size(value, usize::MAX).unwrap_or(0))
            .sum()
    });
    size::of_text(message) + steps.sum::<usize>() + context
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let closing = self.closing();
        for (index, problem) in self.found.iter().chain(&closing).enumerate() {
            let (semicolon, location) =
                (if index > 0 { "; " } else { "" }, problem.dotted_location());
            let colon = if location.is_empty() { "" } else { ": " };
            write!(formatter, "{semicolon}{location}{colon}{}", problem.message)?;
        }
        Ok(())
    }
}
