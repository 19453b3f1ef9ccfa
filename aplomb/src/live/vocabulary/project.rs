//! Leaves of a value what is known and no secret.

use super::known::kinds_of;
use super::secret::is_declared_secret;
use super::{Known, Vocabulary, name_of};
use crate::json::{Object, Value};
use crate::live::expression::{Kinds, Root};

/// How deep a value is looked into.
const DEPTH: usize = 5;

impl Vocabulary {
    /// What clients sent as the body, without what nobody knows and what is secret: of a body that
    /// was refused nothing else can be told apart.
    pub(crate) fn body_as_sent(&self, value: &Value) -> Value {
        match self.root(Root::Body) {
            Some(known) if !self.is_secret_root(Root::Body) => known.project(value, DEPTH),
            _ => Value::Null,
        }
    }
}

impl Known<'_> {
    fn project(&self, value: &Value, depth: usize) -> Value {
        match value {
            _ if depth == 0 => Value::Null,
            Value::Object(members) => {
                let mut kept = Object::new();
                let mut secret = Vec::new();
                for (name, schema) in self.properties() {
                    let name = name_of(name, Some(schema));
                    let Some(member) = members.get(&name.sent) else {
                        continue;
                    };
                    if self.vocabulary.is_secret(schema) || self.vocabulary.hides(&name) {
                        secret.push(name.sent);
                    } else {
                        let known = self.vocabulary.known([schema]);
                        kept.insert(name.sent, known.project(member, depth - 1));
                    }
                }
                // What is secret in one of the branches of a choice is secret.
                for name in &secret {
                    kept.shift_remove(name);
                }
                Value::Object(kept)
            }
            Value::Array(items) => {
                let lists = self.schemas.iter().copied();
                let lists = lists.filter(|schema| kinds_of(schema).has(Kinds::LIST));
                let known = self
                    .vocabulary
                    .known(lists.filter_map(|list| list.get("items")));
                if known.schemas.iter().any(|item| is_declared_secret(item)) {
                    return Value::Null;
                }
                let items = items.iter().take(64);
                items.map(|item| known.project(item, depth - 1)).collect()
            }
            // A text where an object belongs may hold all that the object holds.
            Value::String(_) if !self.kinds().has(Kinds::TEXT) => Value::Null,
            scalar => scalar.clone(),
        }
    }
}
