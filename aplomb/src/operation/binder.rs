//! [`Binder`]: takes the arguments of one function from one request.

mod group;

use std::borrow::Cow;
use std::pin::Pin;

use ::http::HeaderValue;

use super::body::{BodyInput, BodyShape};
use super::{Parameter, Scope};
use crate::depends::{CleanupScope, Shared};
use crate::error::Error;
use crate::http::{Request, Response};
use crate::json::Value;
use crate::model::{Invalid, Location, Model, Place, Problems};

/// A handler on its way to a response.
pub type HandlerFuture = Pin<Box<dyn Future<Output = Result<Response, Error>> + Send>>;

/// Takes the arguments of one function from one request, and records what is wrong with them.
#[derive(Debug)]
pub struct Binder<'a> {
    pub(crate) scope: &'a Scope,
    pub(crate) body: &'a mut BodyInput,
    pub(crate) shape: BodyShape,
    pub(crate) values: &'a [Option<Shared>],
    pub(crate) inputs: &'a [usize],
    pub(crate) problems: &'a mut Problems,
    /// When the clean-up of the function runs.
    pub(crate) cleanup_scope: CleanupScope,
    /// What ends the request at once, such as a body that is not JSON.
    pub(crate) fatal: &'a mut Option<Error>,
}

impl<'a> Binder<'a> {
    /// The request.
    pub fn request(&self) -> &'a Request {
        &self.scope.request
    }

    /// What belongs to the request besides what the client sent.
    pub(crate) fn scope(&self) -> &'a Scope {
        self.scope
    }

    /// The result of the next dependency among the arguments; nothing when it did not run.
    pub fn dependency(&mut self) -> Option<Shared> {
        let (first, rest) = self.inputs.split_first()?;
        self.inputs = rest;
        self.values.get(*first)?.clone()
    }

    /// A parameter or body of type `T`; `default` is asked when it is absent.
    #[inline]
    pub fn parameter<T: Model>(
        &mut self,
        parameter: &'static Parameter,
        default: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        let place = self.place(parameter)?;
        if place != Place::Body && !(parameter.group)().is_empty() {
            return self.group(place, parameter, default);
        }
        match place {
            Place::Body => self.json(parameter, default),
            Place::Path | Place::Query | Place::Header | Place::Cookie if !T::SEQUENCE => {
                let text = self.text(place, parameter.field.alias);
                self.scalar(place, parameter, text, default)
            }
            _ => self.list(place, parameter, default),
        }
    }

    #[inline]
    fn place(&self, parameter: &'static Parameter) -> Option<Place> {
        parameter.place_below(|name| self.request().path_params().get(name).is_some())
    }

    /// Runs a check of the user's own on an argument.
    pub fn check<T: Model, R>(
        &mut self,
        parameter: &'static Parameter,
        value: T,
        check: impl FnOnce(T) -> Result<R, Invalid>,
    ) -> Option<R> {
        let input = value.dump(&crate::model::Dump::ALL);
        match check(value) {
            Ok(value) => Some(value),
            Err(invalid) => {
                let steps = self.steps(parameter);
                under(self.problems, &steps, |problems| {
                    invalid.report(&input, problems);
                });
                None
            }
        }
    }

    #[inline]
    fn scalar<T: Model>(
        &mut self,
        place: Place,
        parameter: &'static Parameter,
        text: Option<Cow<'_, str>>,
        default: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        let Some(text) = text else {
            return self.absent(place, parameter, default);
        };
        match T::read_text(&text, parameter.field.constraints) {
            Ok(value) => Some(value),
            Err(_) => self.validate(place, parameter, &Value::String(text.into_owned())),
        }
    }

    fn list<T: Model>(
        &mut self,
        place: Place,
        parameter: &'static Parameter,
        default: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        let values = self.texts(place, parameter.field.alias);
        if values.is_empty() {
            return self.absent(place, parameter, default);
        }
        let value = if T::SEQUENCE {
            Value::Array(values)
        } else {
            last(values)
        };
        self.validate(place, parameter, &value)
    }

    fn validate<T: Model>(
        &mut self,
        place: Place,
        parameter: &'static Parameter,
        value: &Value,
    ) -> Option<T> {
        self.problems.at(place.name(), |problems| {
            problems.at(parameter.field.alias, |problems| {
                T::validate(value, parameter.field.constraints, problems)
            })
        })
    }

    #[inline]
    fn absent<T>(
        &mut self,
        place: Place,
        parameter: &'static Parameter,
        default: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        let value = default();
        if value.is_none() {
            missing(self.problems, &[place.name(), parameter.field.alias]);
        }
        value
    }

    /// The text of a scalar: of repeated names the last, of headers the first.
    #[inline]
    fn text(&self, place: Place, name: &str) -> Option<Cow<'a, str>> {
        let request = self.request();
        match place {
            Place::Path => request.path_params().get(name).map(Cow::Borrowed),
            Place::Query => request.query_text(name),
            Place::Header => request.headers().get(name).map(header_text),
            Place::Cookie => request.cookie(name).map(Cow::Borrowed),
            Place::Body | Place::Form | Place::File => None,
        }
    }

    /// All values of a name; an empty form field is none.
    fn texts(&mut self, place: Place, name: &str) -> Vec<Value> {
        let request = self.request();
        match place {
            Place::Query => {
                let pairs = request.query_params().iter();
                pairs
                    .filter(|(known, _)| known == name)
                    .map(|(_, text)| Value::from(text.as_str()))
                    .collect()
            }
            Place::Header => {
                let values = request.headers().get_all(name).iter();
                values
                    .map(|value| Value::String(header_text(value).into_owned()))
                    .collect()
            }
            Place::Form | Place::File => self.body.form_values(name),
            Place::Path | Place::Cookie | Place::Body => self
                .text(place, name)
                .map(|text| Value::String(text.into_owned()))
                .into_iter()
                .collect(),
        }
    }

    /// The body, or the part of it under the parameter's name.
    #[inline]
    fn json<T: Model>(
        &mut self,
        parameter: &'static Parameter,
        default: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        let constraints = parameter.field.constraints;
        let keyed = self.shape == BodyShape::Keyed;
        if !keyed && let Some(value) = self.body.read_typed(constraints) {
            return Some(value);
        }
        let value = match self.body.value() {
            Ok(value) => value,
            Err(error) => {
                *self.fatal = Some(error);
                return None;
            }
        };
        let value = match (keyed, value) {
            (true, Value::Object(object)) => {
                object.get(parameter.field.alias).unwrap_or(&Value::Null)
            }
            (true, _) => &Value::Null,
            (false, value) => value,
        };
        if *value == Value::Null {
            let value = default();
            if value.is_none() {
                let steps = steps(self.shape, parameter);
                missing(self.problems, &steps);
            }
            return value;
        }
        let steps = steps(self.shape, parameter);
        under(self.problems, &steps, |problems| {
            T::validate(value, constraints, problems)
        })
    }

    fn steps(&self, parameter: &'static Parameter) -> Vec<&'static str> {
        match self.place(parameter) {
            Some(Place::Body) => steps(self.shape, parameter),
            Some(place) => vec![place.name(), parameter.field.alias],
            None => Vec::new(),
        }
    }
}

fn steps(shape: BodyShape, parameter: &'static Parameter) -> Vec<&'static str> {
    match shape {
        BodyShape::Keyed => vec!["body", parameter.field.alias],
        BodyShape::None | BodyShape::Whole => vec!["body"],
    }
}

fn under<R>(
    problems: &mut Problems,
    steps: &[&'static str],
    inner: impl FnOnce(&mut Problems) -> R,
) -> R {
    match steps {
        [] => inner(problems),
        [first, rest @ ..] => problems.at(Location::from(*first), |problems| {
            under(problems, rest, inner)
        }),
    }
}

/// Header bytes as text, one character a byte, as ASGI servers decode them.
fn header_text(value: &HeaderValue) -> Cow<'_, str> {
    match value.to_str() {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(
            value
                .as_bytes()
                .iter()
                .map(|byte| char::from(*byte))
                .collect(),
        ),
    }
}

#[cold]
fn missing(problems: &mut Problems, steps: &[&'static str]) {
    under(problems, steps, |problems| problems.missing(&Value::Null));
}

fn last(mut values: Vec<Value>) -> Value {
    values.pop().unwrap_or_default()
}
