//! The JSON Schema of named types.

use std::any::TypeId;
use std::borrow::Cow;

use super::{Choice, Default, Extra, Field};
use crate::json::{Object, Value};
use crate::openapi::{Mode, Schemas, title};

/// What is known of a named type besides its fields.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// The path of the module it stands in.
    pub module: &'static str,
    /// A title other than its name.
    pub title: Option<&'static str>,
    /// What it means.
    pub description: Option<&'static str>,
    /// Example values.
    pub examples: Option<fn() -> Vec<Value>>,
    /// What happens to names it does not know.
    pub extra: Extra,
    /// Further keys for its schema.
    pub schema_extra: Option<fn() -> Object>,
}

impl Named {
    /// Nothing but defaults, for struct update syntax.
    pub const PLAIN: Self = Self {
        module: "",
        title: None,
        description: None,
        examples: None,
        extra: Extra::Ignore,
        schema_extra: None,
    };

    /// A reference to the schema of a struct.
    pub fn structure(
        &self,
        type_id: TypeId,
        label: &str,
        fields: &[Field],
        schemas: &mut Schemas,
    ) -> Object {
        self.define(type_id, label, schemas, &mut |schemas| {
            let mode = schemas.mode();
            let mut properties = Object::new();
            let mut required = Vec::new();
            for field in fields.iter().filter(|field| field.stands_in(mode)) {
                let name = field.name_in(mode);
                if field.required {
                    required.push(name.into());
                }
                properties.insert(name.to_owned(), field.property(schemas).into());
            }
            let mut schema = Object::new();
            schema.insert("properties".to_owned(), properties.into());
            match self.extra {
                Extra::Ignore => {}
                Extra::Forbid => put(&mut schema, "additionalProperties", false),
                Extra::Allow => put(&mut schema, "additionalProperties", true),
            }
            put(&mut schema, "type", "object");
            if !required.is_empty() {
                put(&mut schema, "required", Value::Array(required));
            }
            schema
        })
    }

    /// A reference to the schema of an enum.
    pub fn enumeration(
        &self,
        type_id: TypeId,
        label: &str,
        choices: &[Choice],
        schemas: &mut Schemas,
    ) -> Object {
        self.define(type_id, label, schemas, &mut |_| {
            let mut schema = super::choice::schema(choices);
            if let Some(only) = schema.shift_remove("const") {
                schema.shift_insert(0, "enum".to_owned(), Value::Array(vec![only]));
            }
            schema
        })
    }

    fn define(
        &self,
        type_id: TypeId,
        label: &str,
        schemas: &mut Schemas,
        build: &mut dyn FnMut(&mut Schemas) -> Object,
    ) -> Object {
        schemas.define_as(
            type_id,
            component_name(label),
            self.module,
            &mut |schemas| {
                let mut schema = build(schemas);
                put(&mut schema, "title", self.title.unwrap_or(label));
                if let Some(description) = self.description {
                    put(&mut schema, "description", description);
                }
                if let Some(examples) = self.examples {
                    put(&mut schema, "examples", Value::Array(examples()));
                }
                if let Some(extra) = self.schema_extra {
                    schema.extend(extra());
                }
                schema
            },
        )
    }
}

impl Field {
    /// Whether the field is part of what is read, or of what is written.
    pub(crate) fn stands_in(&self, mode: Mode) -> bool {
        match mode {
            Mode::Input => !self.read_only && !self.computed,
            Mode::Output => !self.write_only,
        }
    }

    /// The name on the wire.
    pub(crate) fn name_in(&self, mode: Mode) -> &'static str {
        match mode {
            Mode::Input => self.alias,
            Mode::Output => self.serialization_alias,
        }
    }

    /// The schema of the field as a property of its model.
    pub(crate) fn property(&self, schemas: &mut Schemas) -> Object {
        let name = self.name_in(schemas.mode());
        let serialized = self.serialized.filter(|_| schemas.mode() == Mode::Output);
        let mut schema = match serialized {
            Some(serialized) => serialized(schemas),
            None => (self.schema)(schemas, self.constraints),
        };
        match self.title {
            Some(title) => put(&mut schema, "title", title),
            None if names_itself(&schema) => {}
            None => put(&mut schema, "title", title::title(name)),
        }
        if let Some(description) = self.description {
            put(&mut schema, "description", description);
        }
        if let Default::Shown(default) = self.default
            && serialized.is_none()
        {
            let default = default();
            if !default.is_null() {
                put(&mut schema, "default", default);
            }
        }
        if self.deprecated {
            put(&mut schema, "deprecated", true);
        }
        if self.read_only || self.computed {
            put(&mut schema, "readOnly", true);
        }
        if self.write_only {
            put(&mut schema, "writeOnly", true);
        }
        if let Some(examples) = self.examples {
            put(&mut schema, "examples", Value::Array(examples()));
        }
        if let Some(extra) = self.schema_extra {
            schema.extend(extra());
        }
        if schemas.marks() {
            put(&mut schema, "x-code", self.name);
            put(&mut schema, "x-sent", self.alias);
            if self.secret {
                put(&mut schema, "x-secret", true);
            }
        }
        schema
    }
}

/// Whether a schema refers to a named type, or to one or null: such a field needs no title.
fn names_itself(schema: &Object) -> bool {
    if schema.contains_key("$ref") {
        return true;
    }
    match schema.get("anyOf").and_then(Value::as_array) {
        Some([one, null]) => {
            one.get("$ref").is_some() && null.get("type").is_some_and(|kind| *kind == "null")
        }
        _ => false,
    }
}

/// The name of a type in the document: `Page[Item]` is called `Page_Item_`.
pub(crate) fn component_name(label: &str) -> String {
    label
        .chars()
        .map(|character| match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '_' => character,
            _ => '_',
        })
        .collect()
}

/// The label of a generic type with its parameters filled in: `Page[Item]`.
pub fn generic_label(name: &str, parameters: &[Cow<'static, str>]) -> Cow<'static, str> {
    let parameters: Vec<_> = parameters.iter().map(|label| annotation(label)).collect();
    format!("{name}[{}]", parameters.join(", ")).into()
}

/// A label as Python spells the annotation: `list[str-enum[Color]]` becomes `list[Color]`.
fn annotation(label: &str) -> String {
    let mut text = label.replace(", ", ",").replace(',', ", ");
    for kind in ["str-enum[", "int-enum[", "enum["] {
        while let Some(start) = text.find(kind) {
            let name = start + kind.len();
            let end = text[name..].find(']').map_or(text.len(), |end| name + end);
            text.replace_range(end..text.len().min(end + 1), "");
            text.replace_range(start..name, "");
        }
    }
    text.replace("nullable[", "Optional[")
}

fn put(schema: &mut Object, key: &str, value: impl Into<Value>) {
    schema.insert(key.to_owned(), value.into());
}
