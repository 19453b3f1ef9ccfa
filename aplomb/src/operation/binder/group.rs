//! A struct whose fields are parameters each: a query, header or cookie model.

use std::borrow::Cow;

use super::{Binder, header_text, last, missing, repeats};
use crate::json::{Object, Value};
use crate::model::{Extra, Field, Location, Model, Place, Problems};
use crate::operation::Parameter;

/// A name under which a field is sent, and the name under which its model reads it.
struct Name {
    model: &'static str,
    wire: Cow<'static, str>,
}

impl Name {
    /// The names of a field, the preferred one first. Names of headers have dashes, unless the
    /// code says how they are spelt.
    fn all(field: &'static Field, dashed: bool) -> Vec<Self> {
        let aliases = std::iter::once(field.alias).chain(field.aliases.iter().copied());
        let name = |model: &'static str| Self {
            model,
            wire: if dashed && model == field.name {
                model.replace('_', "-").into()
            } else {
                model.into()
            },
        };
        aliases.map(name).collect()
    }
}

impl Binder<'_> {
    /// A struct whose fields are parameters each.
    pub(super) fn group<T: Model>(
        &mut self,
        place: Place,
        parameter: &'static Parameter,
        default: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        let dashed = place == Place::Header && parameter.convert_underscores;
        let fields = (parameter.group)().iter();
        let names: Vec<Vec<Name>> = fields
            .clone()
            .map(|field| Name::all(field, dashed))
            .collect();
        let mut object = Object::new();
        // A name that could have been chosen and was not is one among the others.
        let mut known: Vec<String> = Vec::new();
        for (field, names) in fields.zip(&names) {
            // Names of headers are not accepted the way the code spells them.
            let unspelt = names.iter().filter(|name| name.model != name.wire);
            known.extend(unspelt.map(|name| name.model.to_ascii_lowercase()));
            let sent = names.iter().find_map(|name| {
                let values = self.texts(place, &name.wire);
                (!values.is_empty()).then_some((name, values))
            });
            let chosen = sent.as_ref().map(|(name, _)| *name).or(names.first());
            known.extend(chosen.map(|name| match place {
                Place::Header => name.wire.to_ascii_lowercase(),
                _ => name.wire.to_string(),
            }));
            let Some((name, mut values)) = sent else {
                continue;
            };
            let value = match field.sequence && repeats(place) {
                true => Value::Array(values),
                false if place == Place::Header => values.swap_remove(0),
                false => last(values),
            };
            object.insert(name.model.to_owned(), value);
        }
        let is_supplied = !object.is_empty();
        for (name, mut values) in self.names(place) {
            if !known.contains(&name) {
                let value = match values.len() {
                    1 => values.swap_remove(0),
                    _ => Value::Array(values),
                };
                object.insert(name, value);
            }
        }
        let minds_others = || {
            let mut models = T::structures().into_iter();
            models.any(|model| model.extra != Extra::Ignore)
        };
        if T::OPTIONAL && !is_supplied && (object.is_empty() || !minds_others()) {
            let value = default();
            if value.is_none() {
                missing(self.problems, &[place.name()]);
            }
            return value;
        }
        let before = self.problems.len();
        let constraints = parameter.field.constraints;
        let value = self.problems.at(place.name(), |problems| {
            T::validate(&Value::Object(object), constraints, problems)
        });
        if dashed && self.problems.len() > before {
            say_as_sent(self.problems, before, &names);
        }
        value
    }

    /// Every name of a place with its values, in the order of their first appearance.
    fn names(&self, place: Place) -> Vec<(String, Vec<Value>)> {
        let request = self.request();
        let own = |(name, text): &(String, String)| (name.clone(), Value::String(text.clone()));
        let pairs: Vec<(String, Value)> = match place {
            Place::Query => request.query_params().iter().map(own).collect(),
            Place::Cookie => request.cookies().iter().map(own).collect(),
            Place::Header => request
                .headers()
                .iter()
                .map(|(name, value)| {
                    (
                        name.as_str().to_owned(),
                        Value::String(header_text(value).into_owned()),
                    )
                })
                .collect(),
            Place::Path | Place::Body | Place::Form | Place::File => Vec::new(),
        };
        let mut names: indexmap::IndexMap<String, Vec<Value>> = indexmap::IndexMap::new();
        for (name, value) in pairs {
            let values = names.entry(name).or_default();
            // Cookies are a dictionary to Python: the last of a name is all there is.
            if place == Place::Cookie {
                values.clear();
            }
            values.push(value);
        }
        names.into_iter().collect()
    }
}

/// Locates the problems after the first `before` by the names that headers have.
fn say_as_sent(problems: &mut Problems, before: usize, names: &[Vec<Name>]) {
    let mut found = problems.split_off(before);
    for problem in &mut found {
        if let Some(Location::Name(step)) = problem.location.get_mut(1)
            && let Some(name) = names.iter().flatten().find(|name| *step == name.model)
        {
            step.clone_from(&name.wire);
        }
    }
    problems.extend(found);
}
