//! Collects the schemas of named types and settles their names.

use std::any::TypeId;
use std::collections::HashMap;

use super::names::{self, Names};
use crate::json::{Object, Value};

/// Whether a schema describes what is read or what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mode {
    /// What a request may hold.
    Input,
    /// What a response holds.
    Output,
}

/// What tells one named schema from another of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Identity {
    /// A type.
    Type(TypeId),
    /// The body of an operation, by the number of the operation.
    Body(usize),
}

#[derive(Debug)]
pub(super) struct Definition {
    pub(super) identity: Identity,
    pub(super) mode: Mode,
    pub(super) name: String,
    pub(super) module: &'static str,
    pub(super) schema: Object,
}

/// The schemas of named types met while a document is built.
///
/// A named type calls [`define`](Self::define) and gets a `$ref`; the final names are settled by
/// [`finish`](Self::finish) once every type is known: plain where both directions agree,
/// `Name-Input` and `Name-Output` where they differ, led by the module where names clash.
#[derive(Debug)]
pub struct Schemas {
    mode: Mode,
    separate: bool,
    /// Whether properties say what the document does not: their names in the code, and which are
    /// secret.
    marks: bool,
    definitions: Vec<Definition>,
    known: HashMap<(Identity, Mode), usize>,
    /// The types without a name whose schema is being built.
    open: Vec<(Identity, Mode)>,
}

impl Schemas {
    /// No schema yet; the first to come describe what is read.
    pub fn new() -> Self {
        Self {
            mode: Mode::Input,
            separate: true,
            marks: false,
            definitions: Vec::new(),
            known: HashMap::new(),
            open: Vec::new(),
        }
    }

    /// No schema yet; a type has one schema for both directions, that of what is read, unless it
    /// has computed fields.
    pub fn shared() -> Self {
        Self {
            separate: false,
            ..Self::new()
        }
    }

    /// No schema yet; properties say also what they are called in the code, and which are secret.
    pub(crate) fn marking() -> Self {
        Self {
            marks: true,
            ..Self::new()
        }
    }

    /// Whether properties say what the document does not.
    pub(crate) fn marks(&self) -> bool {
        self.marks
    }

    /// The direction the schemas being built are for.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Runs `build` for one direction.
    pub fn in_mode<R>(&mut self, mode: Mode, build: impl Fn(&mut Self) -> R) -> R {
        let one_for_both = mode == Mode::Output && !self.separate && !computes(&build);
        let mode = if one_for_both { Mode::Input } else { mode };
        let before = std::mem::replace(&mut self.mode, mode);
        let result = build(self);
        self.mode = before;
        result
    }

