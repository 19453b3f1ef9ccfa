//! What is wrong with a request, as the 422 answer lists it.

use std::borrow::Cow;
use std::fmt;

use crate::json::{Object, Value};

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
    /// Whether Pydantic's conversions are refused for everything below.
    pub strict: bool,
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
            strict: false,
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
    pub fn report(
        &mut self,
        kind: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
        input: &Value,
        context: Option<Object>,
    ) {
        self.found.push(Problem {
            kind: kind.into(),
            location: self.location.clone(),
            message: message.into(),
            input: input.clone(),
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

    /// How many problems there are.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Forgets the problems found after the first `count`.
    pub fn truncate(&mut self, count: usize) {
        self.found.truncate(count);
    }

    /// Takes out the problems found after the first `count`.
    pub fn split_off(&mut self, count: usize) -> Vec<Problem> {
        self.found.split_off(count)
    }

    /// Adds problems found elsewhere, as they are.
    pub fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.found.extend(problems);
    }

    /// The problems as the 422 answer lists them.
    pub fn to_value(&self) -> Value {
        self.found.iter().map(Problem::to_value).collect()
    }

    /// The problems found.
    pub fn into_vec(self) -> Vec<Problem> {
        self.found
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.found.iter().enumerate() {
            let (semicolon, location) =
                (if index > 0 { "; " } else { "" }, problem.dotted_location());
            let colon = if location.is_empty() { "" } else { ": " };
            write!(formatter, "{semicolon}{location}{colon}{}", problem.message)?;
        }
        Ok(())
    }
}
