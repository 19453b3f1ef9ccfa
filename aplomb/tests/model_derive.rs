//! `#[derive(Model)]`: what it reads, refuses, describes and writes, held against Pydantic's answers.

#![allow(missing_docs, clippy::unwrap_used, clippy::needless_pass_by_value)]

#[path = "model_derive/agreement.rs"]
mod agreement;
#[path = "model_derive/before.rs"]
mod before;
#[path = "model_derive/dumps.rs"]
mod dumps;
#[path = "model_derive/enums.rs"]
mod enums;
#[path = "model_derive/fields.rs"]
mod fields;
#[path = "model_derive/hygiene.rs"]
mod hygiene;
#[path = "model_derive/newtypes.rs"]
mod newtypes;
#[path = "model_derive/patches.rs"]
mod patches;
#[path = "model_derive/schemas.rs"]
mod schemas;
#[path = "model_derive/serializers.rs"]
mod serializers;
#[path = "model_derive/structs.rs"]
mod structs;
#[path = "model_derive/unions.rs"]
mod unions;

use std::fmt::Debug;

use aplomb::Model;
use aplomb::json::{Reader, Value, Writer};
use aplomb::model::{Constraints, Dump, Problems};
use aplomb::openapi::{Mode, Schemas};

/// What the fast reader makes of a text.
fn fast<T: Model>(text: &str) -> Option<T> {
    let mut reader = Reader::new(text);
    let value = T::read(&mut reader, &Constraints::NONE).ok()?;
    reader.end().ok().map(|()| value)
}

/// What the complete reader makes of a text; the fast one must not disagree.
fn read<T: Model + PartialEq + Debug>(text: &str) -> Result<T, Value> {
    let mut problems = Problems::new();
    let value = T::validate(&value(text), &Constraints::NONE, &mut problems);
    if let Some(fast) = fast::<T>(text) {
        assert_eq!(
            Some(&fast),
            value.as_ref(),
            "the readers disagree on {text}"
        );
    }
    match value {
        Some(value) => {
            assert!(
                problems.is_empty(),
                "{text} was read and has problems: {problems}"
            );
            Ok(value)
        }
        None => {
            assert!(!problems.is_empty(), "{text} was refused without a word");
            Err(problems
                .into_vec()
                .iter()
                .map(aplomb::model::Problem::to_value)
                .collect())
        }
    }
}

/// Checks that a text is refused with these problems.
#[track_caller]
fn refused<T: Model + PartialEq + Debug>(text: &str, problems: &str) {
    let found = read::<T>(text).unwrap_err();
    assert!(found.same(&value(problems)), "found: {found}");
}

/// What is written; the fast writer and the dump must agree.
fn written<T: Model>(model: &T) -> String {
    let mut writer = Writer::new();
    model.write(&mut writer);
    let text = String::from_utf8(writer.into_bytes()).unwrap();
    assert_eq!(text, model.dump(&Dump::ALL).to_string());
    text
}

/// The schema of a type and the named schemas it refers to.
fn schema<T: Model>(mode: Mode) -> (Value, Value) {
    let mut schemas = Schemas::new();
    let schema = schemas.in_mode(mode, |schemas| T::schema(schemas, &Constraints::NONE));
    let settled = schemas.finish();
    let mut schema = Value::Object(schema);
    settled.apply(&mut schema);
    let named = settled
        .schemas
        .into_iter()
        .map(|(name, schema)| (name, Value::Object(schema)));
    (schema, named.collect())
}

/// Checks a schema or a part of it.
#[track_caller]
fn same(found: &Value, expected: &str) {
    assert!(found.same(&value(expected)), "found: {found}");
}

fn value(text: &str) -> Value {
    text.parse().unwrap()
}
