//! The JSON Schema of one type, outside any document.

use super::Schemas;
use crate::json::{Object, Value};

const COMPONENT: &str = "#/components/schemas/";
const DEFINITION: &str = "#/$defs/";

/// The schema that `build` makes, with the named types it refers to under `$defs`.
///
/// A named type is written out, unless it refers to itself.
pub(crate) fn standalone(build: impl Fn(&mut Schemas) -> Object) -> Object {
    let mut schemas = Schemas::new();
    let mut schema = Value::Object(build(&mut schemas));
    let settled = schemas.finish();
    settled.apply(&mut schema);
    let root = referred(&schema).map(str::to_owned);
    let mut definitions: Object = settled
        .schemas
        .into_iter()
        .map(|(name, schema)| (name, Value::Object(schema)))
        .collect();
    if let Some(root) = root
        && !definitions.values().any(|schema| refers(schema, &root))
        && let Some(written_out) = definitions.shift_remove(&root)
    {
        schema = written_out;
    }
    if let (false, Value::Object(schema)) = (definitions.is_empty(), &mut schema) {
        schema.insert("$defs".to_owned(), Value::Object(definitions));
    }
    redirect(&mut schema);
    match schema {
        Value::Object(schema) => schema,
        _ => Object::new(),
    }
}

/// The name of the type that a schema is a reference to.
fn referred(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(COMPONENT)
}

/// Whether a schema refers to a named type anywhere.
fn refers(schema: &Value, name: &str) -> bool {
    match schema {
        Value::Object(members) => {
            referred(schema) == Some(name) || members.values().any(|member| refers(member, name))
        }
        Value::Array(items) => items.iter().any(|item| refers(item, name)),
        _ => false,
    }
}

/// Turns references into a document into references to `$defs`.
fn redirect(schema: &mut Value) {
    match schema {
        Value::String(text) => {
            if let Some(name) = text.strip_prefix(COMPONENT) {
                *text = format!("{DEFINITION}{name}");
            }
        }
        Value::Object(members) => members.values_mut().for_each(redirect),
        Value::Array(items) => items.iter_mut().for_each(redirect),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::json::Value;
    use crate::model::{Constraints, Model};
    use crate::openapi::Schemas;

    fn named(schemas: &mut Schemas, inner: Option<&str>) -> crate::json::Object {
        schemas.define::<u8>("Outer", "here", |schemas| {
            let inner = match inner {
                Some("Outer") => named(schemas, None),
                Some(name) => schemas.define::<u16>(name, "here", |schemas| {
                    i64::schema(schemas, &Constraints::NONE)
                }),
                None => Default::default(),
            };
            let inner = [("items".to_owned(), Value::Object(inner))];
            inner.into_iter().collect()
        })
    }

    fn schema(inner: Option<&'static str>) -> Value {
        Value::Object(super::standalone(|schemas| named(schemas, inner)))
    }

    #[test]
    fn a_named_type_is_written_out() {
        assert_eq!(schema(None), crate::json!({"items": {}}));
    }

    #[test]
    fn others_stand_under_defs() {
        assert_eq!(
            schema(Some("Inner")),
            crate::json!({
                "items": {"$ref": "#/$defs/Inner"},
                "$defs": {"Inner": {"type": "integer"}},
            })
        );
    }

    #[test]
    fn a_type_that_refers_to_itself_stays_a_reference() {
        assert_eq!(
            schema(Some("Outer")),
            crate::json!({
                "$ref": "#/$defs/Outer",
                "$defs": {"Outer": {"items": {"$ref": "#/$defs/Outer"}}},
            })
        );
    }
}
