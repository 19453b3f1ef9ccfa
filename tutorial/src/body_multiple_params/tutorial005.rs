//! A single model that stands under its name in the body.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    description: Option<String>,
    price: f64,
    tax: Option<f64>,
}

#[put("/items/{item_id}")]
async fn update_item(item_id: i64, #[body(embed)] item: Item) -> Value {
    json!({"item_id": item_id, "item": item})
}

pub fn app() -> App {
    App::new().routes(routes![update_item])
}
