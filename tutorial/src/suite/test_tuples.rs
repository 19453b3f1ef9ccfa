//! Tuples in models, as bodies and in forms.

use aplomb::prelude::*;

#[derive(Model)]
struct ItemGroup {
    items: Vec<(String, String)>,
}

#[derive(Model)]
struct Coordinate {
    x: f64,
    y: f64,
}

#[post("/model-with-tuple/")]
async fn post_model_with_tuple(item_group: ItemGroup) -> Value {
    json!(item_group)
}

#[post("/tuple-of-models/")]
async fn post_tuple_of_models(square: (Coordinate, Coordinate)) -> Value {
    json!(square)
}

#[post("/tuple-form/")]
async fn hello(#[form] values: (i64, i64)) -> Value {
    json!(values)
}

pub fn app() -> App {
    App::new().routes(routes![post_model_with_tuple, post_tuple_of_models, hello])
}
