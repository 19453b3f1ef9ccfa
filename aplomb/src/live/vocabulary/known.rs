//! [`Known`]: what is known of one value.

use super::Vocabulary;
use crate::json::Value;
use crate::live::expression::Kinds;

/// How many branches of a choice are followed.
const BRANCHES: usize = 32;

/// What is known of one value: the schemas it may fit.
#[derive(Debug)]
pub(crate) struct Known<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) schemas: Vec<&'a Value>,
}

impl<'a> Known<'a> {
    pub(super) fn new(
        vocabulary: &'a Vocabulary,
        schemas: impl IntoIterator<Item = &'a Value>,
    ) -> Self {
        let mut known = Self {
            vocabulary,
            schemas: Vec::new(),
        };
        for schema in schemas {
            known.add(schema, 0);
        }
        known
    }

    /// Adds the schemas that a schema stands for.
    fn add(&mut self, schema: &'a Value, depth: usize) {
        if self.schemas.len() >= BRANCHES || depth >= BRANCHES {
            return;
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let name = reference.rsplit('/').next().unwrap_or_default();
            if let Some(schema) = self.vocabulary.named.get(name) {
                self.add(schema, depth + 1);
            }
            return;
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            if let Some(branches) = schema.get(key).and_then(Value::as_array) {
                for branch in branches {
                    self.add(branch, depth + 1);
                }
                return;
            }
        }
        self.schemas.push(schema);
    }

    /// Of which kinds the value may be.
    pub(crate) fn kinds(&self) -> Kinds {
        let schemas = self.schemas.iter();
        schemas.fold(Kinds::NONE, |kinds, schema| kinds.or(kinds_of(schema)))
    }

    /// The members it may have that are known by name, and what is known of each.
    pub(super) fn properties(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a, '_> {
        let objects = self
            .schemas
            .iter()
            .filter_map(|schema| schema.get("properties")?.as_object());
        objects.flatten().map(|(name, schema)| (&**name, schema))
    }

    /// What is known of a member, by the name that clients send it under.
    pub(super) fn property(&self, name: &str) -> Option<&'a Value> {
        let sent = |schema: &Value| schema.get("x-sent").and_then(Value::as_str) == Some(name);
        let mut properties = self.properties();
        let found = properties.find(|(written, schema)| *written == name || sent(schema));
        found.map(|(_, schema)| schema)
    }

    /// What is known of its items.
    pub(super) fn items(&self) -> Self {
        let lists = self.schemas.iter();
        let items = lists.filter_map(|schema| schema.get("items"));
        self.vocabulary.known(items)
    }
}

/// Of which kinds a value may be that fits a schema.
pub(super) fn kinds_of(schema: &Value) -> Kinds {
    let kind = |word: &str| match word {
        "string" => Kinds::TEXT,
        "integer" => Kinds::INTEGER,
        "number" => Kinds::NUMBER,
        "boolean" => Kinds::BOOL,
        "array" => Kinds::LIST,
        "object" => Kinds::OBJECT,
        "null" => Kinds::NULL,
        _ => Kinds::ANY,
    };
    let of_value = |value: &Value| match value {
        Value::Null => Kinds::NULL,
        Value::Bool(_) => Kinds::BOOL,
        Value::Integer(_) | Value::BigInteger(_) => Kinds::INTEGER,
        Value::Float(_) => Kinds::NUMBER,
        Value::String(_) => Kinds::TEXT,
        Value::Array(_) => Kinds::LIST,
        Value::Object(_) => Kinds::OBJECT,
    };
    match schema.get("type") {
        Some(Value::String(word)) => kind(word),
        Some(Value::Array(words)) => words
            .iter()
            .filter_map(Value::as_str)
            .fold(Kinds::NONE, |kinds, word| kinds.or(kind(word))),
        _ => match (schema.get("const"), schema.get("enum")) {
            (Some(only), _) => of_value(only),
            (_, Some(Value::Array(values))) => values
                .iter()
                .fold(Kinds::NONE, |kinds, value| kinds.or(of_value(value))),
            _ if schema.get("properties").is_some() => Kinds::OBJECT,
            _ => Kinds::ANY,
        },
    }
}
