//! A body that is one model or another.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: Option<String>,
}

#[derive(Model)]
struct OtherItem {
    price: i64,
}

#[derive(Model)]
#[model(untagged)]
enum Either {
    Other(OtherItem),
    Item(Item),
}

#[post("/items/")]
async fn save_union_body(item: Either) -> Value {
    json!({"item": item})
}

pub fn app() -> App {
    App::new().routes(routes![save_union_body])
}
