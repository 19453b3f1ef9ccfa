//! Text of limited length that may be absent.

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items(#[query(max_length = 50)] q: Option<String>) -> Value {
    let mut results = json!({"items": [{"item_id": "Foo"}, {"item_id": "Bar"}]});
    if let Some(q) = q.filter(|q| !q.is_empty()) {
        results.insert("q", q);
    }
    results
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
