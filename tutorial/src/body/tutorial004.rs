//! A body beside path and query parameters.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    description: Option<String>,
    price: f64,
    tax: Option<f64>,
}

#[put("/items/{item_id}")]
async fn update_item(item_id: i64, item: Item, q: Option<String>) -> Value {
    let mut result = json!(item);
    result.insert("item_id", item_id);
    if let Some(q) = q.filter(|q| !q.is_empty()) {
        result.insert("q", q);
    }
    result
}

pub fn app() -> App {
    App::new().routes(routes![update_item])
}
