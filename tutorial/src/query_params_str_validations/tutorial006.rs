//! A required text of a least length.

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items(#[query(min_length = 3)] q: String) -> Value {
    let mut results = json!({"items": [{"item_id": "Foo"}, {"item_id": "Bar"}]});
    if !q.is_empty() {
        results.insert("q", q);
    }
    results
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
