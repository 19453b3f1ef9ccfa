//! [`Vocabulary`]: what is known of a request at a point, by name and type.

mod build;
mod project;

use super::expression::{Kinds, Name, Path, Root, Step};
use super::point::Point;
use super::secrecy::Secrecy;
use crate::json::{Object, Value};
use crate::model::Location;

/// How many branches of a choice are followed.
const BRANCHES: usize = 32;
/// How many names a message lists.
const LISTED: usize = 12;
/// How many fields the catalog lists of one root, and how deep.
const MOST_LISTED: usize = 200;
const DEEPEST_LISTED: usize = 4;
/// Index of the last item that can be asked for.
const LAST_ITEM: usize = 10_000;

/// What is known of a request at a point, as a JSON Schema: the properties of the whole are the
/// names that an expression may begin with.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    /// The schemas of the roots.
    roots: Object,
    /// The named schemas that they refer to.
    named: Object,
    point: Point,
    secrecy: Secrecy,
}

/// What is known of one value: the schemas it may fit.
#[derive(Debug)]
pub(crate) struct Known<'a> {
    vocabulary: &'a Vocabulary,
    schemas: Vec<&'a Value>,
}

impl Vocabulary {
    /// What is known of a value that an expression begins with.
    pub(crate) fn root(&self, root: Root) -> Option<Known<'_>> {
        let schema = self.roots.get(root.name())?;
        Some(self.known([schema]))
    }

    #[cfg(test)]
    pub(crate) fn of_schemas(roots: Value, named: Value) -> Self {
        let object = |value| match value {
            Value::Object(members) => members,
            _ => Object::new(),
        };
        Self {
            roots: object(roots),
            named: object(named),
            point: Point::Response,
            secrecy: Secrecy::default(),
        }
    }

    /// What to say where there is no such beginning.
    pub(crate) fn no_root(&self, name: &str) -> String {
        let known: Vec<&str> = self.roots.keys().map(String::as_str).collect();
        let known = known.join(", ");
        match Root::of(name) {
            Some(_) => format!(
                "`{name}` is not known at {}; known here: {known}",
                self.point
            ),
            None => format!("nothing is called `{name}`; known here: {known}"),
        }
    }

    /// Whether a problem at this place is one of a secret, whose message may hold the value.
    pub(crate) fn hides_place(&self, location: &[Location]) -> bool {
        let mut names = location.iter();
        let Some(Location::Name(place)) = names.next() else {
            return false;
        };
        let mut known = Root::of(place).and_then(|root| self.root(root));
        for step in names {
            let Location::Name(name) = step else {
                known = known.map(|known| known.items());
                continue;
            };
            if self.secrecy.hides(name) || place == "cookie" {
                return true;
            }
            // What is no property is the name of a branch of a choice.
            let property = known.as_ref().and_then(|known| known.property(name));
            if let Some(property) = property {
                if self.is_secret(property) {
                    return true;
                }
                known = Some(self.known([property]));
            }
        }
        false
    }

    /// Whether a property is secret, by what is declared of it or of its type.
    fn is_secret(&self, property: &Value) -> bool {
        let types = self.known([property]).schemas;
        is_declared_secret(property) || types.into_iter().any(is_declared_secret)
    }

    fn known<'a>(&'a self, schemas: impl IntoIterator<Item = &'a Value>) -> Known<'a> {
        let mut known = Known {
            vocabulary: self,
            schemas: Vec::new(),
        };
        for schema in schemas {
            known.add(schema, 0);
        }
        known
    }
}

/// Whether a property is secret, by what is declared of it.
fn is_declared_secret(property: &Value) -> bool {
    property.get("x-secret").is_some()
        || property.get("format").and_then(Value::as_str) == Some("password")
        || property
            .get("anyOf")
            .and_then(Value::as_array)
            .is_some_and(|branches| branches.iter().any(is_declared_secret))
}

/// How a property is called.
fn name_of(written: &str, property: Option<&Value>) -> Name {
    let said = |key| property.and_then(|property| property.get(key)?.as_str());
    Name {
        written: written.to_owned(),
        sent: said("x-sent").unwrap_or(written).to_owned(),
        code: said("x-code").map(str::to_owned),
    }
}

impl<'a> Known<'a> {
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
    fn properties(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a, '_> {
        let objects = self
            .schemas
            .iter()
            .filter_map(|schema| schema.get("properties")?.as_object());
        objects.flatten().map(|(name, schema)| (&**name, schema))
    }

    /// What is known of a member, by the name that clients send it under.
    fn property(&self, name: &str) -> Option<&'a Value> {
        let sent = |schema: &Value| schema.get("x-sent").and_then(Value::as_str) == Some(name);
        let mut properties = self.properties();
        let found = properties.find(|(written, schema)| *written == name || sent(schema));
        found.map(|(_, schema)| schema)
    }

    /// What is known of its items.
    fn items(&self) -> Self {
        let lists = self.schemas.iter();
        let items = lists.filter_map(|schema| schema.get("items"));
        self.vocabulary.known(items)
    }

    /// Tells the values that it may lead to: what an expression calls each, its kinds, and whether
    /// it is a secret.
    pub(crate) fn list(&self, root: Root, tell: &mut dyn FnMut(String, Kinds, bool)) {
        let mut room = MOST_LISTED;
        if self.properties().next().is_none() {
            tell(root.name().to_owned(), self.kinds(), false);
        }
        self.list_below(root.name(), root, 0, &mut room, tell);
    }

    fn list_below(
        &self,
        path: &str,
        root: Root,
        depth: usize,
        room: &mut usize,
        tell: &mut dyn FnMut(String, Kinds, bool),
    ) {
        for (name, schema) in self.properties() {
            if *room == 0 || depth == DEEPEST_LISTED {
                return;
            }
            *room -= 1;
            let plain = name
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || it == '_');
            let path = match plain {
                true => format!("{path}.{name}"),
                false => format!("{path}[\"{name}\"]"),
            };
            let secrecy = &self.vocabulary.secrecy;
            let by_name = match root {
                Root::Path | Root::Query | Root::Body | Root::Dependency => secrecy.hides(name),
                Root::Header => secrecy.hides_header(name),
                _ => false,
            };
            let secret = by_name || self.vocabulary.is_secret(schema);
            let known = self.vocabulary.known([schema]);
            tell(path.clone(), known.kinds(), secret);
            if !secret {
                known.list_below(&path, root, depth + 1, room, tell);
                let items = known.items();
                if !items.schemas.is_empty() {
                    let path = format!("{path}[0]");
                    items.list_below(&path, root, depth + 1, room, tell);
                }
            }
        }
    }

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
                Some(others @ Value::Object(_)) => found.push(others),
                Some(Value::Bool(true)) => found.push(&ANYTHING),
                _ if kinds_of(schema) == Kinds::ANY => found.push(&ANYTHING),
                _ => {}
            }
        }
        if holds_values && !is_header && vocabulary.secrecy.hides(name) {
            return secret("its name says so".to_owned());
        }
        if found.is_empty() {
            return Err(self.no_member(path, name));
        }
        let step = Step::Name(step.unwrap_or_else(|| name_of(name, None)));
        Ok((step, vocabulary.known(found)))
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

/// The schema that everything fits.
static ANYTHING: Value = Value::Bool(true);

fn kinds_of(schema: &Value) -> Kinds {
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
