//! Parameters stand in any order.

use aplomb::prelude::*;

#[get("/items/{item_id}")]
async fn read_items(q: String, #[path(title = "The ID of the item to get")] item_id: i64) -> Value {
    let mut results = json!({"item_id": item_id});
    if !q.is_empty() {
        results.insert("q", q);
    }
    results
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
