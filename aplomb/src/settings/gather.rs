//! Makes one JSON object of the variables that settings are in.

use std::collections::BTreeMap;
use std::fmt;

use super::environment::Variable;
use super::error::SettingsProblem;
use super::shape::{Form, Shapes};
use crate::json::{Object, Value, parse};
use crate::model::Field;

/// How many fields inside each other a variable may name.
const DEEPEST: usize = 32;

const NOT_TEXT: &str = "Input should be text, and is not UTF-8";

/// Makes one JSON object of the variables of one source.
pub(super) struct Gatherer<'a> {
    /// By their folded names.
    pub(super) variables: &'a BTreeMap<String, Variable>,
    pub(super) shapes: &'a Shapes<'a>,
    pub(super) delimiter: Option<String>,
    pub(super) fold: &'a dyn Fn(&str) -> String,
    pub(super) problems: &'a mut Vec<SettingsProblem>,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// By the names of the fields on the wire.
    pub(super) values: Object,
    /// The variables, by the same.
    pub(super) names: BTreeMap<String, String>,
}

impl fmt::Debug for Gatherer<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Gatherer")
    }
}

impl Gatherer<'_> {
    /// Puts what the source says above what was gathered from those that hold less.
    pub(super) fn gather(
        &mut self,
        fields: &'static [Field],
        prefix: &str,
        gathered: &mut Gathered,
    ) {
        for field in fields.iter().filter(|field| !field.computed) {
            let names = names(field, prefix);
            let found = names
                .iter()
                .find_map(|name| self.variables.get(&(self.fold)(name)));
            let shown = match found {
                Some(variable) => Some(variable.name.clone()),
                None if gathered.names.contains_key(field.alias) => None,
                None if (self.fold)("A") == "a" => Some(names[0].to_uppercase()),
                None => Some(names[0].clone()),
            };
            if let Some(shown) = shown {
                gathered.names.insert(field.alias.to_owned(), shown);
            }
            let schema = self.shapes.field(field.alias).unwrap_or(&Value::Null);
            let mut value = found.and_then(|variable| self.value(variable, schema));
            for name in &names {
                value = self.with_nested(value, name, schema);
            }
            if let Some(value) = value {
                put_above(&mut gathered.values, field.alias.to_owned(), value);
            }
        }
    }

    /// The value of a variable; what cannot be one is recorded.
    fn value(&mut self, variable: &Variable, schema: &Value) -> Option<Value> {
        let Some(text) = &variable.text else {
            self.wrong(variable, NOT_TEXT);
            return None;
        };
        match self.shapes.form(schema) {
            Form::Text => Some(Value::from(text.as_str())),
            Form::Either => Some(either(text)),
            Form::Json => match parse(text.as_bytes()) {
                Ok(value) => Some(value),
                Err(_) => {
                    self.wrong(variable, "Input should be JSON");
                    None
                }
            },
        }
    }

    fn wrong(&mut self, variable: &Variable, message: &str) {
        self.problems.push(SettingsProblem {
            variable: variable.name.clone(),
            message: message.to_owned(),
        });
    }

    /// A value with what variables say whose names go on behind a delimiter.
    fn with_nested(&mut self, value: Option<Value>, name: &str, schema: &Value) -> Option<Value> {
        let Some(delimiter) = self.delimiter.clone() else {
            return value;
        };
        if self.shapes.form(schema) == Form::Text {
            return value;
        }
        let start = format!("{}{delimiter}", (self.fold)(name));
        let mut object = match value {
            Some(Value::Object(object)) => object,
            Some(other) => return Some(other),
            None => Object::new(),
        };
        let variables = self.variables;
        for (folded, variable) in variables.range(start.clone()..) {
            let Some(rest) = folded.strip_prefix(&start) else {
                break;
            };
            let Some(text) = &variable.text else {
                self.wrong(variable, NOT_TEXT);
                continue;
            };
            let steps: Vec<&str> = rest.split(delimiter.as_str()).collect();
            if steps.len() <= DEEPEST {
                self.put(&mut object, &steps, text, Some(schema));
            }
        }
        (!object.is_empty()).then_some(Value::Object(object))
    }

    fn put(&self, object: &mut Object, steps: &[&str], text: &str, schema: Option<&Value>) {
        let Some((step, rest)) = steps.split_first() else {
            return;
        };
        let known = schema.and_then(|schema| self.shapes.step(schema, step, self.fold));
        let (name, schema) = match known {
            Some((name, schema)) => (name, Some(schema)),
            None => (*step, schema.and_then(|schema| self.shapes.values(schema))),
        };
        if rest.is_empty() {
            let form = schema.map_or(Form::Text, |schema| self.shapes.form(schema));
            let value = match form {
                Form::Text => Value::from(text),
                Form::Json | Form::Either => either(text),
            };
            object.insert(name.to_owned(), value);
            return;
        }
        let inner = object.entry(name.to_owned()).or_insert(Value::Null);
        if *inner == Value::Null {
            *inner = Value::Object(Object::new());
        }
        // What has a value of its own has no fields: a longer name means something else.
        if let Value::Object(inner) = inner {
            self.put(inner, rest, text, schema);
        }
    }
}

/// What a field's variable may be called.
fn names(field: &Field, prefix: &str) -> Vec<String> {
    let first = match field.alias == field.name {
        true => format!("{prefix}{}", field.name),
        false => field.alias.to_owned(),
    };
    // `populate_by_name` makes the name of the field one of its aliases.
    let others = field
        .aliases
        .iter()
        .map(|alias| match *alias == field.name {
            true => format!("{prefix}{alias}"),
            false => (*alias).to_owned(),
        });
    [first].into_iter().chain(others).collect()
}

/// Puts a value above what holds less; objects are joined, name by name.
fn put_above(below: &mut Object, name: String, value: Value) {
    match (below.get_mut(&name), value) {
        (Some(Value::Object(below)), Value::Object(above)) => {
            for (name, value) in above {
                put_above(below, name, value);
            }
        }
        (_, value) => {
            below.insert(name, value);
        }
    }
}

/// A list, a map or null, if the text is JSON of one, else the text.
fn either(text: &str) -> Value {
    match parse(text.as_bytes()) {
        Ok(value @ (Value::Array(_) | Value::Object(_) | Value::Null)) => value,
        _ => Value::from(text),
    }
}
