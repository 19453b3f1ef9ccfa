//! Parameters stand in any order, those with a title too.

use aplomb::prelude::*;

#[get("/items/{item_id}")]
async fn read_items(#[path(title = "The ID of the item to get")] item_id: i64, q: String) -> Value {
    let mut results = json!({"item_id": item_id});
    if !q.is_empty() {
        results.insert("q", q);
    }
    results
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
