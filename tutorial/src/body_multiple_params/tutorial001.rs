//! A body that may be absent.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    description: Option<String>,
    price: f64,
    tax: Option<f64>,
}

#[put("/items/{item_id}")]
async fn update_item(
    #[path(title = "The ID of the item to get", ge = 0, le = 1000)] item_id: i64,
    q: Option<String>,
    item: Option<Item>,
) -> Value {
    let mut results = json!({"item_id": item_id});
    if let Some(q) = q.filter(|q| !q.is_empty()) {
        results.insert("q", q);
    }
    if let Some(item) = item {
        results.insert("item", json!(item));
    }
    results
}

pub fn app() -> App {
    App::new().routes(routes![update_item])
}
