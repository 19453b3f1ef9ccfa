//! The names of schemas: as short as can be without two different schemas sharing one.

use std::collections::HashMap;

use super::schemas::{Definition, Mode};
use crate::json::Value;

/// Rounds after which names have surely settled.
const ROUNDS: usize = 100;

/// The final name of each definition, in Pydantic's order of preference.
///
/// A shorter name is taken where all that could bear it are the same schema. Shorter names make
/// the schemas that refer to them more alike, so this goes on until nothing changes.
pub(super) fn choose(definitions: &[Definition]) -> Names {
    let choices = choices(definitions);
    let mut holders: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, names) in choices.iter().enumerate() {
        for name in names {
            holders.entry(name).or_default().push(index);
        }
    }
    let mut chosen = Names(
        choices
            .iter()
            .map(|names| names[names.len() - 1].clone())
            .collect(),
    );
    for _ in 0..ROUNDS {
        let schemas: Vec<Value> = definitions
            .iter()
            .map(|definition| {
                let mut schema = Value::Object(definition.schema.clone());
                chosen.apply(&mut schema);
                schema
            })
            .collect();
        let unambiguous = |index: usize, name: &str| {
            holders[name]
                .iter()
                .all(|other| schemas[*other] == schemas[index])
        };
        let next = Names(
            choices
                .iter()
                .enumerate()
                .map(|(index, names)| {
                    let name = names.iter().find(|name| unambiguous(index, name));
                    name.unwrap_or(&chosen.0[index]).clone()
                })
                .collect(),
        );
        if next == chosen {
            break;
        }
        chosen = next;
    }
    chosen
}

/// The names each definition could have, the best first, the last one its own.
fn choices(definitions: &[Definition]) -> Vec<[String; 6]> {
    let mut namesakes: HashMap<String, Vec<&super::schemas::Identity>> = HashMap::new();
    definitions
        .iter()
        .map(|definition| {
            let name = &definition.name;
            let mode = match definition.mode {
                Mode::Input => "Input",
                Mode::Output => "Output",
            };
            let full = format!("{}__{name}", definition.module.replace("::", "__"));
            let known = namesakes.entry(full.clone()).or_default();
            let place = known
                .iter()
                .position(|known| **known == definition.identity);
            let number = 1 + place.unwrap_or_else(|| {
                known.push(&definition.identity);
                known.len() - 1
            });
            [
                name.clone(),
                format!("{name}-{mode}"),
                full.clone(),
                format!("{full}-{mode}"),
                format!("{full}__{number}"),
                format!("{full}-{mode}__{number}"),
            ]
        })
        .collect()
}

/// The names of definitions by their number.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Names(Vec<String>);

const PLACEHOLDER: &str = "\u{0}definition:";

impl Names {
    /// What stands for the reference to a definition until names are settled.
    pub(super) fn placeholder(index: usize) -> String {
        format!("{PLACEHOLDER}{index}")
    }

    /// The definition that a placeholder stands for.
    pub(super) fn index(reference: &str) -> Option<usize> {
        reference.strip_prefix(PLACEHOLDER)?.parse().ok()
    }

    pub(super) fn get(&self, index: usize) -> &str {
        &self.0[index]
    }

    /// Makes the references in a schema name their definitions.
    pub(super) fn apply(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(name) = Self::index(text).and_then(|index| self.0.get(index)) {
                    *text = format!("#/components/schemas/{name}");
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.apply(item)),
            Value::Object(object) => object.values_mut().for_each(|item| self.apply(item)),
            _ => {}
        }
    }
}
