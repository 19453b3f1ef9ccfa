//! Answers without what was not set, equals its default or is null.

use aplomb::model::Patch;
use aplomb::prelude::*;

#[derive(Model)]
struct SubModel {
    #[field(default = Some("foo".to_owned()))]
    a: Option<String>,
}

#[derive(Model)]
#[model(rename = "Model")]
struct Outer {
    x: Option<i64>,
    sub: Patch<SubModel>,
}

#[derive(Model)]
struct ModelDefaults {
    w: Option<String>,
    x: Option<String>,
    #[field(default = "y")]
    y: String,
    #[field(default = "z")]
    z: String,
}

fn defaults() -> ModelDefaults {
    ModelDefaults {
        w: None,
        x: None,
        y: "y".to_owned(),
        z: "z".to_owned(),
    }
}

#[get("/", response_model = Patch<Outer>, response_model_exclude_unset)]
async fn get_root() -> Value {
    json!({"sub": {}, "y": 1, "z": 0})
}

#[get("/exclude_unset", response_model = Patch<ModelDefaults>, response_model_exclude_unset)]
async fn get_exclude_unset() -> Value {
    json!({"x": null, "y": "y"})
}

#[get("/exclude_defaults", response_model_exclude_defaults)]
async fn get_exclude_defaults() -> ModelDefaults {
    defaults()
}

#[get("/exclude_none", response_model_exclude_none)]
async fn get_exclude_none() -> ModelDefaults {
    defaults()
}

#[get(
    "/exclude_unset_none",
    response_model = Patch<ModelDefaults>,
    response_model_exclude_unset,
    response_model_exclude_none,
)]
async fn get_exclude_unset_none() -> Value {
    json!({"x": null, "y": "y"})
}

#[get(
    "/iterable_exclude_unset",
    response_model = Vec<Patch<ModelDefaults>>,
    response_model_exclude_unset,
)]
async fn get_iterable_exclude_unset() -> Value {
    json!([{"x": null, "y": "y"}])
}

#[get("/iterable_exclude_defaults", response_model_exclude_defaults)]
async fn get_iterable_exclude_defaults() -> Vec<ModelDefaults> {
    vec![defaults()]
}

#[get("/iterable_exclude_none", response_model_exclude_none)]
async fn get_iterable_exclude_none() -> Vec<ModelDefaults> {
    vec![defaults()]
}

pub fn app() -> App {
    App::new().routes(routes![
        get_root,
        get_exclude_unset,
        get_exclude_defaults,
        get_exclude_none,
        get_exclude_unset_none,
        get_iterable_exclude_unset,
        get_iterable_exclude_defaults,
        get_iterable_exclude_none
    ])
}
