//! The request body of an operation.

use super::object::put;
use super::{Schemas, parameters, title};
use crate::json::{Object, Value};
use crate::model::Place;
use crate::operation::Parameter;

/// The methods whose requests are documented with a body.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"];

/// The operation that a body belongs to.
pub(super) struct Owner<'a> {
    /// Its number in the document.
    pub(super) number: usize,
    pub(super) id: &'a str,
    pub(super) method: &'a str,
}

/// The request body that these parameters make up.
pub(super) fn body(
    owner: &Owner<'_>,
    parameters: &[&'static Parameter],
    schemas: &mut Schemas,
) -> Option<Object> {
    let first = *parameters.first()?;
    if !METHODS.contains(&owner.method) {
        return None;
    }
    let mut media = Object::new();
    let required = if is_whole(parameters, schemas) {
        put(
            &mut media,
            "schema",
            parameters::schema(&first.field, schemas),
        );
        if let Some(examples) = first.openapi_examples {
            put(&mut media, "examples", examples());
        }
        first.field.required
    } else {
        put(&mut media, "schema", keyed(owner, parameters, schemas));
        parameters.iter().any(|parameter| parameter.field.required)
    };
    let content = Object::from_iter([(media_type(parameters).to_owned(), media.into())]);
    let mut body = Object::new();
    put(&mut body, "content", content);
    if required {
        put(&mut body, "required", true);
    }
    Some(body)
}

/// Whether a single parameter is the whole body, and not a key of it.
fn is_whole(parameters: &[&'static Parameter], schemas: &mut Schemas) -> bool {
    let first = parameters[0];
    let same = |parameter: &&Parameter| parameter.field.name == first.field.name;
    let form = matches!(first.place(), Some(Place::Form | Place::File));
    parameters.iter().all(same)
        && !first.embed
        && (!form || Form::of(first, schemas).is_some_and(|form| !form.nullable))
}

fn media_type(parameters: &[&'static Parameter]) -> &'static str {
    let any = |place| {
        parameters
            .iter()
            .any(|parameter| parameter.place() == Some(place))
    };
    let mut given = parameters.iter().map(|parameter| parameter.media_type);
    if any(Place::File) {
        "multipart/form-data"
    } else if any(Place::Form) {
        let multipart = given.any(|media_type| media_type == Some("multipart/form-data"));
        match multipart {
            true => "multipart/form-data",
            false => "application/x-www-form-urlencoded",
        }
    } else {
        let first = parameters[0].media_type;
        let media_type = first.filter(|_| given.all(|media_type| media_type == first));
        media_type.unwrap_or("application/json")
    }
}

/// An object with a key for each parameter, as a schema of its own.
fn keyed(owner: &Owner<'_>, parameters: &[&'static Parameter], schemas: &mut Schemas) -> Object {
    let name = format!("Body_{}", owner.id);
    schemas.define_body(owner.number, name.clone(), &mut |schemas| {
        let mut properties = Object::new();
        let mut required: Vec<&str> = Vec::new();
        let mut conditions: Vec<Value> = Vec::new();
        for parameter in parameters {
            let field = &parameter.field;
            if let Some(form) = Form::of(parameter, schemas) {
                conditions.push(form.condition(field.required, schemas).into());
                continue;
            }
            put(&mut properties, field.alias, field.property(schemas));
            if field.required && !required.contains(&field.alias) {
                required.push(field.alias);
            }
        }
        let mut schema = Object::new();
        if !conditions.is_empty() {
            put(&mut schema, "allOf", conditions);
        }
        if !properties.is_empty() {
            put(&mut schema, "properties", properties);
        }
        put(&mut schema, "type", "object");
        if !required.is_empty() {
            put(&mut schema, "required", required);
        }
        put(&mut schema, "title", name.as_str());
        schema
    })
}

/// A form parameter whose fields stand beside the others: a model, a choice of models, or none.
struct Form {
    schema: Object,
    nullable: bool,
}

impl Form {
    fn of(parameter: &Parameter, schemas: &mut Schemas) -> Option<Self> {
        if parameter.place() != Some(Place::Form) {
            return None;
        }
        let mut schema = parameter.field.property(schemas);
        schema.shift_remove("default");
        if !schema.contains_key("$ref") {
            let made = title::title(parameter.field.name);
            put(&mut schema, "title", parameter.field.title.unwrap_or(&made));
        }
        let branches = branches(&schema);
        let (nulls, models): (Vec<&Object>, Vec<&Object>) =
            branches.into_iter().partition(|branch| is_null(branch));
        let nullable = !nulls.is_empty();
        let all = !models.is_empty() && models.iter().all(|model| is_model(model, schemas));
        all.then_some(Self { schema, nullable })
    }

    /// What the form must fulfil: a model that may be absent is so when none of its fields is there.
    fn condition(self, required: bool, schemas: &Schemas) -> Object {
        if !self.nullable {
            return self.schema;
        }
        let mut present = self.schema;
        if let Some(Value::Array(branches)) = present.get_mut("anyOf") {
            branches.retain(|branch| !branch.as_object().is_some_and(is_null));
        }
        let models = branches(&present);
        let models: Vec<&Object> = models
            .into_iter()
            .filter_map(|branch| schemas.resolve(branch))
            .collect();
        let closed = |model: &&Object| model.contains_key("additionalProperties");
        let mut absent = Object::new();
        if models.iter().any(closed) {
            put(&mut absent, "maxProperties", 0);
        } else {
            let properties = models.iter().filter_map(|model| model.get("properties"));
            let mut names: Vec<&String> = properties
                .filter_map(Value::as_object)
                .flat_map(Object::keys)
                .collect();
            names.sort();
            names.dedup();
            let present = names
                .into_iter()
                .map(|name| Value::from_iter([("required", [name.as_str()])]));
            let any = Value::from_iter([("anyOf", present.collect::<Vec<_>>())]);
            put(&mut absent, "not", any);
        }
        match required {
            true => Object::from_iter([("not".to_owned(), absent.into())]),
            false => {
                let choices = vec![Value::Object(absent), Value::Object(present)];
                Object::from_iter([("anyOf".to_owned(), choices.into())])
            }
        }
    }
}

fn branches(schema: &Object) -> Vec<&Object> {
    match schema.get("anyOf").or_else(|| schema.get("oneOf")) {
        Some(Value::Array(branches)) => branches.iter().filter_map(Value::as_object).collect(),
        _ => vec![schema],
    }
}

fn is_null(schema: &Object) -> bool {
    schema.get("type").is_some_and(|kind| *kind == "null")
}

fn is_model(schema: &Object, schemas: &Schemas) -> bool {
    let model = schemas.resolve(schema);
    model.is_some_and(|model| model.contains_key("properties"))
}
