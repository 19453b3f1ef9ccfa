//! A body that is a model or one with more fields.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: Option<String>,
}

#[derive(Model)]
struct ExtendedItem {
    name: Option<String>,
    age: i64,
}

#[derive(Model)]
#[model(untagged)]
enum Either {
    Extended(ExtendedItem),
    Item(Item),
}

#[post("/items/")]
async fn save_union_different_body(item: Either) -> Value {
    json!({"item": item})
}

pub fn app() -> App {
    App::new().routes(routes![save_union_different_body])
}
