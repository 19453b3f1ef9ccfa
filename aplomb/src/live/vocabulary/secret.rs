//! Tells what is secret of what is known.

use super::{Known, Vocabulary, name_of};
use crate::json::Value;
use crate::live::expression::{Name, Root};
use crate::model::Location;

/// How deep it is looked for secrets in what a problem is about.
const NESTED: usize = 4;

impl Vocabulary {
    /// Whether a value that an expression begins with is itself a secret.
    pub(crate) fn is_secret_root(&self, root: Root) -> bool {
        self.roots
            .get(root.name())
            .is_some_and(|schema| self.is_secret(schema))
    }

    /// Whether a problem at this place is one of a secret, or of what has a secret in it, so that
    /// its message may hold the value.
    pub(crate) fn hides_place(&self, location: &[Location]) -> bool {
        let mut names = location.iter();
        let Some(Location::Name(place)) = names.next() else {
            return false;
        };
        let root = Root::of(place);
        if place == "cookie" || root.is_some_and(|root| self.is_secret_root(root)) {
            return true;
        }
        let mut known = root.and_then(|root| self.root(root));
        for step in names {
            let Location::Name(name) = step else {
                known = known.map(|known| known.items());
                continue;
            };
            // What is no property is the name of a branch of a choice.
            let property = known.as_ref().and_then(|known| known.property(name));
            if self.hides(&name_of(name, property)) {
                return true;
            }
            if let Some(property) = property {
                if self.is_secret(property) {
                    return true;
                }
                known = Some(self.known([property]));
            }
        }
        known.is_some_and(|known| known.has_secret(NESTED))
    }

    /// Whether one of the names of a member says that it is a secret.
    pub(super) fn hides(&self, name: &Name) -> bool {
        let code = name.code.as_deref();
        let mut names = [&*name.written, &*name.sent].into_iter().chain(code);
        names.any(|name| self.secrecy.hides(name))
    }

    /// Whether a property is secret, by what is declared of it or of its type.
    pub(super) fn is_secret(&self, property: &Value) -> bool {
        let types = self.known([property]).schemas;
        is_declared_secret(property) || types.into_iter().any(is_declared_secret)
    }
}

impl Known<'_> {
    /// Whether one of the members that are known by name is a secret, so deep.
    fn has_secret(&self, depth: usize) -> bool {
        let vocabulary = self.vocabulary;
        let of_members = self.properties().any(|(name, schema)| {
            vocabulary.is_secret(schema)
                || vocabulary.hides(&name_of(name, Some(schema)))
                || depth > 0 && vocabulary.known([schema]).has_secret(depth - 1)
        });
        let of_items = || {
            let items = self.items();
            let is_secret = |item: &&Value| is_declared_secret(item);
            items.schemas.iter().any(is_secret) || items.has_secret(depth - 1)
        };
        of_members || depth > 0 && of_items()
    }
}

/// Whether a property is secret, by what is declared of it.
pub(super) fn is_declared_secret(property: &Value) -> bool {
    property.get("x-secret").is_some()
        || property.get("format").and_then(Value::as_str) == Some("password")
        || property
            .get("anyOf")
            .and_then(Value::as_array)
            .is_some_and(|branches| branches.iter().any(is_declared_secret))
}
