//! [`Vocabulary`]: what is known of a request at a point, by name and type.

mod build;
mod known;
mod listing;
mod project;
mod secret;
mod step;

pub(crate) use known::Known;

use super::expression::{Name, Root};
use super::point::Point;
use super::secrecy::Secrecy;
use crate::json::{Object, Value};

/// What is known of a request at a point, as a JSON Schema: the properties of the whole are the
/// names that an expression may begin with.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    /// The schemas of the roots.
    roots: Object,
    /// The named schemas that they refer to.
    named: Object,
    point: Point,
    secrecy: Secrecy,
}

impl Vocabulary {
    /// What is known of a value that an expression begins with.
    pub(crate) fn root(&self, root: Root) -> Option<Known<'_>> {
        let schema = self.roots.get(root.name())?;
        Some(self.known([schema]))
    }

    #[cfg(test)]
    pub(crate) fn of_schemas(roots: Value, named: Value) -> Self {
        let object = |value| match value {
            Value::Object(members) => members,
            _ => Object::new(),
        };
        Self {
            roots: object(roots),
            named: object(named),
            point: Point::Response,
            secrecy: Secrecy::default(),
        }
    }

    /// What to say where there is no such beginning.
    pub(crate) fn no_root(&self, name: &str) -> String {
        let known: Vec<&str> = self.roots.keys().map(String::as_str).collect();
        let known = known.join(", ");
        match Root::of(name) {
            Some(_) => format!(
                "`{name}` is not known at {}; known here: {known}",
                self.point
            ),
            None => format!("nothing is called `{name}`; known here: {known}"),
        }
    }

    fn known<'a>(&'a self, schemas: impl IntoIterator<Item = &'a Value>) -> Known<'a> {
        Known::new(self, schemas)
    }
}

/// How a property is called.
fn name_of(written: &str, property: Option<&Value>) -> Name {
    let said = |key| property.and_then(|property| property.get(key)?.as_str());
    Name {
        written: written.to_owned(),
        sent: said("x-sent").unwrap_or(written).to_owned(),
        code: said("x-code").map(str::to_owned),
    }
}
