//! Which settings are JSON: what the schemas of their types say.

use crate::json::{Object, Value};

/// How the text of a variable becomes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// It is the value.
    Text,
    /// It is JSON.
    Json,
    /// It is JSON if it reads as a list, a map or null, and the value otherwise.
    Either,
}

/// The schemas of all types that settings are made of.
pub(super) struct Shapes<'a> {
    root: &'a Object,
}

impl<'a> Shapes<'a> {
    pub(super) fn new(root: &'a Object) -> Self {
        Self { root }
    }

    /// The schema of a field of the settings.
    pub(super) fn field(&self, alias: &str) -> Option<&'a Value> {
        let root = match self.root.get("$ref") {
            Some(reference) => self.referred(reference)?,
            None => self.root,
        };
        root.get("properties")?.as_object()?.get(alias)
    }

    /// How text becomes a value of this schema.
    pub(super) fn form(&self, schema: &Value) -> Form {
        let branches = self.branches(schema, 0);
        let json = |branch: &&Object| {
            let name = branch.get("type").and_then(Value::as_str);
            matches!(name, Some("array" | "object")) || branch.contains_key("properties")
        };
        match branches.iter().filter(|branch| json(branch)).count() {
            0 => Form::Text,
            count if count == branches.len() => Form::Json,
            _ => Form::Either,
        }
    }

    /// The name and the schema of what is called so in a value of this schema.
    pub(super) fn step(
        &self,
        schema: &'a Value,
        name: &str,
        fold: &dyn Fn(&str) -> String,
    ) -> Option<(&'a str, &'a Value)> {
        self.branches(schema, 0).into_iter().find_map(|branch| {
            let properties = branch.get("properties")?.as_object()?;
            properties
                .iter()
                .find(|(known, _)| fold(known) == name)
                .map(|(known, schema)| (known.as_str(), schema))
        })
    }

    /// The schema of the values of a map.
    pub(super) fn values(&self, schema: &'a Value) -> Option<&'a Value> {
        let branches = self.branches(schema, 0);
        branches
            .into_iter()
            .find_map(|branch| branch.get("additionalProperties"))
    }

    /// The schemas a value may have, references followed.
    fn branches(&self, schema: &'a Value, depth: usize) -> Vec<&'a Object> {
        let Some(object) = schema.as_object().filter(|_| depth < 16) else {
            return Vec::new();
        };
        if let Some(reference) = object.get("$ref") {
            return match self.reference(reference) {
                Some(schema) => self.branches(schema, depth + 1),
                None => Vec::new(),
            };
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            if let Some(branches) = object.get(key).and_then(Value::as_array) {
                return branches
                    .iter()
                    .flat_map(|branch| self.branches(branch, depth + 1))
                    .collect();
            }
        }
        vec![object]
    }

    fn referred(&self, reference: &Value) -> Option<&'a Object> {
        self.reference(reference)?.as_object()
    }

    fn reference(&self, reference: &Value) -> Option<&'a Value> {
        let name = reference.as_str()?.strip_prefix("#/$defs/")?;
        self.root.get("$defs")?.as_object()?.get(name)
    }
}
