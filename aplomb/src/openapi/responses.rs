//! The responses of an operation.

use super::object::{entry, merge, put};
use super::{Mode, Schemas, title};
use crate::http::phrase;
use crate::json::{Object, Value};
use crate::operation::{Class, ClassKind, Description};
use crate::route::Route;

/// The responses of an operation by status.
pub(super) fn responses(route: &Route, id: &str, schemas: &mut Schemas) -> Object {
    let details = &route.operation.details;
    let described = (route.operation.describe)(schemas);
    let described = match class(route, &described) {
        Some(class) => through(class, described),
        None => described,
    };
    let status = details.status.or(described.status).unwrap_or(200);
    let media_type = described.media_type;
    // What other answers say by a model is no stream.
    let further_type = match media_type {
        Some("application/jsonl") => Some("application/json"),
        other => other,
    };
    let mut responses = Object::new();
    let success = entry(&mut responses, &status.to_string());
    let description = details.response_description;
    put(
        success,
        "description",
        description.unwrap_or("Successful Response"),
    );
    let bodiless = status < 200 || matches!(status, 204 | 205 | 304);
    if let Some(media_type) = media_type.filter(|_| !(bodiless && details.status.is_some())) {
        let media = entry(entry(success, "content"), media_type);
        let (key, schema) = content(described, media_type, id);
        put(media, key, schema);
    }
    for (status, object) in &route.inherited.responses {
        let object = schemas.in_mode(Mode::Output, |schemas| (object.0)(schemas));
        further(&mut responses, status, object, further_type, id);
    }
    responses
}

/// The response class of a route, unless the type of its result decides everything.
fn class<'r>(route: &'r Route, described: &Description) -> Option<&'r Class> {
    let inherited = || route.inherited.response_class.as_ref();
    let own = route.operation.details.response_class.as_ref();
    own.or_else(|| inherited().filter(|_| !described.decided))
}

/// What a response class makes of a result.
fn through(class: &Class, described: Description) -> Description {
    let items = described.items && class.kind == ClassKind::Events;
    if described.items && class.kind == ClassKind::Json {
        return described;
    }
    let schema = match class.kind {
        ClassKind::Array if described.items => Some(array(described.schema)),
        ClassKind::Json | ClassKind::Array => described.schema,
        ClassKind::Events if items => described.schema,
        ClassKind::Text | ClassKind::Events => Some(typed("string")),
    };
    Description {
        status: Some(class.status),
        media_type: class.media_type,
        schema,
        items,
        decided: true,
        declared: described.declared,
    }
}

/// The schema of an answer, and the key of the media type object it stands under.
fn content(described: Description, media_type: &str, id: &str) -> (&'static str, Object) {
    let json = media_type == "application/json" || media_type.ends_with("+json");
    match (described.items, described.schema) {
        (true, schema) if media_type == "text/event-stream" => (
            "itemSchema",
            event(schema.map(|schema| titled(schema, "StreamItem", id))),
        ),
        (true, schema) => {
            let schema = schema.map(|schema| titled(schema, "StreamItem", id));
            ("itemSchema", schema.unwrap_or_default())
        }
        (false, Some(mut schema)) if json && described.declared && schema.is_empty() => {
            put(
                &mut schema,
                "title",
                title::title(&format!("Response_{id}")),
            );
            ("schema", schema)
        }
        (false, Some(schema)) if json => ("schema", titled(schema, "Response", id)),
        (false, Some(schema)) => ("schema", schema),
        (false, None) if json => ("schema", Object::new()),
        (false, None) => ("schema", typed("string")),
    }
}

/// A schema with its title, which a reference and a schema of anything do not have.
fn titled(mut schema: Object, what: &str, id: &str) -> Object {
    if !schema.is_empty() && !schema.contains_key("$ref") {
        put(&mut schema, "title", title::title(&format!("{what}_{id}")));
    }
    schema
}

/// A list of what has this schema, or of anything.
fn array(items: Option<Object>) -> Object {
    let mut schema = typed("array");
    put(&mut schema, "items", items.unwrap_or_default());
    schema
}

fn typed(kind: &str) -> Object {
    Object::from_iter([("type".to_owned(), kind.into())])
}

/// One server-sent event whose data is JSON of this schema, or any text.
fn event(data: Option<Object>) -> Object {
    let mut schema = typed("object");
    let properties = entry(&mut schema, "properties");
    for field in ["data", "event", "id"] {
        put(properties, field, typed("string"));
    }
    let mut retry = typed("integer");
    put(&mut retry, "minimum", 0);
    put(properties, "retry", retry);
    if let Some(data_schema) = data {
        let data = entry(properties, "data");
        put(data, "contentMediaType", "application/json");
        put(data, "contentSchema", data_schema);
        put(&mut schema, "required", ["data"]);
    }
    schema
}

/// Adds a further answer. Its key `model` is the schema of its body.
fn further(
    responses: &mut Object,
    status: &str,
    mut object: Object,
    media_type: Option<&str>,
    id: &str,
) {
    if let Some(Value::Object(model)) = object.shift_remove("model") {
        let media_type = media_type.unwrap_or("application/json");
        let media = entry(entry(&mut object, "content"), media_type);
        let model = titled(model, &format!("Response_{status}"), id);
        merge(entry(media, "schema"), model);
    }
    let mut key = status.to_uppercase();
    if key == "DEFAULT" {
        key = "default".to_owned();
    }
    let response = entry(responses, &key);
    let text = |object: &Object| {
        let text = object.get("description").and_then(Value::as_str);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let description = text(&object)
        .or_else(|| text(response))
        .unwrap_or_else(|| usual(&key).to_owned());
    merge(response, object);
    put(response, "description", description);
}

/// What an answer of this status usually says.
fn usual(status: &str) -> &'static str {
    match status {
        "1XX" => "Information",
        "2XX" => "Success",
        "3XX" => "Redirection",
        "4XX" => "Client Error",
        "5XX" => "Server Error",
        "default" => "Default Response",
        code => match phrase(code.parse().unwrap_or_default()) {
            "" => "Additional Response",
            phrase => phrase,
        },
    }
}

/// Adds the answer to a request that does not validate, unless the route says what it is.
pub(super) fn add_invalid(responses: &mut Object) -> bool {
    let mut covering = ["422", "4XX", "default"].iter();
    if covering.any(|status| responses.contains_key(*status)) {
        return false;
    }
    let response = serde_json::json!({
        "description": "Validation Error",
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/HTTPValidationError"},
            },
        },
    });
    put(responses, "422", response);
    true
}

/// The schemas of the answer to a request that does not validate.
pub(super) fn invalid_schemas() -> [(String, Value); 2] {
    let outer = serde_json::json!({
        "properties": {
            "detail": {
                "items": {"$ref": "#/components/schemas/ValidationError"},
                "type": "array",
                "title": "Detail",
            },
        },
        "type": "object",
        "title": "HTTPValidationError",
    });
    let inner = serde_json::json!({
        "properties": {
            "loc": {
                "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
                "type": "array",
                "title": "Location",
            },
            "msg": {"type": "string", "title": "Message"},
            "type": {"type": "string", "title": "Error Type"},
            "input": {"title": "Input"},
            "ctx": {"type": "object", "title": "Context"},
        },
        "type": "object",
        "required": ["loc", "msg", "type"],
        "title": "ValidationError",
    });
    [
        ("HTTPValidationError".to_owned(), outer.into()),
        ("ValidationError".to_owned(), inner.into()),
    ]
}
