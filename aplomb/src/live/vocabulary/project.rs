//! Leaves of a value what is known and no secret.

use super::{Known, Vocabulary, is_declared_secret, kinds_of};
use crate::json::{Object, Value};
use crate::live::expression::{Kinds, Root};

/// How deep a value is looked into.
const DEPTH: usize = 5;

impl Vocabulary {
    /// What clients sent as the body, without what nobody knows and what is secret: of a body that
    /// was refused nothing else can be told apart.
    pub(crate) fn body_as_sent(&self, value: &Value) -> Value {
        match self.root(Root::Body) {
            Some(known) => known.project(value, DEPTH),
            None => Value::Null,
        }
    }
}

impl Known<'_> {
    fn project(&self, value: &Value, depth: usize) -> Value {
        match value {
            _ if depth == 0 => Value::Null,
            Value::Object(members) => {
                let mut kept = Object::new();
                for (name, schema) in self.properties() {
                    let sent = schema.get("x-sent").and_then(Value::as_str).unwrap_or(name);
                    let known = self.vocabulary.known([schema]);
                    let secret = is_declared_secret(schema)
                        || known
                            .schemas
                            .iter()
                            .any(|schema| is_declared_secret(schema))
                        || self.vocabulary.secrecy.hides(name);
                    if let (Some(member), false) = (members.get(sent), secret) {
                        kept.insert(sent.to_owned(), known.project(member, depth - 1));
                    }
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
