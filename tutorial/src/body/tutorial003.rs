//! A body beside a path parameter.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    description: Option<String>,
    price: f64,
    tax: Option<f64>,
}

#[put("/items/{item_id}")]
async fn update_item(item_id: i64, item: Item) -> Value {
    let mut result = json!(item);
    result.insert("item_id", item_id);
    result
}

pub fn app() -> App {
    App::new().routes(routes![update_item])
}
