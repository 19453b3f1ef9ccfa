//! A set of texts, which holds none twice.

use aplomb::prelude::*;
use indexmap::IndexSet;

#[derive(Model)]
struct Item {
    name: String,
    description: Option<String>,
    price: f64,
    tax: Option<f64>,
    #[field(default)]
    tags: IndexSet<String>,
}

#[put("/items/{item_id}")]
async fn update_item(item_id: i64, item: Item) -> Value {
    json!({"item_id": item_id, "item": item})
}

pub fn app() -> App {
    App::new().routes(routes![update_item])
}
