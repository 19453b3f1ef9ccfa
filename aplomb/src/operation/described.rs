//! Further answers that an attribute describes by a model.

use super::described_response;
use crate::json::{Object, Value};
use crate::model::{Constraints, Model};
use crate::openapi::{Mode, Schemas};

/// A further answer with the model `M` as its body; the keys of `more` are added or replace.
pub fn model_response<M: Model>(
    schemas: &mut Schemas,
    description: Option<&str>,
    more: Object,
) -> Object {
    let schema = schemas.in_mode(Mode::Output, |schemas| {
        M::schema(schemas, &Constraints::NONE)
    });
    let mut object = description.map(described_response).unwrap_or_default();
    object.insert("model".to_owned(), Value::Object(schema));
    for (key, value) in more {
        match (object.get_mut(&key), value) {
            (Some(Value::Object(known)), Value::Object(value)) => known.extend(value),
            (_, value) => {
                object.insert(key, value);
            }
        }
    }
    object
}
