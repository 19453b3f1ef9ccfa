//! The parameters of an operation: those of path, query, headers and cookies.

use super::declared::Declared;
use super::object::put;
use super::{Schemas, title};
use crate::json::{Object, Value};
use crate::model::{Field, Place};
use crate::operation::Parameter;

/// The places in the order the document lists them.
const PLACES: [Place; 4] = [Place::Path, Place::Query, Place::Header, Place::Cookie];

/// Whether an operation has any parameter, hidden ones too.
pub(super) fn any(declared: &Declared) -> bool {
    PLACES
        .iter()
        .any(|place| declared.at(*place).next().is_some())
}

/// The parameters of an operation. Of several with one name the last one counts, and one that is
/// required before one that is not.
pub(super) fn parameters(declared: &Declared, schemas: &mut Schemas) -> Vec<Value> {
    let mut shown: Vec<Shown> = Vec::new();
    for place in PLACES {
        let (visible, hidden): (Vec<_>, Vec<_>) = declared
            .at(place)
            .partition(|parameter| parameter.include_in_schema);
        // The document holds the schemas of hidden ones all the same.
        for one in hidden
            .into_iter()
            .flat_map(|parameter| flatten(parameter, place))
        {
            schema(one.field, schemas);
        }
        for one in visible
            .into_iter()
            .flat_map(|parameter| flatten(parameter, place))
        {
            let known = shown
                .iter_mut()
                .find(|known| known.place == place && known.name == one.name);
            match known {
                Some(known) if known.required && !one.required => {}
                Some(known) => *known = one,
                None => shown.push(one),
            }
        }
    }
    shown.iter().map(|one| one.object(schemas)).collect()
}

/// One parameter as the document shows it: an argument, or a field of a group.
struct Shown {
    place: Place,
    /// The name in the request.
    name: String,
    required: bool,
    field: &'static Field,
    examples: Option<fn() -> Object>,
}

fn flatten(parameter: &'static Parameter, place: Place) -> Vec<Shown> {
    let group = (parameter.group)();
    if group.is_empty() {
        return vec![Shown {
            place,
            name: parameter.field.alias.to_owned(),
            // A path without it would be another path (OpenAPI 3.1, 4.8.12).
            required: place == Place::Path || parameter.field.required,
            field: &parameter.field,
            examples: parameter.openapi_examples,
        }];
    }
    let dashed = |field: &Field| {
        place == Place::Header && parameter.convert_underscores && field.alias == field.name
    };
    group
        .iter()
        .map(|field| Shown {
            place,
            name: if dashed(field) {
                field.alias.replace('_', "-")
            } else {
                field.alias.to_owned()
            },
            required: field.required && parameter.field.required,
            field,
            examples: None,
        })
        .collect()
}

impl Shown {
    fn object(&self, schemas: &mut Schemas) -> Value {
        let mut object = Object::new();
        put(&mut object, "name", self.name.as_str());
        put(&mut object, "in", self.place.name());
        put(&mut object, "required", self.required);
        put(&mut object, "schema", schema(self.field, schemas));
        if let Some(description) = self.field.description {
            put(&mut object, "description", description);
        }
        if let Some(examples) = self.examples {
            put(&mut object, "examples", examples());
        }
        if self.field.deprecated {
            put(&mut object, "deprecated", true);
        }
        Value::Object(object)
    }
}

/// The schema of a parameter or of a whole body: that of a field, which has a title wherever it
/// is not a reference.
pub(super) fn schema(field: &Field, schemas: &mut Schemas) -> Object {
    let mut schema = field.property(schemas);
    if !schema.contains_key("$ref") {
        let title = field.title.map(str::to_owned);
        put(
            &mut schema,
            "title",
            title.unwrap_or_else(|| title::title(field.alias)),
        );
    }
    schema
}
