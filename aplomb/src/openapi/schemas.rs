//! Collects the schemas of named types and settles their names.

use std::any::TypeId;
use std::collections::{HashMap, HashSet};

use crate::json::{Object, Value};

/// Whether a schema describes what is read or what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mode {
    /// What a request may hold.
    Input,
    /// What a response holds.
    Output,
}

#[derive(Debug)]
struct Definition {
    type_id: TypeId,
    mode: Mode,
    name: String,
    module: &'static str,
    schema: Object,
}

/// The schemas of named types met while a document is built.
///
/// A named type calls [`define`](Self::define) and gets a `$ref`; the final names are settled by
/// [`finish`](Self::finish) once every type is known: plain where both directions agree,
/// `Name-Input` and `Name-Output` where they differ, led by the module where names clash.
#[derive(Debug)]
pub struct Schemas {
    mode: Mode,
    definitions: Vec<Definition>,
    known: HashMap<(TypeId, Mode), usize>,
}

const PLACEHOLDER: &str = "\u{0}definition:";

impl Schemas {
    /// No schema yet; the first to come describe what is read.
    pub fn new() -> Self {
        Self {
            mode: Mode::Input,
            definitions: Vec::new(),
            known: HashMap::new(),
        }
    }

    /// The direction the schemas being built are for.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Runs `build` for one direction.
    pub fn in_mode<R>(&mut self, mode: Mode, build: impl FnOnce(&mut Self) -> R) -> R {
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
        let key = (type_id, self.mode);
        let index = match self.known.get(&key) {
            Some(index) => *index,
            None => {
                let index = self.definitions.len();
                self.known.insert(key, index);
                self.definitions.push(Definition {
                    type_id: key.0,
                    mode: self.mode,
                    name,
                    module,
                    schema: Object::new(),
                });
                let schema = build(self);
                self.definitions[index].schema = schema;
                index
            }
        };
        let mut reference = Object::new();
        reference.insert(
            "$ref".to_owned(),
            Value::String(format!("{PLACEHOLDER}{index}")),
        );
        reference
    }

    /// Settles the names: the schemas by name, and the way to make a schema built before refer to
    /// them. With `separate` false a type has one schema for both directions.
    pub fn finish(self, separate: bool) -> Settled {
        let twins = self.twins();
        let differing = if separate {
            self.differing(&twins)
        } else {
            self.computed_only(&twins)
        };
        let names: Vec<String> = self
            .definitions
            .iter()
            .enumerate()
            .map(|(index, definition)| {
                let base = self.base_name(definition);
                match (differing.contains(&index), definition.mode) {
                    (false, _) => base,
                    (true, Mode::Input) => format!("{base}-Input"),
                    (true, Mode::Output) => format!("{base}-Output"),
                }
            })
            .collect();
        let settled = Names(names);
        let mut schemas: Vec<(String, Object)> = Vec::new();
        let mut seen = HashSet::new();
        for (index, definition) in self.definitions.into_iter().enumerate() {
            // Where one schema serves both directions, the one for reading is kept.
            let kept = definition.mode == Mode::Input
                || differing.contains(&index)
                || !twins.contains_key(&index);
            if kept && seen.insert(settled.0[index].clone()) {
                let mut schema = Value::Object(definition.schema);
                settled.apply(&mut schema);
                if let Value::Object(schema) = schema {
                    schemas.push((settled.0[index].clone(), schema));
                }
            }
        }
        schemas.sort_by(|a, b| a.0.cmp(&b.0));
        Settled {
            schemas,
            names: settled,
        }
    }

    fn twins(&self) -> HashMap<usize, usize> {
        let other = |mode| {
            if mode == Mode::Input {
                Mode::Output
            } else {
                Mode::Input
            }
        };
        self.definitions
            .iter()
            .enumerate()
            .filter_map(|(index, definition)| {
                let twin = self
                    .known
                    .get(&(definition.type_id, other(definition.mode)))?;
                Some((index, *twin))
            })
            .collect()
    }

    /// The definitions whose two directions differ, in themselves or in a type they refer to.
    fn differing(&self, twins: &HashMap<usize, usize>) -> HashSet<usize> {
        let mut differing = HashSet::new();
        loop {
            let before = differing.len();
            for (index, twin) in twins {
                if differing.contains(index) {
                    continue;
                }
                let mine = self.comparable(*index, &differing);
                if mine != self.comparable(*twin, &differing) {
                    differing.insert(*index);
                    differing.insert(*twin);
                }
            }
            if differing.len() == before {
                return differing;
            }
        }
    }

    /// Without separate schemas, only types whose answers hold more fields than their requests
    /// keep two.
    fn computed_only(&self, twins: &HashMap<usize, usize>) -> HashSet<usize> {
        let properties = |index: usize| match self.definitions[index].schema.get("properties") {
            Some(Value::Object(properties)) => properties.keys().cloned().collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        twins
            .iter()
            .filter(|(index, twin)| properties(**index) != properties(**twin))
            .flat_map(|(index, twin)| [*index, *twin])
            .collect()
    }

    /// A schema whose references name the type, and the direction only where it matters.
    fn comparable(&self, index: usize, differing: &HashSet<usize>) -> Value {
        let names = self
            .definitions
            .iter()
            .enumerate()
            .map(|(index, definition)| {
                let mode = differing.contains(&index).then_some(definition.mode);
                format!("{:?} {mode:?}", definition.type_id)
            })
            .collect();
        let mut schema = Value::Object(self.definitions[index].schema.clone());
        Names(names).apply(&mut schema);
        schema
    }

    fn base_name(&self, definition: &Definition) -> String {
        let clash = self
            .definitions
            .iter()
            .any(|other| other.name == definition.name && other.type_id != definition.type_id);
        if clash {
            format!(
                "{}__{}",
                definition.module.replace("::", "__"),
                definition.name
            )
        } else {
            definition.name.clone()
        }
    }
}

impl Default for Schemas {
    fn default() -> Self {
        Self::new()
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

#[derive(Debug)]
struct Names(Vec<String>);

impl Names {
    fn apply(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                let index = text
                    .strip_prefix(PLACEHOLDER)
                    .and_then(|index| index.parse().ok());
                if let Some(name) = index.and_then(|index: usize| self.0.get(index)) {
                    *text = format!("#/components/schemas/{name}");
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.apply(item)),
            Value::Object(object) => object.values_mut().for_each(|item| self.apply(item)),
            _ => {}
        }
    }
}
