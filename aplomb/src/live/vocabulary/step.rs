//! Goes from a value to one in it.

use super::known::kinds_of;
use super::secret::is_declared_secret;
use super::{Known, name_of};
use crate::json::Value;
use crate::live::expression::{Kinds, Path, Root, Step};

/// How many names a message lists.
const LISTED: usize = 12;
/// Index of the last item that can be asked for.
const LAST_ITEM: usize = 10_000;

/// The schema that everything fits.
static ANYTHING: Value = Value::Bool(true);

impl<'a> Known<'a> {
    /// The member of this name of the value that this path leads to.
    ///
    /// # Errors
    /// That there is none, or that it is a secret.
    pub(crate) fn member(&self, path: &Path, name: &str) -> Result<(Step, Self), String> {
        let vocabulary = self.vocabulary;
        let is_header = path.root == Root::Header
            || path.root == Root::Response && path.first().is_some_and(|it| it.written == "header");
        let lower;
        let name = match is_header {
            true => {
                lower = name.to_ascii_lowercase().replace('_', "-");
                &*lower
            }
            false => name,
        };
        let secret = |why: String| Err(format!("`{path}.{name}` is secret: {why}"));
        if is_header && vocabulary.secrecy.hides_header(name) {
            return secret("this header never leaves the service".to_owned());
        }
        let holds_values = matches!(
            path.root,
            Root::Path | Root::Query | Root::Body | Root::Dependency | Root::Header
        );
        let mut found = Vec::new();
        let mut step = None;
        for schema in &self.schemas {
            let properties = schema.get("properties").and_then(Value::as_object);
            let property = properties.and_then(|properties| {
                let by_name = properties.get_key_value(name);
                by_name.or_else(|| {
                    let sent = |(_, property): &(&String, &Value)| {
                        property.get("x-sent").and_then(Value::as_str) == Some(name)
                    };
                    properties.iter().find(sent)
                })
            });
            if let Some((written, property)) = property {
                if vocabulary.is_secret(property) {
                    let model = schema.get("title").and_then(Value::as_str);
                    let model = model.unwrap_or("this operation");
                    return secret(format!("it is declared so in {model}"));
                }
                step.get_or_insert_with(|| name_of(written, Some(property)));
                found.push(property);
                continue;
            }
            match schema.get("additionalProperties") {
                Some(others @ Value::Object(_)) if vocabulary.is_secret(others) => {
                    return secret("its members are declared so".to_owned());
                }
                Some(others @ Value::Object(_)) => found.push(others),
                Some(Value::Bool(true)) => found.push(&ANYTHING),
                _ if kinds_of(schema) == Kinds::ANY => found.push(&ANYTHING),
                _ => {}
            }
        }
        let step = step.unwrap_or_else(|| name_of(name, None));
        if holds_values && !is_header && vocabulary.hides(&step) {
            return secret("its name says so".to_owned());
        }
        if found.is_empty() {
            return Err(self.no_member(path, name));
        }
        Ok((Step::Name(step), vocabulary.known(found)))
    }

    fn no_member(&self, path: &Path, name: &str) -> String {
        let known: Vec<String> = self
            .properties()
            .take(LISTED)
            .map(|(name, schema)| {
                let kinds = self.vocabulary.known([schema]).kinds();
                format!("{name} ({kinds})")
            })
            .collect();
        match &known[..] {
            [] => format!("no field {name}; {path} is {}", self.kinds()),
            known => format!("no field {name}; {path} has: {}", known.join(", ")),
        }
    }

    /// The item at this place.
    ///
    /// # Errors
    /// That it is no list.
    pub(crate) fn item(&self, index: Option<usize>) -> Result<(Step, Self), String> {
        let Some(index) = index.filter(|index| *index <= LAST_ITEM) else {
            return Err(format!("items are counted from 0 to {LAST_ITEM}"));
        };
        if !self.kinds().has(Kinds::LIST) {
            return Err(format!(
                "this is {}, and only a list has items",
                self.kinds()
            ));
        }
        let lists = self.schemas.iter().copied();
        let mut lists = lists.filter(|schema| kinds_of(schema).has(Kinds::LIST));
        let items: Vec<&'a Value> = lists
            .by_ref()
            .flat_map(|schema| {
                let prefix = schema.get("prefixItems").and_then(Value::as_array);
                match prefix {
                    Some(prefix) => prefix.get(index).into_iter().collect::<Vec<_>>(),
                    None => vec![schema.get("items").unwrap_or(&ANYTHING)],
                }
            })
            .collect();
        if items.iter().any(|item| is_declared_secret(item)) {
            return Err("its items are secret".to_owned());
        }
        Ok((Step::Index(index), self.vocabulary.known(items)))
    }
}
