//! A map in a model.

use std::collections::BTreeMap;

use aplomb::prelude::*;

#[derive(Model)]
struct Items {
    items: BTreeMap<String, i64>,
}

#[post("/foo")]
async fn foo(items: Items) -> Value {
    json!(items.items)
}

pub fn app() -> App {
    App::new().routes(routes![foo])
}
