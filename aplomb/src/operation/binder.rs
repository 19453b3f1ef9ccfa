//! [`Binder`]: takes the arguments of one function from one request.

mod form;
mod group;

use std::borrow::Cow;
use std::cell::Cell;
use std::pin::Pin;

use ::http::HeaderValue;

use super::body::{BodyInput, BodyShape};
use super::{Parameter, Scope};
use crate::depends::{CleanupScope, Shared};
use crate::error::Error;
use crate::http::{Request, Response};
use crate::json::Value;
use crate::live::Seen;
use crate::model::{Dump, Invalid, Location, Model, Place, Problems};
use crate::security::SecurityScopes;

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
    /// The OAuth2 scopes asked for on the way to the function.
    pub(crate) scopes: &'a SecurityScopes,
    /// Whether the last parameter was absent and holds its default.
    pub(crate) defaulted: bool,
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
        let absent = Cell::new(false);
        let value = self.given(parameter, || {
            absent.set(true);
            default()
        });
        self.defaulted = absent.get();
        match value {
            Some(value) if self.defaulted && parameter.field.validate_default => {
                self.validate_default(parameter, &value)
            }
            value => value,
        }
    }

    fn validate_default<T: Model>(
        &mut self,
        parameter: &'static Parameter,
        value: &T,
    ) -> Option<T> {
        let value = value.dump(&Dump::ALL);
        let steps = self.steps(parameter);
        under(self.problems, &steps, |problems| {
            T::validate(&value, parameter.field.constraints, problems)
        })
    }

    #[inline]
    fn given<T: Model>(
        &mut self,
        parameter: &'static Parameter,
        default: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        let place = self.place(parameter)?;
        if place.is_body() && self.body.is_form() {
            return self.form(parameter, default);
        }
        if place != Place::Body && !(parameter.group)().is_empty() {
            return self.group(place, parameter, default);
        }
        match place {
            Place::Body | Place::Form | Place::File => self.json(parameter, default),
            Place::Path | Place::Query | Place::Header | Place::Cookie if !T::SEQUENCE => {
                let name = self.name(place, parameter);
                let text = self.text(place, name);
                self.scalar(place, parameter, name, text, default)
            }
            _ => self.list(place, parameter, default),
        }
    }

    #[inline]
    fn place(&self, parameter: &'static Parameter) -> Option<Place> {
        parameter.place_below(|name| self.request().path_params().get(name).is_some())
    }

    /// The name a parameter was sent under: the first of its names that is there, else the first.
    #[inline]
    fn name(&self, place: Place, parameter: &'static Parameter) -> &'static str {
        let field = &parameter.field;
        if field.aliases.is_empty() || self.text(place, field.alias).is_some() {
            return field.alias;
        }
        let mut others = field.aliases.iter().copied();
        let sent = others.find(|name| self.text(place, name).is_some());
        sent.unwrap_or(field.alias)
    }

    /// Shows an argument to live probes.
    pub(super) fn show(
        &self,
        seen: &Seen,
        parameter: &'static Parameter,
        read: &dyn Fn(&Dump<'_>) -> Option<Value>,
    ) {
        if let Some(place) = self.place(parameter) {
            seen.argument(self.request(), place, parameter, self.shape, read);
        }
    }

    /// Whether the last parameter holds a default that nobody wants to have checked.
    pub(crate) fn is_unchecked(&self, parameter: &'static Parameter) -> bool {
        self.defaulted && !parameter.field.validate_default
    }

    /// Runs a check of the user's own on an argument that was sent, or whose default is checked.
    pub fn check<T: Model, R>(
        &mut self,
        parameter: &'static Parameter,
        value: T,
        check: impl FnOnce(T) -> Result<R, Invalid>,
    ) -> Option<R> {
        let input = value.dump(&Dump::ALL);
        match check(value) {
            Ok(value) => Some(value),
            Err(invalid) => {
                let mut steps = self.steps(parameter);
                if parameter.is_form() && !T::structures().is_empty() {
                    steps.truncate(1);
                }
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
        name: &'static str,
        text: Option<Cow<'_, str>>,
        default: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        let Some(text) = text else {
            return self.absent(place, name, default);
        };
        match T::read_text(&text, parameter.field.constraints) {
            Ok(value) => Some(value),
            Err(_) => {
                let value = Value::String(text.into_owned());
                self.validate(place, name, parameter, &value)
            }
        }
    }

    fn list<T: Model>(
        &mut self,
        place: Place,
        parameter: &'static Parameter,
        default: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        let name = self.name(place, parameter);
        let values = self.texts(place, name);
        if values.is_empty() {
            return self.absent(place, name, default);
        }
        let value = if T::SEQUENCE && repeats(place) {
            Value::Array(values)
        } else {
            last(values)
        };
        self.validate(place, name, parameter, &value)
    }

    fn validate<T: Model>(
        &mut self,
        place: Place,
        name: &'static str,
        parameter: &'static Parameter,
        value: &Value,
    ) -> Option<T> {
        self.problems.at(place.name(), |problems| {
            problems.at(name, |problems| {
                T::validate(value, parameter.field.constraints, problems)
            })
        })
    }

    #[inline]
    fn absent<T>(
        &mut self,
        place: Place,
        name: &'static str,
        default: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        let value = default();
        if value.is_none() {
            missing(self.problems, &[place.name(), name]);
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

    /// All values of a name.
    fn texts(&self, place: Place, name: &str) -> Vec<Value> {
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
            Place::Path | Place::Cookie | Place::Body | Place::Form | Place::File => self
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
        let no_json = matches!(self.body, BodyInput::Text(_));
        let sent = match self.body.sent() {
            Ok(sent) => sent,
            Err(error) => {
                *self.fatal = Some(error);
                return None;
            }
        };
        let alias = parameter.field.alias;
        let found = match sent {
            Some(_) if keyed && no_json => None,
            Some(Value::Object(object)) if keyed => {
                let mut names = std::iter::once(&alias).chain(parameter.field.aliases);
                names.find_map(|name| Some((*name, object.get(*name)?)))
            }
            // Not even a default stands in for a part of what has no parts.
            Some(_) if keyed => {
                missing(self.problems, &["body", alias]);
                return None;
            }
            whole => whole.map(|value| (alias, value)),
        };
        let Some((name, value)) = found else {
            let value = default();
            if value.is_none() {
                missing(self.problems, &steps(self.shape, alias));
            }
            return value;
        };
        let steps = steps(self.shape, name);
        under(self.problems, &steps, |problems| {
            T::validate(value, constraints, problems)
        })
    }

    fn steps(&self, parameter: &'static Parameter) -> Vec<&'static str> {
        match self.place(parameter) {
            Some(Place::Body) => {
                let alias = parameter.field.alias;
                steps(self.shape, self.body.name(parameter).unwrap_or(alias))
            }
            Some(place) if !(parameter.group)().is_empty() => vec![place.name()],
            Some(place) => vec![place.name(), self.name(place, parameter)],
            None => Vec::new(),
        }
    }
}

fn steps(shape: BodyShape, name: &'static str) -> Vec<&'static str> {
    match shape {
        BodyShape::Keyed => vec!["body", name],
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

/// Whether a name may stand in several places of its kind, and all make up a list.
const fn repeats(place: Place) -> bool {
    !matches!(place, Place::Path | Place::Cookie)
}

fn last(mut values: Vec<Value>) -> Value {
    values.pop().unwrap_or_default()
}
