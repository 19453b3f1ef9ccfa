//! A body that is a map with integers for keys.

use std::collections::BTreeMap;

use aplomb::prelude::*;

#[post("/index-weights/")]
async fn create_index_weights(weights: BTreeMap<i64, f64>) -> Value {
    json!(weights)
}

pub fn app() -> App {
    App::new().routes(routes![create_index_weights])
}