    /// A `$ref` to the schema of `T`, which `build` makes the first time.
    pub fn define<T: 'static>(
        &mut self,
        name: impl Into<String>,
        module: &'static str,
        build: impl FnOnce(&mut Self) -> Object,
    ) -> Object {
        let mut build = Some(build);
        self.define_as(TypeId::of::<T>(), name.into(), module, &mut |schemas| {
            build.take().map(|build| build(schemas)).unwrap_or_default()
        })
    }

    /// [`define`](Self::define) compiled once for all types.
    pub(crate) fn define_as(
        &mut self,
        type_id: TypeId,
        name: String,
        module: &'static str,
        build: &mut dyn FnMut(&mut Self) -> Object,
    ) -> Object {
        self.define_identity(Identity::Type(type_id), name, module, build)
    }

    /// The schema of a type that has a name in the document only if it holds itself.
    pub(crate) fn inline(
        &mut self,
        type_id: TypeId,
        name: &str,
        module: &'static str,
        build: fn(&mut Self) -> Object,
    ) -> Object {
        let key = (Identity::Type(type_id), self.mode);
        if self.open.contains(&key) || self.known.contains_key(&key) {
            let identity = key.0;
            return self.define_identity(identity, name.to_owned(), module, &mut |_| Object::new());
        }
        self.open.push(key.clone());
        let schema = build(self);
        self.open.pop();
        match self.known.get(&key) {
            Some(index) => {
                self.definitions[*index].schema = schema;
                reference(*index)
            }
            None => schema,
        }
    }

    /// A `$ref` to the body that several parameters of an operation make up.
    pub(super) fn define_body(
        &mut self,
        operation: usize,
        name: String,
        build: &mut dyn FnMut(&mut Self) -> Object,
    ) -> Object {
        self.define_identity(Identity::Body(operation), name, "aplomb::body", build)
    }

    fn define_identity(
        &mut self,
        identity: Identity,
        name: String,
        module: &'static str,
        build: &mut dyn FnMut(&mut Self) -> Object,
    ) -> Object {
        let key = (identity, self.mode);
        let index = match self.known.get(&key) {
            Some(index) => *index,
            None => {
                let index = self.definitions.len();
                self.definitions.push(Definition {
                    identity: key.0.clone(),
                    mode: self.mode,
                    name,
                    module,
                    schema: Object::new(),
                });
                self.known.insert(key, index);
                // A reference ends every circle through this type.
                let open = std::mem::take(&mut self.open);
                let schema = build(self);
                self.open = open;
                self.definitions[index].schema = schema;
                index
            }
        };
        reference(index)
    }

    /// The schema that a `$ref` refers to.
    pub(super) fn resolve(&self, reference: &Object) -> Option<&Object> {
        let reference = reference.get("$ref")?.as_str()?;
        let definition = self.definitions.get(Names::index(reference)?)?;
        Some(&definition.schema)
    }

    /// Settles the names: the schemas by name, and the way to make a schema built before refer to
    /// them.
    pub fn finish(self) -> Settled {
        let names = names::choose(&self.definitions);
        let mut schemas: Vec<(String, Object)> = Vec::new();
        for (index, definition) in self.definitions.into_iter().enumerate() {
            let mut schema = Value::Object(definition.schema);
            names.apply(&mut schema);
            if let Value::Object(mut schema) = schema {
                cut_description(&mut schema);
                schemas.push((names.get(index).to_owned(), schema));
            }
        }
        schemas.sort_by(|a, b| a.0.cmp(&b.0));
        schemas.dedup_by(|a, b| a.0 == b.0);
        Settled { schemas, names }
    }
}

impl Default for Schemas {
    fn default() -> Self {
        Self::new()
    }
}

/// A `$ref` to a definition.
fn reference(index: usize) -> Object {
    let placeholder = Value::String(Names::placeholder(index));
    Object::from_iter([("$ref".to_owned(), placeholder)])
}

/// Whether the answers hold computed fields, which a schema of what is read does not show.
fn computes<R>(build: &dyn Fn(&mut Schemas) -> R) -> bool {
    let mut probe = Schemas::new();
    probe.mode = Mode::Output;
    build(&mut probe);
    probe.definitions.iter().any(|definition| {
        let properties = definition.schema.get("properties");
        let properties = properties.and_then(Value::as_object);
        properties.is_some_and(|properties| {
            properties
                .values()
                .any(|property| property.get("readOnly").and_then(Value::as_bool) == Some(true))
        })
    })
}

/// A form feed ends what is meant for the document.
pub(super) fn before_form_feed(text: &str) -> &str {
    text.split('\u{c}').next().unwrap_or_default()
}

fn cut_description(schema: &mut Object) {
    if let Some(Value::String(description)) = schema.get_mut("description") {
        *description = before_form_feed(description).to_owned();
    }
}

/// The schemas with their final names.
#[derive(Debug)]
pub struct Settled {
    /// The schemas in the order of their names.
    pub schemas: Vec<(String, Object)>,
    names: Names,
}

impl Settled {
    /// Makes the references in a schema built before point to the final names.
    pub fn apply(&self, schema: &mut Value) {
        self.names.apply(schema);
    }
}
