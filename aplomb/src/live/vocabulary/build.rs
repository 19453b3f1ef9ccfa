//! Gathers what is known of a route's requests.

use super::Vocabulary;
use crate::json;
use crate::json::{Object, Value};
use crate::live::expression::Root;
use crate::live::point::Point;
use crate::live::secrecy::Secrecy;
use crate::model::{Field, Place};
use crate::observe::Phase;
use crate::openapi::{Mode, Schemas};
use crate::operation::{BodyShape, Parameter};
use crate::route::Endpoint;

impl Vocabulary {
    /// What is known of the requests of a route at this point.
    pub(crate) fn of(endpoint: &Endpoint, point: &Point, secrecy: &Secrecy) -> Self {
        let mut schemas = Schemas::marking();
        let mut roots = Object::new();
        let plan = &endpoint.plan;
        // The arguments of a handler are taken after its dependencies have run.
        let handler = match point {
            Point::Dependency(_) => &[],
            _ => endpoint.operation.parameters,
        };
        for parameter in plan.parameters(handler) {
            add(&mut roots, parameter, endpoint, &mut schemas);
        }
        let dependencies = plan.steps.iter().filter_map(|step| {
            let reader = step.definition.reader.as_ref()?;
            let schema = schemas.in_mode(Mode::Output, reader.schema);
            Some((step.definition.name.to_owned(), Value::Object(schema)))
        });
        let dependencies: Object = dependencies.collect();
        if !dependencies.is_empty() {
            roots.insert(Root::Dependency.name().into(), object(dependencies));
        }
        for root in Root::ALL {
            if let Some(schema) = usual(root) {
                let known = roots.entry(root.name().to_owned());
                known.or_insert(schema);
            }
        }
        if let Some(Value::Object(header)) = roots.get_mut(Root::Header.name()) {
            let text = json!({"type": "string"});
            header.insert("additionalProperties".into(), text);
        }
        roots.retain(|name, _| Root::of(name).is_some_and(|root| point.knows(root)));
        Self::settled(roots, schemas, point, secrecy)
    }

    /// What is known of background tasks.
    pub(crate) fn of_tasks(secrecy: &Secrecy) -> Self {
        let known = Root::ALL
            .into_iter()
            .filter(|root| Point::Task.knows(*root))
            .filter_map(|root| Some((root.name().to_owned(), usual(root)?)));
        Self::settled(known.collect(), Schemas::marking(), &Point::Task, secrecy)
    }

    fn settled(mut roots: Object, schemas: Schemas, point: &Point, secrecy: &Secrecy) -> Self {
        let settled = schemas.finish();
        for schema in roots.values_mut() {
            settled.apply(schema);
        }
        let named = settled.schemas.into_iter();
        Self {
            roots,
            named: named
                .map(|(name, schema)| (name, Value::Object(schema)))
                .collect(),
            point: point.clone(),
            secrecy: secrecy.clone(),
        }
    }
}

/// Adds an argument where an expression finds it.
fn add(
    roots: &mut Object,
    parameter: &'static Parameter,
    endpoint: &Endpoint,
    schemas: &mut Schemas,
) {
    let in_path = |name: &str| endpoint.path.contains(&format!("{{{name}"));
    let Some(place) = parameter.place_below(in_path) else {
        return;
    };
    let root = match place {
        Place::Path => Root::Path,
        Place::Query => Root::Query,
        Place::Header => Root::Header,
        Place::Body | Place::Form => Root::Body,
        // Cookies are secrets, and files are no values.
        Place::Cookie | Place::File => return,
    };
    let schema = |field: &Field, schemas: &mut Schemas| {
        let schema = schemas.in_mode(Mode::Output, |schemas| field.property(schemas));
        Value::Object(schema)
    };
    if root == Root::Body && endpoint.body == BodyShape::Whole {
        roots.insert(root.name().into(), schema(&parameter.field, schemas));
        return;
    }
    let group = match root {
        Root::Body => &[],
        _ => (parameter.group)(),
    };
    let known = roots
        .entry(root.name().to_owned())
        .or_insert_with(|| object(Object::new()));
    let Some(Value::Object(known)) = known.get_mut("properties") else {
        return;
    };
    match group {
        [] => {
            let name = parameter.field.alias.to_owned();
            known.insert(name, schema(&parameter.field, schemas));
        }
        group => {
            for field in group {
                let name = match root {
                    Root::Header => field.serialization_alias.replace('_', "-"),
                    _ => field.serialization_alias.to_owned(),
                };
                known.insert(name, schema(field, schemas));
            }
        }
    }
}

/// What is known of every request.
fn usual(root: Root) -> Option<Value> {
    let of = |members: &[(&str, &str)]| {
        let members = members.iter();
        let members = members.map(|(name, kind)| ((*name).to_owned(), json!({"type": *kind})));
        object(members.collect())
    };
    Some(match root {
        Root::Path | Root::Query | Root::Header => of(&[]),
        Root::Body | Root::Dependency => return None,
        Root::Request => of(&[
            ("id", "integer"),
            ("request_id", "string"),
            ("method", "string"),
            ("route", "string"),
            ("handler", "string"),
        ]),
        Root::Response => {
            let mut response = of(&[("status", "integer"), ("bytes", "integer")]);
            if let Some(Value::Object(members)) = response.get_mut("properties") {
                let header = json!({"type": "object", "additionalProperties": {"type": "string"}});
                members.insert("header".into(), header);
            }
            response
        }
        Root::Error => of(&[
            ("kind", "string"),
            ("status", "integer"),
            ("detail", "string"),
        ]),
        Root::Errors => json!({
            "type": "array",
            "items": of(&[("type", "string"), ("loc", "string"), ("msg", "string")]),
        }),
        Root::Phase => {
            let phases = Phase::ALL.map(|phase| (phase.name(), "number"));
            of(&phases)
        }
        Root::Message => of(&[
            ("direction", "string"),
            ("kind", "string"),
            ("size", "integer"),
        ]),
        Root::Database => of(&[
            ("name", "string"),
            ("statement", "string"),
            ("operation", "string"),
            ("rows", "integer"),
            ("ok", "boolean"),
            ("waited_ms", "number"),
        ]),
        Root::Close => of(&[("code", "integer")]),
        Root::Task => of(&[("name", "string"), ("ok", "boolean")]),
        Root::Elapsed | Root::Duration => json!({"type": "number"}),
    })
}

fn object(properties: Object) -> Value {
    let mut schema = json!({"type": "object"});
    schema.insert("properties", Value::Object(properties));
    schema
}
