//! A limit of a number in the body, and a query parameter beside it all.

use aplomb::prelude::*;

#[derive(Model)]
struct Item {
    name: String,
    description: Option<String>,
    price: f64,
    tax: Option<f64>,
}

#[derive(Model)]
struct User {
    username: String,
    full_name: Option<String>,
}

#[put("/items/{item_id}")]
async fn update_item(
    item_id: i64,
    item: Item,
    user: User,
    #[body(gt = 0)] importance: i64,
    q: Option<String>,
) -> Value {
    let mut results = json!({
        "item_id": item_id,
        "item": item,
        "user": user,
        "importance": importance,
    });
    if let Some(q) = q.filter(|q| !q.is_empty()) {
        results.insert("q", q);
    }
    results
}

pub fn app() -> App {
    App::new().routes(routes![update_item])
}
